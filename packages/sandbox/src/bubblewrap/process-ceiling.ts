// A number of processes that a command can't get past, held by the kernel where this process is root.
//
// The kernel's ordinary limit spares root, and the watch (supervise.ts) looks only now and then: on a busy machine a command
// that does nothing but fork could get ahead of it. The ceiling stands above the limit, because the kernel counts
// threads here and the limit does not, so the watch still is what ends the command. Control groups of processes that died before they could remove them are removed by the next.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

export interface ProcessCeiling {
  /** Puts a process, and all that it will start, below the ceiling. */
  hold(pid: number): void;
  /** To be called when all of them have ended. */
  remove(): Promise<void>;
}

const versionOne = '/sys/fs/cgroup/pids';
const versionTwo = '/sys/fs/cgroup';
const prefix = 'glovebox-';
let made = 0;

function parentGroup(): string | undefined {
  if (process.getuid?.() !== 0) return undefined;
  if (existsSync(join(versionOne, 'cgroup.procs'))) return versionOne;
  try {
    const passedDown = readFileSync(join(versionTwo, 'cgroup.subtree_control'), 'utf8');
    return /\bpids\b/.test(passedDown) ? versionTwo : undefined;
  } catch {
    return undefined;
  }
}

function removeAbandoned(parent: string): void {
  for (const name of readdirSync(parent)) {
    const owner = /^glovebox-(\d+)-\d+$/.exec(name)?.[1];
    if (owner === undefined || existsSync(`/proc/${owner}`)) continue;
    try {
      rmdirSync(join(parent, name));
    } catch {
      // Another process is at it, or what was in it is just ending.
    }
  }
}

/**
 * @param processes the limit that the watch holds
 * @returns undefined where there is nothing to hold it with; the watch and the ordinary limit are then all there is
 */
export function processCeiling(processes: number): ProcessCeiling | undefined {
  const parent = parentGroup();
  if (parent === undefined) return undefined;
  const folder = join(parent, `${prefix}${process.pid}-${(made += 1)}`);
  try {
    removeAbandoned(parent);
    mkdirSync(folder);
    writeFileSync(join(folder, 'pids.max'), String(processes * 4 + 64));
  } catch {
    return undefined;
  }
  return {
    hold: (pid) => {
      try {
        writeFileSync(join(folder, 'cgroup.procs'), String(pid));
      } catch {
        // It has ended already; how is told by its exit.
      }
    },
    remove: async () => {
      // The kernel lets go of the last process a moment after its end was told.
      for (let i = 0; i < 50; i++) {
        try {
          rmdirSync(folder);
          return;
        } catch {
          await pause(20);
        }
      }
    },
  };
}
