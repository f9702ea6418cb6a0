// Reads the log of an action while it runs and afterwards: from any offset, complete from the start, or its end first. Offsets
// are bytes of the file as it is kept, so what was read once need not be read again. For the secure side only.
import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface LogPiece {
  readonly bytes: Buffer;
  /** Where it begins. Less than where the last piece ended when the job was started again and its log with it. */
  readonly offset: number;
}

export interface LogReading {
  /** The first byte wanted; 0 for all of it. */
  readonly from: number;
  /** Goes on until the job has ended. */
  readonly isFollowing: boolean;
}

const pieceBytes = 256 * 1024;
const lookMilliseconds = 200;

/** @returns undefined when there is no such log */
async function readPiece(path: string, offset: number): Promise<{ bytes: Buffer; size: number } | undefined> {
  const handle = await open(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (!handle) return undefined;
  try {
    const { size } = await handle.stat();
    const room = Buffer.alloc(Math.max(0, Math.min(pieceBytes, size - offset)));
    const { bytesRead } = await handle.read(room, 0, room.length, offset);
    return { bytes: room.subarray(0, bytesRead), size };
  } finally {
    await handle.close();
  }
}

/**
 * Yields the log of a job piece by piece, and ends at its end: when it is not followed, what is there now; otherwise when the
 * job is complete, or when nothing of it is kept any more because it was stopped.
 *
 * @param folder the job's (OutputStore.jobFolder)
 */
export async function* readLog(folder: string, { from, isFollowing }: LogReading): AsyncGenerator<LogPiece> {
  const path = join(folder, 'log.txt');
  for (let offset = from; ;) {
    // Asked first, so that nothing which was written before the job completed is missed.
    const isComplete = existsSync(join(folder, 'manifest.json'));
    const piece = await readPiece(path, offset);
    if (piece === undefined) return;
    if (piece.size < offset && offset > from) {
      offset = 0;
      continue;
    }
    if (piece.bytes.length > 0) {
      yield { bytes: piece.bytes, offset };
      offset += piece.bytes.length;
    } else if (isComplete || !isFollowing) return;
    else await sleep(lookMilliseconds);
  }
}

/**
 * Where the last `lines` lines of a log begin.
 *
 * @returns 0 when it has no more, or there is none
 */
export async function tailOffset(folder: string, lines: number): Promise<number> {
  const path = join(folder, 'log.txt');
  const size = (await readPiece(path, 0))?.size ?? 0;
  let found = 0;
  for (let end = size; end > 0;) {
    const start = Math.max(0, end - pieceBytes);
    const bytes = (await readPiece(path, start))?.bytes.subarray(0, end - start) ?? Buffer.alloc(0);
    for (let i = bytes.length - 1; i >= 0; i--) {
      // The end of the last line begins none.
      if (bytes[i] !== 0x0a || start + i === size - 1) continue;
      found += 1;
      if (found === lines) return start + i + 1;
    }
    end = start;
  }
  return 0;
}
