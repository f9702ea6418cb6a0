// Makes the synthetic backend database: every table of the TPP backend in one DuckDB file, about people who don't exist.
//
// All rows are made by SQL (`../../sql/*.sql`, in the order of their names) from hashes of the seed, the person and the row,
// so the same seed, size and codelists give the same rows in the same order whatever the machine or the number of threads.
// The file appears under its name only when it is complete.
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { ProblemError } from '@glovebox/record';
import { problem } from '../problems.js';
import { readCodelists } from './codelists.js';
import { makeDraws, slotCount, type Draws } from './draws.js';

const sqlFolder = new URL('../../sql/', import.meta.url);
const mostPatients = 100_000_000;
/** Raised whenever the statements change what a seed gives. */
const generatorVersion = 3;

export interface DatabaseProgress {
  readonly done: number;
  readonly total: number;
  /** What is being made: the name of a statement file without its number, for example `clinical-events`. */
  readonly step: string;
}

export interface DatabaseOptions {
  /** Where the database file is to be; an existing one is replaced. */
  readonly path: string;
  readonly patients: number;
  /** Any text; the same seed gives the same database. */
  readonly seed?: string;
  /** Folders of CSV codelists whose codes should occur. */
  readonly codelistFolders?: readonly string[];
  /** For example `4GiB`, the default. */
  readonly memoryLimit?: string;
  readonly threads?: number;
  readonly onProgress?: (progress: DatabaseProgress) => void;
}

export interface GeneratedDatabase {
  readonly path: string;
  /** The data release that the database is, for example `synthetic-1-100000`; also in its table `glovebox_release`. */
  readonly release: string;
}

/**
 * Generates a database.
 *
 * @throws ProblemError for a size, memory limit or codelist that can't be used; Error when the disk can't hold the file.
 */
export async function generateDatabase(options: DatabaseOptions): Promise<GeneratedDatabase> {
  const { patients, seed = '1', codelistFolders = [], memoryLimit = '4GiB' } = options;
  if (!Number.isInteger(patients) || patients < 1 || patients > mostPatients) {
    throw new ProblemError(problem('synth-patients-out-of-range', [String(patients), mostPatients]));
  }
  if (!/^[0-9]+(\.[0-9]+)? ?[KMGT]i?B$/.test(memoryLimit)) {
    throw new ProblemError(problem('synth-memory-limit', [memoryLimit]));
  }
  const path = resolve(options.path);
  const partial = `${path}.partial-${process.pid}`;
  await mkdir(dirname(path), { recursive: true });
  await removeDatabase(partial);
  try {
    // Only here: made-up patients without a database have no use for it.
    const { DuckDBInstance } = await import('@duckdb/node-api');
    const instance = await DuckDBInstance.create(partial, {
      memory_limit: memoryLimit,
      temp_directory: `${partial}.spill`,
      preserve_insertion_order: 'true',
      ...(options.threads ? { threads: String(options.threads) } : {}),
    });
    const release = `synthetic-${seed}-${patients}`;
    try {
      const connection = await instance.connect();
      const draws = makeDraws(await readCodelists(connection, codelistFolders));
      await defineInputs(connection, patients, seed);
      await loadDraws(connection, draws);
      await runStatements(connection, options.onProgress);
      await recordRelease(connection, { release, seed, patients, codes: digestOf(draws) });
      await connection.run('CHECKPOINT');
      connection.closeSync();
    } finally {
      instance.closeSync();
    }
    await rename(partial, path);
    return { path, release };
  } finally {
    await removeDatabase(partial);
  }
}

async function removeDatabase(path: string): Promise<void> {
  for (const part of [path, `${path}.wal`, `${path}.spill`]) await rm(part, { recursive: true, force: true });
}

async function defineInputs(connection: DuckDBConnection, patients: number, seed: string): Promise<void> {
  const seedKey = createHash('sha256').update(`${generatorVersion} ${seed}`).digest().readBigUInt64BE();
  const practices = Math.min(1000, Math.max(3, Math.round(patients / 2500)));
  // Joins keep the order of their left side, and the left side is always the people: the optimizer may not swap them.
  await connection.run(`SET disabled_optimizers = 'join_order,build_side_probe_side'`);
  await connection.run(`CREATE TEMP MACRO seed_key() AS ${seedKey}::UBIGINT`);
  await connection.run(`CREATE TEMP MACRO patients() AS ${patients}`);
  await connection.run(`CREATE TEMP MACRO practices() AS ${practices}`);
}

