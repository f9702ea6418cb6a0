import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance, type DuckDBConnection, type DuckDBValue } from '@duckdb/node-api';
import { tableCatalogue, type ColumnConstraint } from '@glovebox/language';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { generateDatabase } from './generate-database.js';

const patients = 3000;
let folder: string;
let instance: DuckDBInstance;
let database: DuckDBConnection;

const asthma = ['195967001', '370218001', '389145006'];
const inhalers = ['39113311000001107', '39112711000001103'];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'glovebox-synth-'));
  await writeFile(join(folder, 'asthma.csv'), `code,term\r\n${asthma.map((code) => `${code},asthma\r\n`).join('')}`);
  await writeFile(
    join(folder, 'inhalers.csv'),
    `Code,Term\n${inhalers.map((code) => `${code},"inhaler, new"\n`).join('')}`,
  );
  await writeFile(
    join(folder, 'diabetes.csv'),
    `code,term\n${['44054006', '46635009'].join(',diabetes\n')},diabetes\n`,
  );
  await writeFile(join(folder, 'diabetes-resolved.csv'), 'code,term\n315051004,Diabetes resolved\n');
  await writeFile(join(folder, 'influenza.csv'), 'code,term\n6142004,Influenza\n442438000,Influenza A\n');
  await writeFile(join(folder, 'bronchiolitis.csv'), 'code,term\n4120002,Bronchiolitis\n');
  await writeFile(join(folder, 'copd-exacerbation.csv'), 'code,term\n195951007,Acute exacerbation of COPD\n');
  await writeFile(join(folder, 'back-pain.csv'), 'code,term\n279039007,Low back pain\n23056005,Sciatica\n');
  await writeFile(join(folder, 'antibiotics.csv'), 'code,term\n39732411000001106,Amoxicillin 500mg capsules\n');
  await writeFile(join(folder, 'cough.csv'), 'CTV3ID\nXE0qn\n171..\n');
  await writeFile(join(folder, 'copd.csv'), 'ICD10Code\nJ44\nJ440\n');
  await generateDatabase({ path: join(folder, 'a.duckdb'), patients, seed: 'a', codelistFolders: [folder] });
  instance = await DuckDBInstance.create(join(folder, 'a.duckdb'), { access_mode: 'READ_ONLY' });
  database = await instance.connect();
});

afterAll(async () => {
  database.closeSync();
  instance.closeSync();
  await rm(folder, { recursive: true });
});

async function value(sql: string): Promise<DuckDBValue | undefined> {
  return (await database.runAndReadAll(sql)).getRows()[0]?.[0];
}

const duckdbTypes: Record<string, string> = { bool: 'BOOLEAN', int: 'BIGINT', float: 'DOUBLE', date: 'DATE' };
const { namespaces, tables } = tableCatalogue();
const wanted = [
  ...new Set(['core', 'raw.core', 'tpp', 'raw.tpp'].flatMap((name) => Object.values(namespaces[name]!))),
].map((key) => tables[key]!);

/** A condition that is true of the rows that break the constraint. */
// oxlint-disable-next-line consistent-return
function broken(column: string, constraint: ColumnConstraint): string {
  const of = `"${column}"`;
  switch (constraint.kind) {
    case 'NotNull':
      return `${of} IS NULL`;
    case 'Unique':
      return `count(*) OVER (PARTITION BY ${of}) > 1`;
    case 'FirstOfMonth':
      return `day(${of}) <> 1`;
    case 'Categorical':
      return `${of} IS NOT NULL AND ${of}::VARCHAR NOT IN (${constraint.values.map((v) => `'${v}'`).join(', ')})`;
    case 'Regex':
      return `NOT regexp_matches(${of}, '^(${constraint.regex})$')`;
    case 'ClosedRange':
      return `${of} NOT BETWEEN ${constraint.minimum} AND ${constraint.maximum}
        OR (${of} - ${constraint.minimum}) % ${constraint.step} <> 0`;
    case 'GeneralRange':
      return [
        ...(constraint.minimum === null
          ? []
          : [`${of} ${constraint.includes_minimum ? '<' : '<='} '${constraint.minimum}'`]),
        ...(constraint.maximum === null
          ? []
          : [`${of} ${constraint.includes_maximum ? '>' : '>='} '${constraint.maximum}'`]),
      ].join(' OR ');
    case 'DateAfter':
      return constraint.column_names.map((other) => `${of} < "${other}"`).join(' OR ');
  }
}

