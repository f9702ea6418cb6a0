// Which executors work on this machine, tried and not guessed, and which images a Docker engine has for them.
import { rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { renderProblem, type Sandbox } from '@glovebox/record';
import { bubblewrapSandbox, dockerSandbox, listLocalImages, slurmSandbox } from '@glovebox/sandbox';
import { dockerSocket, imagePrefix } from '../run/executor.js';

export interface ExecutorReport {
  readonly name: string;
  readonly works: boolean;
  /** Why not, and what to change. */
  readonly reason?: string;
  /** Images of studies that it has, by name. */
  readonly images?: readonly string[];
}

const trialSeconds = 30;

export async function examineExecutors(): Promise<readonly ExecutorReport[]> {
  // Where clusters are, home folders are what every node sees.
  const shared = join(homedir(), '.cache', 'glovebox', `info-${process.pid}`);
  const owner = `glovebox-info-${process.pid}`;
  const slurm = slurmSandbox({ owner, folder: shared, longestTrialWaitSeconds: trialSeconds });
  try {
    return await Promise.all([
      examine(bubblewrapSandbox()),
      examine(dockerSandbox({ owner, socketPath: dockerSocket() })).then(withImages),
      examine(slurm),
    ]);
  } finally {
    await rm(shared, { recursive: true, force: true });
  }
}

async function examine(sandbox: Sandbox): Promise<ExecutorReport> {
  const refusal = await sandbox.probe();
  return { name: sandbox.name, works: !refusal, ...(refusal ? { reason: renderProblem(refusal) } : {}) };
}

async function withImages(report: ExecutorReport): Promise<ExecutorReport> {
  if (!report.works) return report;
  const prefix = imagePrefix();
  const names = await listLocalImages(dockerSocket());
  return {
    ...report,
    images: names.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length)),
  };
}
