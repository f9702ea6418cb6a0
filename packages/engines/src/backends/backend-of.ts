// Which backend a database is. A database that says so itself is believed before any option, so that its filters hold however
// it is opened.
import { ProblemError } from '@glovebox/record';
import type { Database } from '../database.js';
import { problem } from '../problems.js';
import { backendNamed, type Backend } from './backend.js';

/** The table in which a database tells of itself. */
const releaseTable = 'glovebox_release';

/**
 * @param wanted the backend that the command was asked for, if any
 * @throws ProblemError `backend-differs`
 */
export async function backendOf(db: Database, wanted: string | undefined): Promise<Backend | undefined> {
  const named = await nameIn(db);
  if (named === undefined) return wanted === undefined ? undefined : backendNamed(wanted);
  if (wanted !== undefined && backendNamed(wanted) && wanted !== named) {
    throw new ProblemError(problem('backend-differs', [wanted, named]));
  }
  const backend = backendNamed(named);
  if (!backend) throw new Error('the database is of a backend whose filters are not known');
  return backend;
}

async function nameIn(db: Database): Promise<string | undefined> {
  const told = `SELECT count(*) FROM information_schema.columns WHERE table_name = '${releaseTable}' AND column_name = 'backend'`;
  if ((await firstValue(db, told, 'int')) === 0n) return undefined;
  const name = await firstValue(db, `SELECT backend FROM ${releaseTable}`, 'str');
  return typeof name === 'string' ? name : undefined;
}

async function firstValue(db: Database, sql: string, type: 'int' | 'str') {
  for await (const [row] of db.stream(sql, [{ name: 'value', type }])) return row?.[0];
  return undefined;
}
