// Runs the commands of spec/studies/ as a researcher would, in the folder of the study: once over the tables as dummy data
// and once over the same tables as a database, which is another engine.
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { session, type Session } from '../testing.js';
import { readStudy, tableCsv } from './read-study.js';

const folder = fileURLToPath(new URL('../../../../spec/studies/', import.meta.url));
const studies = readdirSync(folder)
  .filter((file) => file.endsWith('.md'))
  .sort()
  .map((file) => ({ file, study: readStudy(`spec/studies/${file}`, readFileSync(`${folder}${file}`, 'utf8')) }));

/** What the job would have been granted: every permission that a study claims. */
const granted = ['appointments', 'event_level_data', 'sgss_covid_all_tests', 'waiting_list'];

test('there are at least forty definitions, each run', () => {
  const definitions = studies.flatMap(({ study }) => study.runs.map(({ words }) => words[1]!));
  expect(new Set(definitions).size).toBeGreaterThanOrEqual(40);
});

describe.each(studies)('$file', ({ study }) => {
  const before = { directory: process.cwd(), permissions: process.env['EHRQL_PERMISSIONS'] };
  let opened: Session;
  beforeAll(() => {
    const tables = [...study.tables].map(([name, cells]) => [`tables/${name}.csv`, tableCsv(cells)] as const);
    opened = session(Object.fromEntries([...study.files, ...tables]));
    process.chdir(opened.folder);
  });
  afterAll(() => {
    process.chdir(before.directory);
    if (before.permissions === undefined) delete process.env['EHRQL_PERMISSIONS'];
    else process.env['EHRQL_PERMISSIONS'] = before.permissions;
    rmSync(opened.folder, { recursive: true, force: true });
  });

  test.each(study.runs.map((run) => ({ ...run, name: run.words.join(' ') })))(
    '$name, line $line',
    async ({ words, exitCode, lines }) => {
      process.env['EHRQL_PERMISSIONS'] = JSON.stringify(exitCode === 0 ? granted : []);
      const [command = '', ...rest] = words;
      // What is refused is refused before there is an engine.
      for (const data of exitCode === 0 ? ['--dummy-tables', '--dsn'] : ['--dummy-tables']) {
        const run = await opened.run('ehrql', command, data, 'tables', ...rest);
        expect(run.exitCode, run.error).toBe(exitCode);
        if (exitCode === 0) expect(run.out.split(/\r?\n/).slice(0, -1), data).toEqual(lines);
        else for (const part of lines) expect(run.error).toContain(part);
      }
    },
    120_000,
  );
});
