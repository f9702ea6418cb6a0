// Definitions of the kinds that studies have, each with the size that it must reach and something in every column. They are
// Python, as studies are, in `definitions/`, and are not imported by anything else but the benchmark.
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runDataset, runMeasures, withFileTables, type Tables } from '@glovebox/engines';
import {
  evaluateDefinition,
  type Column,
  type DatasetDefinition,
  type MeasuresDefinition,
  type Nullable,
} from '@glovebox/language';
import { expect, test } from 'vitest';
import { dateOrder } from './date-order.js';
import { generateDummyTables, type Shortfall } from './generate-dummy-tables.js';

const folder = fileURLToPath(new URL('../../definitions', import.meta.url));
const files = readdirSync(folder).filter((file) => file.endsWith('.py'));
const patients = 1000;
/** How many patients the file has that some populations are limited to. */
const matched = 400;
/** Made the same for all by the definition itself. */
const oneValue = new Set(['additional_constraint.py sex']);

async function load(file: string): Promise<DatasetDefinition | MeasuresDefinition> {
  const evaluation = await evaluateDefinition({ file, args: [], kind: 'any', directory: folder });
  if (!evaluation.ok || evaluation.definition.kind === 'test') throw new Error(`${file} is no definition of data`);
  return withFileTables(evaluation.definition, folder);
}

test('there are definitions of at least forty kinds', () => {
  expect(files.length).toBeGreaterThanOrEqual(40);
});

test.each(files)(
  '%s gets a thousand patients, quickly, with something in every column',
  async (file) => {
    const definition = await load(file);
    const shortfalls: Shortfall[] = [];
    const before = process.cpuUsage();
    const tables = generateDummyTables(definition, {
      populationSize: patients,
      onShortfall: (shortfall) => shortfalls.push(shortfall),
    });
    // Processor time: a busy machine takes longer, but not more of it.
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1e6).toBeLessThan(10);
    const isMatched = file.startsWith('case_control');
    expect(shortfalls.map(({ found }) => found)).toEqual(isMatched ? [matched] : []);
    expectPlausible(tables);
    if (definition.kind === 'measures') return expectCounts(definition, tables);
    const [dataset, ...eventTables] = runDataset(definition, tables);
    expect(dataset!.rows.length).toBe(isMatched ? matched : patients);
    for (const table of eventTables) expect(table.rows.length).toBeGreaterThan(patients / 2);
    const trivial = dataset!.columns.filter(({ name }, at) => {
      const values = new Set(dataset!.rows.map((row) => row[at]).filter((value) => value !== null));
      return values.size < 2 && !oneValue.has(`${file} ${name}`);
    });
    expect(trivial.map(({ name }) => name)).toEqual([]);
  },
  180_000,
);

/** What they say of a death may differ. */
const registers = new Set(['patients', 'ons_deaths']);

/** Records lie within lives but for a few, and dates keep the order that the facts of their table give. */
function expectPlausible(tables: Tables): void {
  const lives = new Map<bigint, readonly Nullable[]>();
  const dateAt = (name: string, columns: readonly Column[]): number =>
    columns.findIndex((column) => column.name === name) + 1;
  const { columns: ofPatients = [], rows: people = [] } = tables.get('patients') ?? {};
  const [birth, death] = ['date_of_birth', 'date_of_death'].map((name) => dateAt(name, ofPatients));
  for (const row of people) lives.set(row[0], [birth ? row[birth]! : null, death ? row[death]! : null]);
  for (const [name, { columns, rows }] of tables) {
    const dates = columns.filter(({ type }) => type === 'date').map((column) => column.name);
    let outside = 0;
    for (const row of rows) {
      const [born, died] = lives.get(row[0]) ?? [];
      for (const date of dates) {
        const day = row[dateAt(date, columns)] ?? null;
        if (day === null) continue;
        if (!registers.has(name) && ((born && day < born) || (died && day > died))) outside++;
        for (const earlier of dateOrder(name, date, columns).earlier) {
          const at = dateAt(earlier, columns);
          const before = at === 0 ? null : row[at]!;
          if (before !== null && before > day) expect.fail(`${name}.${date} is ${day}, before ${earlier} ${before}`);
        }
      }
    }
    expect([name, outside / (rows.length + 1) < 0.02]).toEqual([name, true]);
  }
}

