import { existsSync, mkdtempSync, readdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { pythonSnapshot } from './snapshot.js';

const cache = mkdtempSync(join(tmpdir(), 'glovebox-snapshot-'));
afterAll(() => rmSync(cache, { recursive: true, force: true }));

it('a snapshot is made beside those that others are making, and only old ones are removed', async () => {
  const file = (name: string): string => join(cache, name);
  writeFileSync(file('python-0a.snapshot'), '');
  utimesSync(file('python-0a.snapshot'), 0, 0);
  writeFileSync(file('python-0b.snapshot.one-being-made'), '');
  // What another process takes away in the same moment is there when the folder is listed and not when it is looked at.
  symlinkSync('nowhere', file('python-0c.snapshot.one-taken-away'));
  const path = (await pythonSnapshot(cache))!;
  expect(existsSync(path)).toBe(true);
  expect(await pythonSnapshot(cache)).toBe(path);
  expect(
    readdirSync(cache)
      .filter((name) => name.startsWith('python-0'))
      .sort(),
  ).toEqual(['python-0b.snapshot.one-being-made', 'python-0c.snapshot.one-taken-away']);
}, 180_000);
