// The engines agree on definitions that nobody would write. A failure prints the smallest example found, as a researcher
// would write it, and the seed and path that bring it back: GLOVEBOX_SEED=... GLOVEBOX_PATH=... with the same command.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { ProblemError } from '@glovebox/record';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DatasetDefinition, MeasuresDefinition } from '@glovebox/language';
import { withFileTables } from '../files/file-tables.js';
import { dialects } from '../sql/dialects/index.js';
import { printDatasetSql } from '../sql/print-dataset.js';
import { startPostgres, strangersIn, type PostgresServer } from '@glovebox/testkit';
import { byReference, duckDbUnderTest, postgresUnderTest, type DatabaseUnderTest } from './engines.js';
import { generateDataset, generateMeasures, type Generated } from './generate-query.js';
import { filePath } from './generate-series.js';
import { difference, isOverflow, outcomeOf } from './outcome.js';
import { exampleText } from './query-text.js';
import { columns, type Draw } from './values.js';

/** Of all, three quarters are datasets; measures take several times as long. */
const examples = Number(process.env['GLOVEBOX_EXAMPLES'] ?? 2000);
const seed = Number(process.env['GLOVEBOX_SEED'] ?? 7);
/** For how long a failure is made smaller, in milliseconds. */
const longestShrinking = Number(process.env['GLOVEBOX_SHRINKING'] ?? 60_000);
const path = process.env['GLOVEBOX_PATH'];

const fileRows = `patient_id,${columns.map((column) => column.name).join()}
1,T,2,,0.5,ab,2020-01-01,,195967001,A01
3,F,-1,3,-2.5,,1999-12-31,2021-03-01,,"A011,B20"
8,,0,10,,b,,2000-02-29,409596002,
`;

let db: DatabaseUnderTest;
let folder: string;
beforeAll(async () => {
  db = await duckDbUnderTest();
  folder = await mkdtemp(join(tmpdir(), 'glovebox-differential-'));
  await writeFile(join(folder, filePath), fileRows);
});
afterAll(async () => {
  await db.close();
  await rm(folder, { recursive: true, force: true });
});

type AnyDefinition = DatasetDefinition | MeasuresDefinition;

const examplesOf = <D extends AnyDefinition>(generate: (draw: Draw) => Generated<D>): fc.Arbitrary<Generated<D>> =>
  fc.gen().map((g) => {
    const generated = generate((below) => g(fc.nat, below - 1));
    const text = (): string => `\n${exampleText(generated.definition, generated.tables)}\n`;
    return { ...generated, [fc.toStringMethod]: text };
  });

/** Runs a property on so many examples; `compare` says whether there was something to compare. */
async function forAll<D extends AnyDefinition>(
  count: number,
  generate: (draw: Draw) => Generated<D>,
  compare: (definition: D, tables: Generated<D>['tables'], number: number) => Promise<boolean>,
): Promise<void> {
  let [run, compared] = [0, 0];
  let failedAt: number | undefined;
  await fc.assert(
    fc.asyncProperty(examplesOf(generate), async ({ definition, tables }) => {
      run += 1;
      if (failedAt !== undefined && Date.now() - failedAt > longestShrinking) return;
      try {
        if (await compare(await withFileTables(definition, folder), tables, run)) compared += 1;
      } catch (error) {
        failedAt ??= Date.now();
        throw error;
      }
    }),
    { numRuns: count, seed, ...(path === undefined ? {} : { path }) },
  );
  if (path === undefined) expect(compared / run, 'examples that did not overflow').toBeGreaterThan(0.8);
}

const reasonOf = (error: unknown): string => String((error as Error).cause ?? error);

const agreeOnDatasets = (db: () => DatabaseUnderTest, count: number): Promise<void> =>
  forAll(count, generateDataset, async (definition, tables) => {
    const expected = await outcomeOf(async () => byReference.dataset(definition, tables));
    const found = await outcomeOf(() => db().dataset(definition, tables)).catch((error: unknown) => {
      throw new Error(`${reasonOf(error)}\n${db().sql(definition)}`, { cause: error });
    });
    if (isOverflow(expected) || isOverflow(found)) return false;
    const differs = difference(found, expected);
    if (differs !== undefined) throw new Error(`${differs}\n${db().sql(definition)}`);
    return true;
  });

const agreeOnMeasures = (db: () => DatabaseUnderTest, count: number): Promise<void> =>
  forAll(count, generateMeasures, async (definition, tables, number) => {
    const expected = await outcomeOf(async () => byReference.measures(definition, tables));
    const found = await outcomeOf(() => db().measures(definition, tables));
    if (isOverflow(expected) || isOverflow(found)) return false;
    expect(difference(found, expected)).toBeUndefined();
    if (number % 4 > 0 || 'problems' in found) return true;
    const [text, expectedText] = await db().measuresText(definition, found.tables[0]!);
    expect(text).toBe(expectedText);
    return true;
  });

test('DuckDB and the reference engine agree on generated datasets', { timeout: 1_800_000 }, () =>
  agreeOnDatasets(() => db, Math.ceil(examples * 0.75)),
);

test('DuckDB and the reference engine agree on generated measures, as rows and as text', { timeout: 1_800_000 }, () =>
  agreeOnMeasures(() => db, Math.floor(examples * 0.25)),
);

test('SQL for SQL Server and Trino uses only what those have', { timeout: 1_800_000 }, () =>
  forAll(Math.ceil(examples * 0.1), generateDataset, (definition) => {
    for (const name of ['mssql', 'trino'] as const) {
      try {
        expect(strangersIn(name, printDatasetSql(definition, dialects[name]))).toEqual([]);
      } catch (error) {
        if (!(error instanceof ProblemError)) throw error;
        if (name === 'trino' || error.problems[0]!.code !== 'float-not-storable') return Promise.resolve(false);
      }
    }
    return Promise.resolve(true);
  }),
);

describe('PostgreSQL and the reference engine agree', () => {
  let server: PostgresServer;
  let postgres: DatabaseUnderTest;
  beforeAll(async () => {
    server = await startPostgres();
    postgres = await postgresUnderTest(server.url);
  });
  afterAll(async () => {
    await postgres?.close();
    await server?.stop();
  });

  test('on generated datasets', { timeout: 1_800_000 }, () =>
    agreeOnDatasets(() => postgres, Math.ceil(examples * 0.1)),
  );
  test('on generated measures', { timeout: 1_800_000 }, () =>
    agreeOnMeasures(() => postgres, Math.ceil(examples * 0.025)),
  );
});
