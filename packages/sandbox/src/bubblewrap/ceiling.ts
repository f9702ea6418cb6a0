// Limits on processes and memory that a command can't get past, held by the kernel where this process is root.
//
// The kernel's ordinary limits spare root, and the watch (supervise.ts) looks only now and then: on a busy machine a command that
// does nothing but fork could get ahead of it. Nor does the watch see memory that no process holds: what waits in sockets and
// pipes, or in files without a name. The ceilings stand above the limits, because the kernel counts threads and its own part of
// the memory too, so the watch still is what ends the command. Control groups of processes that died before they could remove
// them are removed by the next.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Limits } from '@glovebox/record';

export interface Ceiling {
  /** Puts a process, and all that it will start, below the ceiling. */
  hold(pid: number): void;
  readonly folders: readonly string[];
  /** Whether the kernel counts their memory. */
  holdsMemory(): boolean;
  /** Whether the kernel ended a process for want of memory. */
  hasRunOut(): boolean;
  /** To be called when all of them have ended. */
  remove(): Promise<void>;
}

/** A folder in which control groups are made, and what is written into each. */
interface Place {
  readonly parent: string;
  readonly settings: readonly (readonly [file: string, value: number])[];
}

const root = '/sys/fs/cgroup';
const prefix = 'glovebox-';
const spareBytes = 2 ** 26;
let made = 0;

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function placesFor({ processes, memoryBytes }: Limits): Place[] {
  if (process.getuid?.() !== 0) return [];
  const [most, bytes] = [processes * 4 + 64, memoryBytes + spareBytes];
  const passedDown = read(join(root, 'cgroup.subtree_control')).split(/\s+/);
  const ofTwo = [
    ...(passedDown.includes('pids') ? [['pids.max', most] as const] : []),
    ...(passedDown.includes('memory') ? [['memory.max', bytes] as const, ['memory.swap.max', 0] as const] : []),
  ];
  return [
    { parent: join(root, 'pids'), settings: [['pids.max', most] as const] },
    { parent: join(root, 'memory'), settings: [['memory.limit_in_bytes', bytes] as const] },
    ...(ofTwo.length > 0 ? [{ parent: root, settings: ofTwo }] : []),
  ].filter(({ parent }) => existsSync(join(parent, 'cgroup.procs')));
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

/** Writes what it can: without accounting of swap, for example, there is no such file. */
function write(path: string, value: number): boolean {
  try {
    writeFileSync(path, String(value));
    return true;
  } catch {
    return false;
  }
}

/** @returns the folder of a new control group, or none where it can't be had */
function makeGroup(name: string, { parent, settings }: Place): string[] {
  const folder = join(parent, name);
  try {
    removeAbandoned(parent);
    mkdirSync(folder);
  } catch {
    return [];
  }
  for (const [file, value] of settings) write(join(folder, file), value);
  return [folder];
}

/** The kernel lets go of the last process a moment after its end was told. */
async function removeGroup(folder: string): Promise<void> {
  for (let i = 0; i < 50; i++) {
    try {
      rmdirSync(folder);
      return;
    } catch {
      await pause(20);
    }
  }
}

/** @param limits that the watch holds; where there is nothing to hold them with, the watch is all there is */
export function openCeiling(limits: Limits): Ceiling {
  const name = `${prefix}${process.pid}-${(made += 1)}`;
  const folders = placesFor(limits).flatMap((place) => makeGroup(name, place));
  return {
    folders,
    holdsMemory: () =>
      folders.some((folder) => ['memory.max', 'memory.limit_in_bytes'].some((file) => existsSync(join(folder, file)))),
    // A process that has ended already can't be held; how it ended is told by its exit.
    hold: (pid) => folders.forEach((folder) => write(join(folder, 'cgroup.procs'), pid)),
    hasRunOut: () =>
      folders.some((folder) =>
        ['memory.events', 'memory.oom_control'].some((file) => /^oom_kill [1-9]/m.test(read(join(folder, file)))),
      ),
    remove: async () => void (await Promise.all(folders.map(removeGroup))),
  };
}
