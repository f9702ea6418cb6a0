// The connection to a Docker engine on this machine, and whether that engine can confine.
import { readFile } from 'node:fs/promises';
import type Docker from 'dockerode';
import { ProblemError, type Problem } from '@glovebox/record';
import { problem } from '../problems.js';

/** Whether the engine answered a question with this HTTP status. */
export const isStatus = (error: unknown, ...statuses: number[]): boolean =>
  statuses.includes((error as { statusCode?: number }).statusCode ?? 0);

/** Whether nothing answered at the engine's socket, or it broke off: the engine ended, or is being started again. */
export const isGone = (error: unknown): boolean =>
  ['ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'EPIPE'].includes((error as NodeJS.ErrnoException).code ?? '');

/** The library is loaded on first use, because whoever confines with something else must not pay for it. */
export async function connect(socketPath: string): Promise<Docker> {
  const { default: Client } = await import('dockerode');
  return new Client({ socketPath });
}

/** The engine's own words are kept as the cause; they may hold paths of the host. */
export function unreachable(socketPath: string, cause: unknown): ProblemError {
  const code = (cause as NodeJS.ErrnoException | undefined)?.code;
  const detail = code ?? (cause instanceof Error ? cause.message.trim() : String(cause));
  return Object.assign(new ProblemError(problem('engine-unreachable', [socketPath, detail])), { cause });
}

interface EngineInfo {
  readonly OSType?: string;
  readonly NCPU?: number;
  readonly MemoryLimit?: boolean;
  readonly SwapLimit?: boolean;
  readonly PidsLimit?: boolean;
  readonly CpuCfsQuota?: boolean;
  readonly SecurityOptions?: readonly string[];
}

export interface EngineFitness {
  readonly processors: number;
  readonly refused: Problem | undefined;
}

/** @throws ProblemError when nothing answers at the socket */
export async function examine(engine: Docker, socketPath: string): Promise<EngineFitness> {
  let info: EngineInfo;
  try {
    info = (await engine.info()) as EngineInfo;
  } catch (error) {
    throw unreachable(socketPath, error);
  }
  const security = (info.SecurityOptions ?? []).map((option) => /^name=([a-z]+)/.exec(option)?.[1]);
  const hasSwap = (await readFile('/proc/swaps', 'utf8').catch(() => '')).trim().split('\n').length > 1;
  const wanting: readonly (readonly [boolean, string])[] = [
    [info.OSType !== 'linux', 'it does not run Linux containers'],
    [!security.includes('seccomp'), "it can't filter system calls"],
    // Files that an action writes would belong to a user whom the agent is not.
    [security.includes('rootless') || security.includes('userns'), 'it maps users to others'],
    [info.MemoryLimit !== true, "it can't limit memory"],
    [info.SwapLimit !== true && hasSwap, "it can't keep a container out of swap"],
    [info.PidsLimit !== true, "it can't limit processes"],
    [info.CpuCfsQuota !== true, "it can't limit processor time"],
  ];
  const found = wanting.find(([isWanting]) => isWanting);
  return { processors: info.NCPU ?? 1, refused: found && problem('engine-unfit', [found[1]]) };
}