describe.each(wanted)('$name', ({ name, rows, columns }) => {
  test('has every column with the type that its series has', async () => {
    const reader = await database.runAndReadAll(
      `SELECT column_name, data_type FROM information_schema.columns WHERE table_name = '${name}'`,
    );
    const found = new Map(reader.getRows().map(([column, type]) => [String(column), String(type)]));
    expect(found.get('patient_id')).toBe('BIGINT');
    for (const column of columns)
      expect([column.name, found.get(column.name)]).toEqual([column.name, duckdbTypes[column.type] ?? 'VARCHAR']);
  });

  test('is in order of the patients, all of whom exist', async () => {
    expect(
      await value(
        `SELECT count(*) FROM (SELECT patient_id < lag(patient_id) OVER (ORDER BY rowid) AS is_back FROM "${name}") WHERE is_back`,
      ),
    ).toBe(0n);
    expect(
      await value(`SELECT count(*) FROM "${name}" WHERE patient_id NOT IN (SELECT patient_id FROM patients)`),
    ).toBe(0n);
    if (rows === 'one') expect(await value(`SELECT count(*) - count(DISTINCT patient_id) FROM "${name}"`)).toBe(0n);
  });

  test('keeps every constraint of its columns', async () => {
    for (const column of columns) {
      // Registrations end in this database; only dummy data leaves them open.
      const guides =
        column.name === 'end_date' && name === 'practice_registrations' ? [] : (column.dummy_data_constraints ?? []);
      for (const constraint of [...(column.constraints ?? []), ...guides]) {
        const condition = broken(column.name, constraint);
        expect([
          column.name,
          constraint,
          await value(`SELECT count(*) FROM (SELECT * FROM "${name}" WHERE ${condition})`),
        ]).toEqual([column.name, constraint, 0n]);
      }
    }
  });
});

