// The folder through which one command goes to a node of the cluster, and what it prints comes back. It is never mounted
// into the command's own file system.
import { closeSync, existsSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { open, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ConfinedCommand, ConfinedResult, Problem } from '@glovebox/record';
import { encodeFrame, takeFrames, type FrameKind } from './frames.js';

/** What of a command stays with whoever asked for it. */
export type Listening = 'onOutput' | 'onMemory' | 'signal';

/** What the node is to run: a command, or the trial of its own confinement. */
export type Order = { readonly trial: true } | { readonly command: Omit<ConfinedCommand, Listening> };

export type Ending =
  | { readonly result: ConfinedResult }
  | { readonly refused: readonly Problem[] }
  | { readonly fault: string };

const orderFile = (folder: string): string => join(folder, 'order.json');
const outputFile = (folder: string, number: number): string => join(folder, `output-${number}`);

/** Where Slurm puts what its own script and the node's program complain about. */
export const complaintFile = (folder: string): string => join(folder, 'complaint');

const longestFile = 8 * 2 ** 20;
/** Files that may lie there unread. With an agent that died nobody reads them. */
const mostUnread = 128;
const readBytes = 2 ** 20;
const largestFrame = readBytes / 2;

/** To be called before the job is submitted. */
export async function writeOrder(folder: string, order: Order): Promise<void> {
  await writeFile(orderFile(folder), JSON.stringify(order), { mode: 0o600 });
  await writeFile(outputFile(folder, 0), '', { mode: 0o600 });
}

export const readOrder = async (folder: string): Promise<Order> =>
  JSON.parse(await readFile(orderFile(folder), 'utf8')) as Order;

/**
 * The node's side. Writes at once; `flush` makes others see it.
 *
 * @param most files that may lie there unread
 */
export function openWriter(folder: string, most = mostUnread) {
  let number = 0;
  let written = 0;
  let isFlushed = true;
  let descriptor = openSync(outputFile(folder, number), 'a', 0o600);
  function append(kind: FrameKind, content: Buffer): void {
    const bytes = encodeFrame(kind, content);
    for (let at = 0; at < bytes.length;) at += writeSync(descriptor, bytes, at);
    written += bytes.length;
    isFlushed = false;
  }
  function flush(): void {
    if (!isFlushed) fsyncSync(descriptor);
    isFlushed = true;
  }
  return {
    write(content: Buffer, stream: 'stdout' | 'stderr'): void {
      for (let at = 0; at < content.length; at += largestFrame) append(stream, content.subarray(at, at + largestFrame));
      if (written < longestFile) return;
      const following = openSync(outputFile(folder, number + 1), 'a', 0o600);
      append('next', Buffer.alloc(0));
      closeSync(descriptor);
      [descriptor, number, written, isFlushed] = [following, number + 1, 0, true];
    },
    tellMemory: (bytes: number): void => append('memory', Buffer.from(String(bytes))),
    flush,
    /** Whether more lies there than may; what is printed then would only fill the disk. */
    isUnread: (): boolean => number >= most && existsSync(outputFile(folder, number - most)),
    end(ending: Ending): void {
      append('end', Buffer.from(JSON.stringify(ending)));
      flush();
      closeSync(descriptor);
    },
  };
}

/** The agent's side. */
export function openReader(folder: string, { onOutput, onMemory }: Pick<ConfinedCommand, 'onOutput' | 'onMemory'>) {
  let number = 0;
  let offset = 0;
  return {
    /**
     * Passes on what came since the last look.
     *
     * @returns how it ended, once that is there
     */
    async look(): Promise<Ending | undefined> {
      for (;;) {
        const bytes = await readFrom(outputFile(folder, number), offset);
        const { frames, taken } = takeFrames(bytes);
        offset += taken;
        for (const { kind, content } of frames) {
          if (kind === 'end') return JSON.parse(content.toString('utf8')) as Ending;
          if (kind === 'memory') onMemory?.(Number(content));
          else if (kind !== 'next') onOutput?.(content, kind);
        }
        if (frames.at(-1)?.kind === 'next') {
          await rm(outputFile(folder, number), { force: true });
          [number, offset] = [number + 1, 0];
        } else if (taken === 0) return undefined;
      }
    },
  };
}

/** Opened anew, because a network file system shows what is new only then. */
async function readFrom(path: string, offset: number): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(readBytes), 0, readBytes, offset);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
