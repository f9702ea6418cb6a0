import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openReader, openWriter, readOrder, writeOrder } from './exchange.js';
import { encodeFrame, takeFrames } from './frames.js';

const root = mkdtempSync(join(tmpdir(), 'glovebox-exchange-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

test('frames are taken when they are whole, and the rest is left', () => {
  const all = Buffer.concat([encodeFrame('stdout', Buffer.from('one')), encodeFrame('stderr', Buffer.from('two'))]);
  for (let length = 0; length <= all.length; length += 1) {
    const { frames, taken } = takeFrames(all.subarray(0, length));
    expect(frames.map(({ kind, content }) => `${kind} ${content.toString()}`)).toEqual(
      ['stdout one', 'stderr two'].slice(0, Math.floor(length / 8)),
    );
    expect(taken).toBe(Math.floor(length / 8) * 8);
  }
});

test('bytes that no node wrote are a fault', () => {
  expect(() => takeFrames(Buffer.from([200, 0, 0, 0, 0]))).toThrow('can not be read');
});

test('what a node writes arrives in order, also in the middle of it, and what was read does not pile up', async () => {
  const folder = mkdtempSync(join(root, 'job-'));
  const order = {
    command: {
      argv: ['/bin/true'],
      cwd: '/',
      env: {},
      mounts: [],
      limits: { memoryBytes: 1, processes: 1, fileBytes: 1 },
    },
  } as const;
  await writeOrder(folder, order);
  expect(await readOrder(folder)).toEqual(order);
  const writer = openWriter(folder);
  const seen = { stdout: 0, stderr: 0 };
  let isInOrder = true;
  const memory: number[] = [];
  const reader = openReader(folder, {
    onOutput(chunk, stream) {
      isInOrder &&= stream === 'stderr' || chunk.every((byte, i) => byte === (seen.stdout + i) % 251);
      seen[stream] += chunk.length;
    },
    onMemory: (bytes) => memory.push(bytes),
  });
  expect(await reader.look()).toBeUndefined();
  const piece = Buffer.alloc(251 * 10_000, Buffer.from(Array.from({ length: 251 }, (_, i) => i)));
  for (let i = 0; i < 12; i += 1) {
    writer.write(piece, 'stdout');
    if (i === 3) {
      writer.write(Buffer.from('wrong'), 'stderr');
      writer.tellMemory(2 ** 40);
      expect(await reader.look()).toBeUndefined();
      expect(seen).toEqual({ stdout: 4 * piece.length, stderr: 5 });
    }
  }
  const result = { usage: { wallSeconds: 1 }, ended: 'exited', exitCode: 0 } as const;
  writer.end({ result });
  expect(await reader.look()).toEqual({ result });
  expect({ ...seen, isInOrder, memory }).toEqual({
    stdout: 12 * piece.length,
    stderr: 5,
    isInOrder: true,
    memory: [2 ** 40],
  });
  expect(readdirSync(folder).filter((name) => name.startsWith('output-'))).toHaveLength(1);
});

test('what nobody reads is told from what is only read late', async () => {
  const folder = mkdtempSync(join(root, 'job-'));
  await writeOrder(folder, { trial: true });
  const writer = openWriter(folder, 2);
  const piece = Buffer.alloc(8 * 2 ** 20);
  writer.write(piece, 'stdout');
  expect(writer.isUnread()).toBe(false);
  writer.write(piece, 'stdout');
  expect(writer.isUnread()).toBe(true);
  await openReader(folder, {}).look();
  expect(writer.isUnread()).toBe(false);
});
