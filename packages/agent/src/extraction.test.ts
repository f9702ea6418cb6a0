// The extraction as the agent starts it, with a program in place of `glovebox` that tells what it was given.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProblemError } from '@glovebox/record';
import { defaultOutputLimits, defaultRuntimes } from '@glovebox/execution';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Configuration } from './configuration.js';
import { extract } from './extraction.js';

let root: string;
let printed: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'glovebox-extraction-'));
  printed = '';
  for (const folder of ['workspace', 'scratch']) mkdirSync(join(root, folder));
  writeFileSync(join(root, 'glovebox'), '#!/bin/sh\necho "$@"\nenv\n', { mode: 0o755 });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const configuration = (database: Configuration['database']): Configuration => ({
  site: 'http://localhost',
  token: 'the-token',
  dataFolder: root,
  database,
  glovebox: join(root, 'glovebox'),
  allowedAddresses: [],
  allowedFolders: [],
  limits: { memoryBytes: 2 ** 28, processes: 20, fileBytes: 2 ** 20 },
  places: { database: 1, other: 1 },
  executor: { kind: 'bubblewrap' },
  runtimes: defaultRuntimes,
  workspaces: {},
  outputLimits: defaultOutputLimits,
  backend: 'tpp',
});

function start(database: Configuration['database'], usesDatabase: boolean, args = ['generate-dataset', 'd.py']) {
  const { limits } = configuration(database);
  const readsPatients = args[0] === 'generate-dataset';
  return extract(
    {
      args,
      readsPatients,
      folder: join(root, 'workspace'),
      scratch: join(root, 'scratch'),
      filesRead: join(root, 'files-read'),
      limits,
      onOutput: (chunk) => (printed += chunk.toString()),
      signal: new AbortController().signal,
    },
    configuration(database),
    usesDatabase,
    ['event_level_data'],
  );
}

const here = { path: '/secure/database.duckdb', release: 'r1' };

test('it never evaluates without confinement, spills into a folder of the job, and is told no secret', async () => {
  await start(here, true);
  expect(printed.split('\n')[0]).toBe('ehrql generate-dataset --dsn /secure/database.duckdb d.py');
  expect(printed).toContain('EHRQL_ISOLATE_USER_CODE=always\n');
  expect(printed).toContain(`TMPDIR=${join(root, 'scratch')}\n`);
  expect(printed).not.toContain('the-token');
});

test('a command that needs no patients is not given the database', async () => {
  await start(here, true, ['assure', 'd.py']);
  expect(printed.split('\n')[0]).toBe('ehrql assure d.py');
});

test.each([
  ['this backend has no database', null, true],
  ['the job is not one that queries it', here, false],
])('made-up patients never stand in for real ones: %s', async (_why, database, usesDatabase) => {
  await expect(start(database, usesDatabase)).rejects.toThrow(ProblemError);
  expect(printed).toBe('');
});
