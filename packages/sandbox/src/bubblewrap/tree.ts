// Reads what a tree of processes uses from /proc: their number, memory and processor time.
//
// Orphans inside a sandbox become children of its first process, so walking down from bwrap finds every one. Memory is the
// sum of resident pages; pages shared between a process and its forks are counted once (Pss), but only looked at when the
// plain sum is above the limit, because that costs the kernel far more. Files in the private /tmp are memory too.
import { readFileSync, readdirSync, statfsSync } from 'node:fs';

export interface TreeUse {
  readonly processes: number;
  readonly memoryBytes: number;
  readonly cpuSeconds: number;
}

const pageBytes = 4096;
const ticksPerSecond = 100;

/** Undefined when the process has ended meanwhile. */
function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return undefined;
  }
}

export function childrenOf(pid: number): number[] {
  let threads: string[];
  try {
    threads = readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
  return threads.flatMap((thread) =>
    (read(`/proc/${pid}/task/${thread}/children`) ?? '').split(' ').filter(Boolean).map(Number),
  );
}

/** All processes below `root`, itself not included; stops soon after `most`. */
export function descendants(root: number, most: number): number[] {
  const found: number[] = [];
  const waiting = [root];
  for (let pid = waiting.pop(); pid !== undefined && found.length <= most; pid = waiting.pop()) {
    const children = childrenOf(pid);
    found.push(...children);
    waiting.push(...children);
  }
  return found;
}

function statOf(pid: number): { readonly residentBytes: number; readonly cpuSeconds: number } | undefined {
  const stat = read(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  // The name stands in brackets and may hold anything, so fields are counted from the last bracket.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = [11, 12, 13, 14].reduce((sum, i) => sum + Number(fields[i]), 0);
  return { residentBytes: Number(fields[21]) * pageBytes, cpuSeconds: ticks / ticksPerSecond };
}

function fairBytes(pid: number): number {
  const match = /^Pss:\s+(\d+) kB/m.exec(read(`/proc/${pid}/smaps_rollup`) ?? '');
  return match ? Number(match[1]) * 1024 : 0;
}

function scratchBytesUsed(pid: number, folders: readonly string[]): number {
  let bytes = 0;
  for (const folder of folders) {
    try {
      const { blocks, bfree, bsize } = statfsSync(`/proc/${pid}/root${folder}`);
      bytes += (blocks - bfree) * bsize;
    } catch {
      // The process has ended, or is not in its new root yet.
    }
  }
  return bytes;
}

/**
 * @param root the bwrap process
 * @param limitBytes above this the exact, costly reading is taken
 * @param scratch folders inside the sandbox that are held in memory
 */
export function measureTree(
  root: number,
  mostProcesses: number,
  limitBytes: number,
  scratch: readonly string[],
): TreeUse {
  const pids = descendants(root, mostProcesses);
  let resident = 0;
  let cpuSeconds = 0;
  for (const pid of pids) {
    const stat = statOf(pid);
    resident += stat?.residentBytes ?? 0;
    cpuSeconds += stat?.cpuSeconds ?? 0;
  }
  // The first descendant is the sandbox's own first process; its children live in the new root.
  const inside = pids[1];
  const files = inside === undefined ? 0 : scratchBytesUsed(inside, scratch);
  if (resident + files > limitBytes && pids.length <= mostProcesses) {
    resident = pids.reduce((sum, pid) => sum + fairBytes(pid), 0);
  }
  return { processes: pids.length, memoryBytes: resident + files, cpuSeconds };
}