async function loadDraws(connection: DuckDBConnection, draws: Draws): Promise<void> {
  const events = draws.events.map(({ code, first, end }) => ({ first, end, ...code, ...code.measured }));
  await connection.run(
    `CREATE TEMP TABLE event_code_draw AS
     SELECT unnest(range(s.first, s."end")) AS slot, s.snomed AS snomedct_code, s.ctv3 AS ctv3_code, s.mean, s.sd, s.low
     FROM (SELECT unnest(from_json($shares, '[{"first":"BIGINT","end":"BIGINT","snomed":"VARCHAR","ctv3":"VARCHAR",
       "mean":"DOUBLE","sd":"DOUBLE","low":"DOUBLE"}]')) AS s)`,
    { shares: JSON.stringify(events) },
  );
  const { childrenEnd, elderStart } = draws.winter;
  await connection.run(
    `CREATE TEMP MACRO illness_slot(u, age) AS
       (CASE WHEN age < 3 THEN 0 ELSE ${childrenEnd} END
         + floor(u * (CASE WHEN age < 45 THEN ${elderStart} ELSE ${slotCount} END
           - CASE WHEN age < 3 THEN 0 ELSE ${childrenEnd} END)))::BIGINT`,
  );
  const medicines = draws.medicines.map(({ code, first, end }) => ({ first, end, ...code }));
  await connection.run(
    `CREATE TEMP TABLE medicine_draw AS
     SELECT unnest(range(s.first, s."end")) AS slot, s.code, s.bend
     FROM (SELECT unnest(from_json($shares, '[{"first":"BIGINT","end":"BIGINT","code":"VARCHAR","bend":"INTEGER"}]')) AS s)`,
    { shares: JSON.stringify(medicines) },
  );
  const conditions = draws.conditions.map(
    ({ young, old, endings }, i) =>
      `{'i': ${i}, 'young': ${young}::DOUBLE, 'old': ${old}::DOUBLE, 'can_end': ${endings.snomed.length + endings.ctv3.length > 0}}`,
  );
  await connection.run(
    `CREATE TEMP MACRO conditions() AS
       [${conditions.join(', ')}]::STRUCT(i BIGINT, young DOUBLE, "old" DOUBLE, can_end BOOLEAN)[]`,
  );
  for (const [table, shares] of [
    ['diagnosis_draw', draws.diagnoses],
    ['procedure_draw', draws.procedures],
  ] as const) {
    await connection.run(
      `CREATE TEMP TABLE ${table} AS
       SELECT unnest(range(s.first, s."end")) AS slot, s.code
       FROM (SELECT unnest(from_json($shares, '[{"first":"BIGINT","end":"BIGINT","code":"VARCHAR"}]')) AS s)`,
      { shares: JSON.stringify(shares) },
    );
  }
}

async function runStatements(connection: DuckDBConnection, onProgress: DatabaseOptions['onProgress']): Promise<void> {
  const files = (await readdir(sqlFolder)).filter((name) => name.endsWith('.sql')).sort();
  for (const [done, file] of files.entries()) {
    onProgress?.({ done, total: files.length, step: file.replace(/^[0-9]+-(.*)\.sql$/, '$1') });
    const text = await readFile(new URL(file, sqlFolder), 'utf8');
    try {
      await connection.run(text);
    } catch (cause) {
      throw new Error(`the statement ${file} failed`, { cause });
    }
  }
  onProgress?.({ done: files.length, total: files.length, step: 'finished' });
}

/** A digest of the codes in use: databases of one seed and size differ when their codelists do. */
function digestOf(draws: Draws): string {
  return createHash('sha256').update(JSON.stringify(draws)).digest('hex').slice(0, 16);
}

async function recordRelease(
  connection: DuckDBConnection,
  facts: { release: string; seed: string; patients: number; codes: string },
): Promise<void> {
  await connection.run(
    `CREATE TABLE glovebox_release AS
     SELECT $release::VARCHAR AS name, 'tpp' AS backend, $seed::VARCHAR AS seed, $patients::BIGINT AS patients, $codes::VARCHAR AS codes_digest,
       ${generatorVersion}::BIGINT AS generator_version, last_day() AS last_day`,
    facts,
  );
}
