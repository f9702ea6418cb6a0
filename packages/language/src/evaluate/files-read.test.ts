// Which files a definition read is said by its own process, and a hostile one says anything.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { filesRead } from './files-read.js';

const root = mkdtempSync(join(tmpdir(), 'glovebox-read-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const study = join(root, 'study');
mkdirSync(study);
writeFileSync(join(root, 'secret.txt'), 'secret');
writeFileSync(join(study, 'a.csv'), 'x');
symlinkSync(join(root, 'secret.txt'), join(study, 'link.csv'));
execFileSync('mkfifo', [join(study, 'pipe')]);

const digestsOf = async (answer: Readonly<Record<string, unknown>>) =>
  filesRead(answer, (path) => path, { file: 'definition.py', directory: study, withDigests: true });

test('only files of the study are read for their digest, each once, and nothing that never ends', async () => {
  const files = ['a.csv', 'a.csv', '../secret.txt', 'link.csv', '/etc/hostname', 'pipe', '.', 'gone.csv', 7, null];
  const read = await digestsOf({ files, absent: 'not a list', lists_folders: 'perhaps' });
  const digest = '2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881';
  expect(read.files).toEqual([
    { path: 'a.csv', isThere: true, digest },
    ...['../secret.txt', 'link.csv', '/etc/hostname', 'pipe', '.', 'gone.csv'].map((path) => ({ path, isThere: true })),
  ]);
  // What isn't known is taken for the worse: that it listed one.
  expect(read.listsFolders).toBe(true);
});

test('nothing at all is no files', async () => {
  expect(await digestsOf({})).toEqual({ files: [], listsFolders: true });
});
