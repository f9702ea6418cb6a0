// Keeps one action from filling the disk that the database, the outputs and every other job share.
import type { StatsFs } from 'node:fs';
import { statfs } from 'node:fs/promises';

type Disk = Pick<StatsFs, 'bavail' | 'blocks' | 'bsize' | 'files' | 'ffree'>;

const lookMilliseconds = 1000;
const mostReserve = 2 ** 30;

const mostFilesReserve = 100_000;

/** What must stay free: a gigabyte, or a twentieth of a small disk; and room for so many more files, where a disk counts them. */
export function hasReserve({ bavail, blocks, bsize, files, ffree }: Disk): boolean {
  const hasBytes = bavail * bsize >= Math.min(mostReserve, (blocks * bsize) / 20);
  return hasBytes && (files === 0 || ffree >= Math.min(mostFilesReserve, files / 20));
}

export interface DiskWatch {
  /** Aborts when the disk is nearly full. */
  readonly signal: AbortSignal;
  stop(): void;
}

/** @param folder any on the disk */
export function watchDisk(folder: string): DiskWatch {
  const full = new AbortController();
  const timer = setInterval(() => {
    statfs(folder).then(
      (disk) => hasReserve(disk) || full.abort(),
      () => undefined,
    );
  }, lookMilliseconds);
  return { signal: full.signal, stop: () => clearInterval(timer) };
}

/**
 * A file of holes is large only once it is copied, so outputs that would not fit are refused by their length.
 *
 * @throws Error with the code of a full disk
 */
export async function assertRoom(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (bytes < bavail * bsize * 0.9) return;
  throw Object.assign(new Error('the outputs would fill the disk'), { code: 'ENOSPC' });
}