describe('what the database is about', () => {
  test.each([
    ['clinical_events', 20],
    ['medications', 12],
    ['appointments', 7],
  ])('%s has about %i rows a patient', async (table, mean) => {
    const count = Number(await value(`SELECT count(*) FROM ${table}`)) / patients;
    expect(Math.abs(count - mean)).toBeLessThan(mean * 0.05);
  });

  test('events cluster in people', async () => {
    const share = await value(
      `SELECT sum(n) FILTER (place <= ${patients / 10})::DOUBLE / sum(n)
       FROM (SELECT n, row_number() OVER (ORDER BY n DESC) AS place FROM (SELECT count(*) AS n FROM clinical_events GROUP BY patient_id))`,
    );
    expect(share).toBeGreaterThan(0.25);
    expect(share).toBeLessThan(0.6);
  });

  const winterRatio = async (table: string, column: string, codes: readonly string[]): Promise<number> =>
    Number(
      await value(
        `SELECT count(*) FILTER (month(date) IN (12, 1, 2))::DOUBLE / count(*) FILTER (month(date) IN (6, 7, 8))
         FROM ${table} WHERE year(date) BETWEEN 2018 AND 2025 AND ${column} IN (${codes.map((code) => `'${code}'`).join(', ')})`,
      ),
    );

  test('illnesses of winter and antibiotics follow the season, other reasons and repeat medicines hardly', async () => {
    expect(await winterRatio('clinical_events', 'snomedct_code', ['6142004', '442438000'])).toBeGreaterThan(2);
    expect(await winterRatio('medications', 'dmd_code', ['39732411000001106'])).toBeGreaterThan(1.6);
    for (const [table, column, codes] of [
      ['clinical_events', 'snomedct_code', ['279039007', '23056005']],
      ['medications', 'dmd_code', inhalers],
    ] as const) {
      const ratio = await winterRatio(table, column, codes);
      expect(ratio).toBeGreaterThan(0.7);
      expect(ratio).toBeLessThan(1.5);
    }
  });

  test('a long-term condition is recorded again and again, and mostly of older people', async () => {
    const people = (ages: string): Promise<DuckDBValue | undefined> =>
      value(
        `SELECT count(DISTINCT patient_id) FILTER (snomedct_code IN ('44054006', '46635009'))::DOUBLE / count(DISTINCT patient_id)
         FROM clinical_events JOIN patients USING (patient_id) WHERE date_of_birth ${ages}`,
      );
    expect(await people(`< '1961-01-01'`)).toBeGreaterThan(0.1);
    expect(await people(`> '1991-01-01'`)).toBeLessThan(0.03);
    expect(
      Number(
        await value(
          `SELECT count(*)::DOUBLE / count(DISTINCT patient_id) FROM clinical_events WHERE snomedct_code IN ('44054006', '46635009')`,
        ),
      ),
    ).toBeGreaterThan(2);
  });

  test('bronchiolitis befalls small children, and exacerbations of COPD those past middle age', async () => {
    const ages = async (code: string): Promise<readonly unknown[]> =>
      (
        await database.runAndReadAll(
          `SELECT count(*)::DOUBLE, min(date - date_of_birth) / 365.25, max(date - date_of_birth) / 365.25
           FROM clinical_events JOIN patients USING (patient_id) WHERE snomedct_code = '${code}'`,
        )
      ).getRows()[0]!;
    const [infants, , oldest] = await ages('4120002');
    const [elders, youngest] = await ages('195951007');
    expect(Number(infants)).toBeGreaterThan(0);
    expect(Number(oldest)).toBeLessThan(3.1);
    expect(Number(elders)).toBeGreaterThan(0);
    expect(Number(youngest)).toBeGreaterThan(44.9);
  });

  test('the end of a condition is rare, and comes after every record of the condition itself', async () => {
    const found = await database.runAndReadAll(
      `SELECT count(*), count(ended), count(*) FILTER (ended <= latest)
       FROM (SELECT max(date) FILTER (snomedct_code IN ('44054006', '46635009')) AS latest,
               min(date) FILTER (snomedct_code = '315051004') AS ended
             FROM clinical_events GROUP BY patient_id) WHERE latest IS NOT NULL`,
    );
    const [people, ended, early] = found.getRows()[0]!.map(Number);
    expect(ended).toBeGreaterThan(0);
    expect(ended).toBeLessThan(people! * 0.15);
    expect(early).toBe(0);
  });

  test('every code of the codelists occurs in the column that holds its kind', async () => {
    const quoted = (codes: readonly string[]): string => codes.map((code) => `'${code}'`).join(', ');
    expect(
      await value(
        `SELECT count(DISTINCT snomedct_code) FROM clinical_events WHERE snomedct_code IN (${quoted(asthma)})`,
      ),
    ).toBe(3n);
    expect(
      await value(`SELECT count(DISTINCT dmd_code) FROM medications WHERE dmd_code IN (${quoted(inhalers)})`),
    ).toBe(2n);
    expect(
      await value(`SELECT count(DISTINCT ctv3_code) FROM clinical_events WHERE ctv3_code IN ('XE0qn', '171..')`),
    ).toBe(2n);
    expect(
      await value(`SELECT count(DISTINCT primary_diagnosis) FROM apcs WHERE primary_diagnosis IN ('J44', 'J440')`),
    ).toBe(2n);
  });

  test('a practice is in one region and one partnership', async () => {
    expect(
      await value(
        `SELECT count(*) FROM (SELECT practice_pseudo_id FROM practice_registrations GROUP BY ALL
         HAVING count(DISTINCT practice_nuts1_region_name) > 1 OR count(DISTINCT practice_stp) > 1)`,
      ),
    ).toBe(0n);
  });

  test('nothing is recorded before birth or after death, and registrations of a person do not overlap', async () => {
    for (const [table, column] of [
      ['clinical_events', 'date'],
      ['medications', 'date'],
      ['vaccinations', 'date'],
      ['apcs', 'admission_date'],
    ]) {
      expect(
        await value(
          `SELECT count(*) FROM ${table} JOIN patients USING (patient_id) WHERE "${column}" < date_of_birth OR "${column}" > date_of_death`,
        ),
      ).toBe(0n);
    }
    expect(
      await value(
        `SELECT count(*) FROM (SELECT start_date < lag(end_date) OVER (PARTITION BY patient_id ORDER BY start_date, end_date)AS is_overlap
         FROM practice_registrations) WHERE is_overlap`,
      ),
    ).toBe(0n);
  });

  test('every appointment status, region and sex occurs', async () => {
    expect(await value('SELECT count(DISTINCT status) FROM appointments')).toBe(15n);
    expect(
      await value('SELECT count(DISTINCT practice_nuts1_region_name) FROM practice_registrations'),
    ).toBeGreaterThan(1n);
    expect(await value('SELECT count(DISTINCT sex) FROM patients')).toBeGreaterThan(2n);
  });

  test('a few people opted out, and events of a few practices can not be used', async () => {
    const share = async (sql: string): Promise<number> => Number(await value(sql)) / patients;
    expect(await share('SELECT count(*) FROM PatientsWithTypeOneDissent')).toBeCloseTo(0.04, 1);
    expect(await share('SELECT count(*) FROM PatientsWithoutNDOO')).toBeCloseTo(0.95, 1);
    expect(await share('SELECT count(*) FROM activated')).toBeGreaterThan(0.8);
    const gone = `SELECT count(*) FROM practice_registrations_activated JOIN activated USING (patient_id)
      WHERE start_date > activated.end_date`;
    expect(await value(gone)).toBe(0n);
    expect(await value('SELECT count(*) - count(DISTINCT patient_id) FROM activated')).toBe(0n);
  });

  test('it names its data release and its backend', async () => {
    expect(await value('SELECT name FROM glovebox_release')).toBe(`synthetic-a-${patients}`);
    expect(await value('SELECT backend FROM glovebox_release')).toBe('tpp');
  });
});

