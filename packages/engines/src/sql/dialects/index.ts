// The dialects by the names that commands take. A dialect is a folder here; what it may override is in ../dialect.ts.
import type { Dialect } from '../dialect.js';
import { duckdb } from './duckdb/dialect.js';
import { mssql } from './mssql/dialect.js';
import { postgres } from './postgres/dialect.js';
import { trino } from './trino/dialect.js';

export const dialects: Readonly<Record<'duckdb' | 'postgres' | 'mssql' | 'trino', Dialect>> = {
  duckdb,
  postgres,
  mssql,
  trino,
};
export type DialectName = keyof typeof dialects;
export const dialectNames = Object.keys(dialects) as readonly DialectName[];
