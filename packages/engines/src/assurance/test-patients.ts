// Reads the patients of an assurance test: made up by the researcher, so their values may be shown in messages. What is
// wrong is collected per patient, in words, and the rest is used.
import {
  isIsoDate,
  storageOf,
  type Column,
  type DatasetDefinition,
  type Nullable,
  type SeriesType,
  type Table,
  tablesNamed,
  tablesUsed,
} from '@glovebox/language';
import { pythonFloat } from '../files/python-float.js';
import type { Row, TableRows, Tables } from '../tables.js';
import { constraintsBroken } from './constraints.js';

export interface TestPatient {
  /** As the test file says it. */
  readonly name: string;
  /** Undefined for a name that is no id: then there is nothing to compare. */
  readonly id: bigint | undefined;
  readonly isExpected: boolean;
  readonly expectedColumns: ReadonlyMap<string, unknown>;
  readonly errors: readonly string[];
}

export interface TestPatients {
  readonly patients: readonly TestPatient[];
  readonly tables: Tables;
}

/** What a patient's record has besides its tables. */
const expectations = new Set(['expected_in_population', 'expected_columns']);

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A value as a researcher would write it in Python. */
export function asWritten(value: unknown): string {
  if (value === null || value === undefined) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'string') return `'${value}'`;
  if (isObject(value) && typeof value['date'] === 'string') {
    return `date(${value['date'].split('-').map(Number).join(', ')})`;
  }
  if (typeof value === 'number') return Number.isInteger(value) ? String(value) : pythonFloat(value);
  return typeof value === 'bigint' ? String(value) : JSON.stringify(value);
}

export function readTestPatients(
  dataset: DatasetDefinition,
  testData: Readonly<Record<string, unknown>>,
): TestPatients {
  const used = tablesUsed(dataset).tables;
  const rows = new Map<string, Row[]>(used.map((table) => [table.name, []]));
  const patients = Object.entries(testData).map(([key, record]) => {
    const errors: string[] = [];
    const id = patientId(key);
    if (id === undefined) errors.push('a patient id must be an int of at most 64 bits');
    if (!isObject(record)) {
      errors.push(`expected a dictionary of tables and expectations, got ${asWritten(record)}`);
      return { name: key, id: undefined, isExpected: false, expectedColumns: new Map<string, unknown>(), errors };
    }
    for (const table of used) {
      const given = readRows(table, record, errors);
      if (id !== undefined) rows.get(table.name)!.push(...given.map((row): Row => [id, ...row]));
    }
    return { name: key, id, ...readExpectations(record, errors), errors };
  });
  const tables = new Map<string, TableRows>(
    used.map((table) => [table.name, { columns: table.columns, rows: rows.get(table.name)! }]),
  );
  return { patients, tables };
}

function patientId(key: string): bigint | undefined {
  const id = /^-?\d{1,19}$/.test(key) ? BigInt(key) : undefined;
  return id !== undefined && BigInt.asIntN(64, id) === id ? id : undefined;
}

function readExpectations(
  fields: Record<string, unknown>,
  errors: string[],
): Pick<TestPatient, 'isExpected' | 'expectedColumns'> {
  const expected = fields['expected_in_population'] ?? true;
  if (typeof expected !== 'boolean') errors.push('expected_in_population must be True or False');
  const isExpected = expected !== false;
  const columns = fields['expected_columns'];
  if (columns === undefined && isExpected) errors.push('expected_columns is missing; {} checks membership only');
  if (columns !== undefined && !isObject(columns)) errors.push('expected_columns must be a dictionary');
  return { isExpected, expectedColumns: new Map(isObject(columns) ? Object.entries(columns) : []) };
}

function readRows(table: Table, fields: Record<string, unknown>, errors: string[]): readonly (readonly Nullable[])[] {
  const given = fields[table.name];
  if (given === undefined) {
    const strangers = Object.keys(fields).filter((name) => !expectations.has(name) && tablesNamed(name).length === 0);
    const found = strangers.map((name) => `'${name}'`).join(', ');
    const mistyped = found === '' ? '' : ` (no table is called ${found})`;
    errors.push(`the table '${table.name}' is used by the dataset and not given${mistyped}; [] means no rows`);
    return [];
  }
  const items = Array.isArray(given) ? (given as readonly unknown[]) : [given];
  if (table.rows === 'one' && items.length > 1) {
    errors.push(`the table '${table.name}' has at most one row a patient, got ${items.length} rows`);
  }
  return items.flatMap((item) => {
    if (!isObject(item)) {
      errors.push(`each row of '${table.name}' must be a dictionary of column and value, got ${asWritten(item)}`);
      return [];
    }
    if (Object.keys(item).length === 0) return [];
    const known = table.columns.map((column) => column.name);
    const unknown = Object.keys(item).filter((name) => !known.includes(name));
    if (unknown.length > 0) {
      const names = unknown.map((name) => `'${name}'`).join(', ');
      errors.push(`the table '${table.name}' has no column ${names}; its columns are ${known.join(', ')}`);
    }
    return [table.columns.map((column) => readValue(table, column, item[column.name], errors))];
  });
}

function readValue(table: Table, column: Column, given: unknown, errors: string[]): Nullable {
  if (given === undefined) return null;
  const value = given === null ? null : testValue(given, column.type);
  if (value === undefined) {
    errors.push(`'${table.name}.${column.name}': expected ${column.type}, got ${asWritten(given)}`);
    return null;
  }
  for (const rule of constraintsBroken(table.name, column, value)) {
    errors.push(`'${table.name}.${column.name}': ${asWritten(given)} does not meet ${rule}`);
  }
  return value;
}

/** Floats that JSON has no numbers for. */
const namedFloats = new Map<unknown, number>([
  ['nan', NaN],
  ['inf', Infinity],
  ['-inf', -Infinity],
]);

/** The value of a column from its JSON form, or undefined when it is not of the type. */
export function testValue(given: unknown, type: SeriesType): Nullable | undefined {
  if (type === 'date') {
    const date = isObject(given) ? given['date'] : given;
    return typeof date === 'string' && isIsoDate(date) ? date : undefined;
  }
  switch (storageOf(type)) {
    case 'boolean':
      return typeof given === 'boolean' ? given : undefined;
    case 'bigint':
      if (typeof given === 'number' && Number.isSafeInteger(given)) return BigInt(given);
      return typeof given === 'string' && /^-?\d{16,19}$/.test(given) ? BigInt(given) : undefined;
    case 'number':
      return typeof given === 'number' ? given : namedFloats.get(given);
    case 'string':
    default:
      return typeof given === 'string' ? given : undefined;
  }
}
