// `npm run bench:streaming`: how fast a dataset of many patients is written as csv.gz and as Arrow, and how much memory that
// takes beyond the limit that DuckDB is given. Each format is written by a process of its own, whose peak is its own.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { DuckDBInstance } from '@duckdb/node-api';
import type { Column, DatasetDefinition, SeriesType, Table } from '@glovebox/language';
import { openDuckDb } from '../duckdb/connection.js';
import { writeTable } from '../files/write-table.js';
import { extractDataset } from '../sql/extract-dataset.js';

interface Size {
  readonly patients: number;
  /** `patient_id` included. */
  readonly columns: number;
  /** Of DuckDB, in MiB. */
  readonly limit: number;
}

const types: readonly SeriesType[] = ['int', 'bool', 'date', 'str', 'float'];

const columnsOf = (count: number): readonly Column[] =>
  Array.from({ length: count - 1 }, (_, at) => ({ name: `v${at}`, type: types[at % types.length]! }));

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      patients: { type: 'string', default: '1000000' },
      columns: { type: 'string', default: '40' },
      limit: { type: 'string', default: '1024' },
      write: { type: 'string' },
      database: { type: 'string' },
    },
  });
  const [patients, columns, limit] = [Number(values.patients), Number(values.columns), Number(values.limit)];
  const { write: path, database } = values;
  if (path !== undefined && database !== undefined) await write({ columns, limit, database }, path);
  else await measure({ patients, columns, limit });
}

/** Writes one file, then says how much memory the process had at its peak. */
async function write(
  { columns, limit, database }: Omit<Size, 'patients'> & { readonly database: string },
  path: string,
): Promise<void> {
  const table: Table = { kind: 'table', name: 'people', rows: 'one', columns: columnsOf(columns) };
  const definition: DatasetDefinition = {
    kind: 'dataset',
    population: { kind: 'exists', source: table },
    columns: table.columns.map(({ name }) => ({ name, series: { kind: 'select_column', source: table, name } })),
    eventTables: [],
    dummyData: {},
  };
  const db = await openDuckDb({
    path: database,
    memoryLimit: `${limit}MiB`,
    threads: 2,
    temporaryDirectory: `${path}.spill`,
  });
  try {
    for (const result of extractDataset(db, definition)) await writeTable(result, path);
  } finally {
    db.close();
    rmSync(`${path}.spill`, { recursive: true, force: true });
  }
  console.log(process.resourceUsage().maxRSS);
}

async function measure({ patients, columns, limit }: Size): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'glovebox-streaming-'));
  try {
    const database = join(folder, 'people.duckdb');
    await makeDatabase(database, patients, columns, limit);
    print('patients', patients.toLocaleString('en'));
    print('columns', String(columns));
    print("DuckDB's limit", `${limit} MiB`);
    for (const ending of ['csv.gz', 'arrow']) await measureFile(join(folder, `out.${ending}`), ending);
    async function measureFile(path: string, ending: string): Promise<void> {
      const started = performance.now();
      const peak = await peakOfWriting(path, [
        '--columns',
        `${columns}`,
        '--limit',
        `${limit}`,
        '--database',
        database,
      ]);
      const seconds = (performance.now() - started) / 1000;
      print(
        `${ending}: written in`,
        `${seconds.toFixed(1)} s, ${Math.round(patients / seconds).toLocaleString('en')} rows/s`,
      );
      print(`${ending}: size`, `${Math.round(statSync(path).size / 2 ** 20).toLocaleString('en')} MiB`);
      print(`${ending}: peak memory`, `${Math.round(peak)} MiB, beyond DuckDB's limit ${Math.round(peak - limit)} MiB`);
      rmSync(path);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const print = (label: string, value: string): void => console.log(`${label.padEnd(28)} ${value}`);

/** In MiB. */
async function peakOfWriting(path: string, args: readonly string[]): Promise<number> {
  const program = fileURLToPath(import.meta.url);
  const child = spawn(process.execPath, [program, '--write', path, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  let printed = '';
  child.stdout.on('data', (text: Buffer) => (printed += text.toString()));
  const code = await new Promise<number | null>((done) => child.on('exit', done));
  if (code !== 0 || !existsSync(path)) throw new Error(`writing ${path} ended with exit code ${code}`);
  return Number(printed) / 1024;
}

/** A table of so many people with values of every type, a tenth of them NULL, in an order that is not that of their ids. */
async function makeDatabase(path: string, patients: number, columns: number, limit: number): Promise<void> {
  const started = performance.now();
  mkdirSync(`${path}.spill`, { recursive: true });
  const instance = await DuckDBInstance.create(path, { memory_limit: `${limit}MiB`, temp_directory: `${path}.spill` });
  const connection = await instance.connect();
  const values = columnsOf(columns).map(({ name, type }, at) => {
    const draw = `hash(i, ${at}::BIGINT)`;
    const value = { int: `(${draw} % 1000)::BIGINT`, bool: `${draw} % 3 = 0`, float: `(${draw} % 100000) / 7.0` }[
      type as string
    ];
    const other = type === 'date' ? `DATE '1930-01-01' + (${draw} % 33000)::INTEGER` : `'code' || (${draw} % 5000)`;
    return `CASE WHEN ${draw} % 10 < 9 THEN ${value ?? other} END AS ${name}`;
  });
  await connection.run(
    `CREATE TABLE people AS SELECT (i * 7919) % ${patients} + 1 AS patient_id, ${values.join(', ')}
     FROM range(${patients}) t(i)`,
  );
  connection.closeSync();
  instance.closeSync();
  rmSync(`${path}.spill`, { recursive: true, force: true });
  print('database made in', `${((performance.now() - started) / 1000).toFixed(1)} s`);
}

await main();
