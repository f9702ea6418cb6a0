import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { main } from '../../main.js';

let folder: string;
let out: string[];
let error: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'glovebox-synth-command-'));
  [out, error] = [[], []];
});
afterEach(() => rm(folder, { recursive: true }));

const run = (...args: string[]): Promise<number> =>
  main(['synth', ...args], {
    out: (text) => void out.push(text),
    error: (text) => void error.push(text),
    isInteractive: false,
  });

test('makes a database and names its data release', async () => {
  const target = join(folder, 'new', 'place');
  expect(await run('--patients', '20', '--out', target, '--seed', 'abc')).toBe(0);
  expect(out).toEqual([`${join(target, 'database.duckdb')}\n`]);
  expect((await readdir(target)).sort((a, b) => a.localeCompare(b))).toEqual(['database.duckdb', 'release.json']);
  expect(JSON.parse(await readFile(join(target, 'release.json'), 'utf8'))).toEqual({
    name: 'synthetic-abc-20',
    database: 'database.duckdb',
  });
  expect(error.join('')).toContain('clinical events\n');
});

test('a number of patients that is none is wrong usage, one out of range a problem', async () => {
  expect(await run('--patients', 'many', '--out', folder)).toBe(2);
  expect(error.join('')).toContain('A whole number is accepted.');
  expect(await run('--patients', '0', '--out', folder)).toBe(1);
  expect(error.join('')).toContain('The number of patients is 0; a whole number from 1 to 100000000 is accepted.');
  expect(await readdir(folder)).toEqual([]);
});
