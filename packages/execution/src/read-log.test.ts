import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readLog, tailOffset } from './read-log.js';

let folder: string;
const path = () => join(folder, 'log.txt');

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'glovebox-log-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function all(from: number): Promise<string> {
  let text = '';
  for await (const { bytes } of readLog(folder, { from, isFollowing: false })) text += bytes.toString();
  return text;
}

test('a log is read from the start or from any byte', async () => {
  const text = Array.from({ length: 50_000 }, (_, n) => `line ${n}\n`).join('');
  writeFileSync(path(), text);
  expect(await all(0)).toBe(text);
  expect(await all(300_000)).toBe(text.slice(300_000));
  expect(await all(text.length)).toBe('');
  expect(await all(text.length + 5)).toBe('');
});

test('its last lines are found, however long they are and however few there are', async () => {
  expect(await tailOffset(folder, 3)).toBe(0);
  const lines = ['a\n', `${'b'.repeat(600_000)}\n`, 'c\n', 'd\n'];
  writeFileSync(path(), lines.join(''));
  expect(await all(await tailOffset(folder, 1))).toBe('d\n');
  expect(await all(await tailOffset(folder, 3))).toBe(lines.slice(1).join(''));
  expect(await tailOffset(folder, 4)).toBe(0);
  expect(await tailOffset(folder, 99)).toBe(0);
  appendFileSync(path(), 'not yet whole');
  expect(await all(await tailOffset(folder, 2))).toBe('d\nnot yet whole');
});

test('followed, a log is read to its end as it grows, and ends when the job is complete', async () => {
  writeFileSync(path(), 'one\n');
  const pieces: string[] = [];
  for await (const { bytes, offset } of readLog(folder, { from: 0, isFollowing: true })) {
    pieces.push(`${offset} ${bytes.toString()}`);
    if (pieces.length === 1) appendFileSync(path(), 'two\n');
    if (pieces.length === 2) {
      appendFileSync(path(), 'three\n');
      writeFileSync(join(folder, 'manifest.json'), '{}');
    }
  }
  expect(pieces).toEqual(['0 one\n', '4 two\n', '8 three\n']);
});

test('a log that begins anew is read from its start again, and one that is gone has ended', async () => {
  writeFileSync(path(), 'of the first run, which was lost\n');
  const pieces: string[] = [];
  for await (const { bytes, offset } of readLog(folder, { from: 0, isFollowing: true })) {
    pieces.push(`${offset} ${bytes.toString()}`);
    if (pieces.length === 1) writeFileSync(path(), 'second\n');
    else rmSync(folder, { recursive: true });
  }
  expect(pieces).toEqual(['0 of the first run, which was lost\n', '0 second\n']);
});