/** Content and physical order of every table. */
async function digest(path: string): Promise<Record<string, unknown>> {
  const other = await DuckDBInstance.create(path, { access_mode: 'READ_ONLY' });
  const connection = await other.connect();
  const names = (await connection.runAndReadAll('SELECT table_name FROM duckdb_tables() ORDER BY 1')).getRows();
  const digests: Record<string, unknown> = {};
  for (const [name] of names) {
    const sql = `SELECT bit_xor(hash(t::VARCHAR, t.rowid)) FROM "${String(name)}" AS t`;
    digests[String(name)] = (await connection.runAndReadAll(sql)).getRows()[0]?.[0];
  }
  connection.closeSync();
  other.closeSync();
  return digests;
}

test('the rows and their order depend on the seed and not on the number of threads', async () => {
  const make = async (name: string, seed: string, threads: number): Promise<Record<string, unknown>> => {
    await generateDatabase({ path: join(folder, name), patients: 2500, seed, threads, codelistFolders: [folder] });
    return digest(join(folder, name));
  };
  const one = await make('one.duckdb', 'x', 1);
  expect(await make('two.duckdb', 'x', 2)).toEqual(one);
  const other = await make('other.duckdb', 'y', 2);
  for (const table of ['patients', 'clinical_events', 'appointments']) expect(other[table]).not.toBe(one[table]);
}, 120_000);

test('a size, memory limit or folder that cannot be used is refused and leaves nothing behind', async () => {
  const path = join(folder, 'refused', 'x.duckdb');
  await expect(generateDatabase({ path, patients: 0 })).rejects.toThrow('The number of patients is 0');
  await expect(generateDatabase({ path, patients: 1.5 })).rejects.toThrow('whole number');
  await expect(generateDatabase({ path, patients: 10, memoryLimit: 'lots' })).rejects.toThrow(
    'The memory limit is lots',
  );
  await expect(generateDatabase({ path, patients: 10, codelistFolders: [join(folder, 'none')] })).rejects.toThrow(
    'no readable folder of codelists',
  );
  expect(await readdir(join(folder, 'refused'))).toEqual([]);
});

test('the smallest database has every table', async () => {
  const { release } = await generateDatabase({ path: join(folder, 'small.duckdb'), patients: 1 });
  expect(release).toBe('synthetic-1-1');
  expect(Object.keys(await digest(join(folder, 'small.duckdb')))).toHaveLength(
    new Set(wanted.map((t) => t.name)).size + ['release', 'type 1', 'national', 'practices', 'activated'].length,
  );
});
