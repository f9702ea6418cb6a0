// What it takes to run one command where it can reach nothing that it was not given. The sandbox package implements
// this; execution, agent and evaluator only know this interface.
import type { Problem } from './problem.js';

/** A file or folder of the host that the command sees. Everything not mounted does not exist for it. */
export interface Mount {
  readonly from: string;
  /** Absolute path inside. */
  readonly to: string;
  readonly access: 'read' | 'write';
}

export interface Limits {
  /** Bytes of memory for all processes of the command together. */
  readonly memoryBytes: number;
  readonly processes: number;
  /** Bytes that one file may grow to. */
  readonly fileBytes: number;
  readonly wallSeconds?: number;
  /** Seconds of processor time of all its processes together. */
  readonly cpuSeconds?: number;
  /** How many processors it may keep busy, a whole number; all of the machine's when absent. */
  readonly processors?: number;
}

export interface ConfinedCommand {
  /** The program (absolute path inside) and its arguments; never a shell. */
  readonly argv: readonly [string, ...string[]];
  readonly cwd: string;
  /** The whole environment; nothing is inherited. An image adds what it was built with. */
  readonly env: Readonly<Record<string, string>>;
  /** The image (`name@sha256:...`) in which a sandbox of containers runs it; other sandboxes take no notice. */
  readonly image?: string;
  /** The job that it is run for, so that it can be told from others on this machine. */
  readonly job?: string;
  readonly mounts: readonly Mount[];
  readonly limits: Limits;
  /** Written to standard input, which is then closed. Default: empty. */
  readonly stdin?: string;
  /** Called with each piece of output as it comes. */
  readonly onOutput?: (chunk: Buffer, stream: 'stdout' | 'stderr') => void;
  /** Called now and then with the bytes of memory that all its processes hold at that moment. */
  readonly onMemory?: (bytes: number) => void;
  /** Aborting kills every process of the command. */
  readonly signal?: AbortSignal;
}

export interface Usage {
  readonly wallSeconds: number;
  readonly cpuSeconds?: number;
  readonly peakMemoryBytes?: number;
}

/** How a command ended. `memory` and `time` name the limit that it met; `killed` is any other signal. */
export type ConfinedResult = { readonly usage: Usage } & (
  | { readonly ended: 'exited'; readonly exitCode: number }
  | { readonly ended: 'memory' }
  | { readonly ended: 'time' }
  | { readonly ended: 'cancelled' }
  | { readonly ended: 'killed'; readonly signal: string }
);

/** Thrown when what ran a command was taken from under it, which says nothing about the command: it may be run again. */
export class CommandLost extends Error {}

export interface Sandbox {
  readonly name: string;
  /** Undefined when confinement works here; else what was found and what to change. Cached. */
  probe(): Promise<Problem | undefined>;
  /** The host's read-only system folders that a program of the host needs (for example /usr); none with images. */
  systemMounts(): readonly Mount[];
  /** Rejects with ProblemError when the command can't be started at all, and with CommandLost when it may be run again. */
  run(command: ConfinedCommand): Promise<ConfinedResult>;
  /**
   * Ends and removes what a process that died left running, where commands can outlive their starter. To be called before
   * the first run. Returns how many there were.
   */
  removeLeftovers?(): Promise<number>;
}