/** Each measure counts somebody, in more than one interval, and not everybody. */
function expectCounts(definition: MeasuresDefinition, tables: ReturnType<typeof generateDummyTables>): void {
  const rows = runMeasures({ ...definition, disclosureControl: false }, tables);
  for (const measure of definition.measures) {
    const own = rows.filter((row) => row.measure.name === measure.name);
    const counted = own.filter((row) => row.numerator > 0n);
    expect([measure.name, new Set(counted.map((row) => row.interval.start)).size > 1]).toEqual([measure.name, true]);
    expect([measure.name, own.some((row) => row.numerator !== row.denominator)]).toEqual([measure.name, true]);
  }
}

test('the same definition and seed give the same tables whatever the day and the time zone', async () => {
  const definition = await load('covid_admissions.py');
  const text = (): string =>
    JSON.stringify([...generateDummyTables(definition, { populationSize: 50 })], (_, value: unknown) =>
      typeof value === 'bigint' ? String(value) : value,
    );
  const { TZ } = process.env;
  const here = text();
  try {
    process.env['TZ'] = 'Pacific/Auckland';
    expect(text()).toBe(here);
  } finally {
    if (TZ === undefined) delete process.env['TZ'];
    else process.env['TZ'] = TZ;
  }
});

test("registrations of a patient don't overlap where nothing asks for it", async () => {
  for (const file of ['registration_history.py', 'adult_cohort.py']) {
    const definition = await load(file);
    const { columns, rows } = generateDummyTables(definition, { populationSize: 300 }).get('practice_registrations')!;
    const [start, end] = ['start_date', 'end_date'].map((name) => columns.findIndex((c) => c.name === name) + 1);
    const byPatient = new Map<bigint, (typeof rows)[number][]>();
    for (const row of rows) byPatient.set(row[0], [...(byPatient.get(row[0]) ?? []), row]);
    const overlapping = [...byPatient.values()].filter((own) => {
      const spans = own
        .map((row) => [String(row[start!]), row[end!] === null ? '9999' : String(row[end!])] as const)
        .sort(([a], [b]) => (a < b ? -1 : 1));
      return spans.some(([, last], at) => spans[at + 1] && last >= spans[at + 1]![0]);
    });
    expect([...byPatient.values()].filter((own) => own.length > 1).length).toBeGreaterThan(30);
    expect([file, overlapping.length / byPatient.size < 0.02]).toEqual([file, true]);
  }
});

test('a time limit ends the search after the batch that exceeds it, and it is said', async () => {
  const definition = await load('covid_tests.py');
  const shortfalls: Shortfall[] = [];
  let seconds = 0;
  const tables = generateDummyTables(
    { ...definition, dummyData: { populationSize: 5000, timeoutSeconds: 5 } },
    { clock: () => (seconds += 2), onShortfall: (shortfall) => shortfalls.push(shortfall) },
  );
  expect(shortfalls).toMatchObject([{ wanted: 5000, timeoutSeconds: 5 }]);
  expect(shortfalls[0]!.found).toBeGreaterThan(0);
  expect(tables.get('sgss_covid_all_tests')!.rows.length).toBeGreaterThan(0);
});

test('the older kind of dummy data has up to sixteen rows a table, hardly a NULL, and mostly recent dates', async () => {
  const definition = await load('outpatients.py');
  const made = (legacy: boolean) =>
    generateDummyTables({ ...definition, dummyData: { populationSize: 200, legacy } }).get('opa_diag')!.rows;
  const nulls = (rows: ReturnType<typeof made>): number => rows.flat().filter((value) => value === null).length;
  expect(made(true).length).toBeGreaterThan(made(false).length * 2);
  expect(nulls(made(false))).toBeGreaterThan(0);
  expect(nulls(made(true))).toBe(0);
  const events = await load('comorbidities.py');
  const { columns, rows } = generateDummyTables({ ...events, dummyData: { populationSize: 200, legacy: true } }).get(
    'clinical_events',
  )!;
  const at = columns.findIndex(({ type }) => type === 'date') + 1;
  const dates = rows.map((row) => String(row[at])).sort();
  const years = (share: number): number => Number(dates[Math.floor((dates.length - 1) * share)]!.slice(0, 4));
  expect([years(1) - years(0.5) <= 2, years(0.5) - years(0) >= 3]).toEqual([true, true]);
});
