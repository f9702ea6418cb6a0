// Runs a case of spec/ on one engine and says how what comes out differs from what is expected.
import {
  csvHeader,
  csvLines,
  extractDataset,
  extractMeasures,
  measuresTable,
  openDuckDb,
  runDataset,
  runMeasures,
  openPostgres,
  type Database,
  type ResultTable,
  type Row,
  type TableResult,
  type Tables,
} from '@glovebox/engines';
import {
  storageOf,
  tablesUsed,
  type Column,
  type DatasetDefinition,
  type MeasuresDefinition,
  type Nullable,
  type SeriesType,
} from '@glovebox/language';
import type { SpecCase } from './cases.js';
import type { Cells } from './read-section.js';

export interface SpecEngine {
  readonly name: string;
  run(definition: DatasetDefinition | MeasuresDefinition, data: SpecData): Promise<readonly TableResult[]>;
  close(): void | Promise<void>;
}
export interface SpecData {
  readonly tables: Tables;
  readonly oneRowTables: ReadonlySet<string>;
}

export const referenceEngine: SpecEngine = {
  name: 'reference',
  run: (definition, { tables }) =>
    Promise.resolve().then(() =>
      definition.kind === 'measures'
        ? [measuresTable(definition, runMeasures(definition, tables))]
        : runDataset(definition, tables),
    ),
  close: () => {},
};

export const duckDbEngine = (): SpecEngine => databaseEngine('DuckDB', (data) => openDuckDb({ ...data, threads: 1 }));

/** @param url of a server whose database nobody else uses. */
export const postgresEngine = (url: string): SpecEngine =>
  databaseEngine('PostgreSQL', async ({ tables, oneRowTables }) => {
    const db = await openPostgres({ url });
    for (const [name, { columns, rows }] of tables) {
      // Of several rows for one patient the last counts.
      const kept = oneRowTables.has(name) ? [...new Map(rows.map((row) => [row[0], row])).values()] : rows;
      await db.upload({ name, columns: [{ name: 'patient_id', type: 'int' }, ...columns], rows: kept });
    }
    return db;
  });

/** A database that holds the tables of a case; it stays open for the next case, which often has the same. */
function databaseEngine(name: string, openWith: (data: SpecData) => Promise<Database>): SpecEngine {
  let open: { readonly key: string; readonly db: Database } | undefined;
  const close = async (): Promise<void> => {
    const before = open;
    open = undefined;
    await before?.db.close();
  };
  return {
    name,
    async run(definition, data) {
      const key = JSON.stringify([...data.tables], (_, value: unknown) =>
        typeof value === 'bigint' || typeof value === 'number' ? String(value) : value,
      );
      if (open?.key !== key) {
        await close();
        open = { key, db: await openWith(data) };
      }
      const { db } = open;
      const results =
        definition.kind === 'measures' ? [extractMeasures(db, definition)] : extractDataset(db, definition);
      const read: TableResult[] = [];
      try {
        for (const result of results) read.push(await inMemory(result));
      } catch (error) {
        // A transaction in which a statement failed is of no more use.
        await close();
        throw error;
      }
      return read;
    },
    close,
  };
}

async function inMemory({ name, columns, rows }: ResultTable): Promise<TableResult> {
  const all: (readonly Nullable[])[] = [];
  for await (const batch of rows) all.push(...batch);
  return { name, columns, rows: all };
}

/** The tables of a case that its definition uses, with the types that the definition gives their columns. */
export function dataOf({ tables, place }: SpecCase, definition: DatasetDefinition | MeasuresDefinition): SpecData {
  const used = tablesUsed(definition).tables;
  return {
    tables: new Map(
      used.map(({ name, columns }) => [name, { columns, rows: rowsOf(tables.get(name), columns, `${place} ${name}`) }]),
    ),
    oneRowTables: new Set(used.filter((table) => table.rows === 'one').map((table) => table.name)),
  };
}

function rowsOf(cells: Cells | undefined, columns: readonly Column[], place: string): readonly Row[] {
  const [id, ...names] = cells?.header ?? ['patient_id'];
  const unknown = names.filter((name) => !columns.some((column) => column.name === name));
  if (id !== 'patient_id' || unknown.length > 0)
    throw new Error(`${place}: expected patient_id and columns of the table, found ${[id, ...unknown].join()}`);
  return (cells?.rows ?? []).map((row) => [
    BigInt(row[0]!),
    ...columns.map(({ name, type }) => valueOf(row[names.indexOf(name) + 1 || row.length] ?? '', type)),
  ]);
}

/** A cell as a value; text stands as it is, or in quotes where it is empty or has spaces at its ends. */
export function valueOf(cell: string, type: SeriesType): Nullable {
  if (cell === '') return null;
  switch (storageOf(type)) {
    case 'boolean':
      if (cell !== 'T' && cell !== 'F') throw new Error(`expected T or F, found ${cell}`);
      return cell === 'T';
    case 'bigint':
      return BigInt(cell);
    case 'number':
      return Number(cell.replace('inf', 'Infinity').replace('nan', 'NaN'));
    case 'string':
      return cell.startsWith('"') ? (JSON.parse(cell) as string) : cell;
  }
}

/** Both sides in a form to compare: equal when they are the same but for the last digits of floats. */
export function comparison(
  { expectation }: SpecCase,
  results: readonly TableResult[],
): { readonly found: unknown; readonly expected: unknown } {
  if (expectation.kind === 'csv') {
    const lines = results.map(({ name, columns, rows }) => [
      name === 'measures' ? 'dataset' : name,
      (csvHeader(columns) + csvLines(columns)(rows)).split('\r\n').slice(0, -1),
    ]);
    return { found: Object.fromEntries(lines), expected: Object.fromEntries(expectation.tables) };
  }
  const { columns, rows } = results[0]!;
  if (expectation.kind === 'categories')
    return { found: columns.at(-1)?.categories?.join(', ') ?? '', expected: expectation.text };
  if (expectation.kind !== 'rows') return { found: rows, expected: expectation };
  const types = columns.map((column) => column.type);
  const expected = expectation.cells.rows.map((row) => types.map((type, i) => valueOf(row[i]!, type)));
  return {
    found: [
      columns.map((column) => column.name),
      ...rows.map((row, i) => row.map((v, j) => near(v, expected[i]?.[j]))),
    ],
    expected: [expectation.cells.header, ...expected],
  };
}

/** The expected float when the value is within a billionth of it. */
function near(value: Nullable, expected: Nullable | undefined): Nullable {
  if (typeof value !== 'number' || typeof expected !== 'number') return value;
  return Math.abs(value - expected) <= Math.abs(expected) * 1e-9 ? expected : value;
}
