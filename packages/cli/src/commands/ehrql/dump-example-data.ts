// `glovebox ehrql dump-example-data`: a folder of tables to learn and try things out with. The patients do not exist; they
// are the same on every machine.
import { outputPlace } from '@glovebox/engines';
import { generateDummyTables } from '@glovebox/synth';
import { tableCatalogue, type Column, type DatasetDefinition, type Table } from '@glovebox/language';
import type { Terminal } from '../../command-line.js';
import { info } from './log.js';
import { writeResults } from './write-results.js';

const patients = 100;

export async function dumpExampleData({ folder }: { readonly folder: string }, terminal: Terminal): Promise<void> {
  const tables = Object.values(tableCatalogue().namespaces['core']!).map(tableOf);
  const made = generateDummyTables(everythingIn(tables), {});
  const results = tables.map(({ name, columns }) => ({
    name,
    columns: [{ name: 'patient_id', type: 'int' } as const, ...columns],
    rows: once(ordered(made.get(name), columns)),
  }));
  await writeResults(results, outputPlace(`${folder}:csv`), terminal);
  info(terminal, `Wrote ${tables.length} tables of ${patients} patients who do not exist to ${folder}`);
}

function tableOf(key: string): Table {
  const { name, rows, columns } = tableCatalogue().tables[key]!;
  const plain = columns.map(({ name: column, type, categories }) => ({
    name: column,
    type,
    ...(categories ? { categories } : {}),
  }));
  return { kind: 'table', name, rows, columns: plain };
}

/** A dataset that reads every column of the tables, so that each of them is made up. */
function everythingIn(tables: readonly Table[]): DatasetDefinition {
  const named = tables.map((source) => ({
    name: source.name,
    rows: source.rows,
    columns: source.columns.map(({ name }) => ({ name, series: { kind: 'select_column', source, name } as const })),
  }));
  const registered = tables.find((table) => table.name === 'practice_registrations')!;
  return {
    kind: 'dataset',
    population: { kind: 'exists', source: registered },
    columns: named
      .filter((table) => table.rows === 'one')
      .flatMap((table) => table.columns.map(({ name, series }) => ({ name: `${table.name}_${name}`, series }))),
    eventTables: named.filter((table) => table.rows === 'many'),
    dummyData: { populationSize: patients },
  };
}

type Made = Awaited<ReturnType<typeof generateDummyTables>> extends ReadonlyMap<string, infer T> ? T : never;

/** The rows with their columns in the order of the table. */
function ordered(made: Made | undefined, columns: readonly Column[]): Made['rows'] {
  if (made === undefined) return [];
  const places = columns.map(({ name }) => made.columns.findIndex((column) => column.name === name) + 1);
  return made.rows.map((row) => [row[0], ...places.map((at) => (at === 0 ? null : row[at]!))]);
}

async function* once<T>(batch: T): AsyncGenerator<T> {
  yield batch;
}
