// One run of measures on a connection: the temporary tables that its plans need, made when they are needed first.
import type { Database } from '../database.js';
import type { Names } from '../sql/plan/names.js';
import type { Uploads } from '../sql/plan/uploads.js';
import { dropTable as dropStatement, printSteps } from '../sql/printer.js';
import {
  aggregate,
  call,
  cast,
  column,
  from,
  intLiteral,
  named,
  select,
  statement,
  type StatementNode,
} from '../sql/tree/index.js';
import type { Batch } from './batches.js';
import { planIntervals, type IntervalsPlan } from './plan-intervals.js';
import type { Interval } from '@glovebox/language';

export interface Session {
  readonly db: Database;
  readonly names: Names;
  readonly uploads: Uploads;
  readonly rowsPerStatement: number;
  /** How many of the uploads are there already. */
  uploaded: number;
}

/** What some intervals of a batch share, in temporary tables. */
export interface Shared {
  readonly inputOf: IntervalsPlan['inputOf'];
  readonly intervalsPerStatement: number;
  readonly temporary: readonly string[];
}

/** Makes what some intervals share; undefined when each has to be worked out on its own. */
export async function prepare(
  session: Session,
  batch: Batch,
  intervals: readonly Interval[],
): Promise<Shared | undefined> {
  const { db, names, uploads } = session;
  const plan = planIntervals({ batch, intervals, names, uploads, dialect: db.dialect });
  if (!plan) return undefined;
  const temporary = new Set<string>();
  for (const step of plan.steps) {
    if (step.kind === 'drop') {
      await dropTable(session, step.name);
      temporary.delete(step.name);
      continue;
    }
    if (step.kind === 'upload') await db.upload(step.upload);
    else await createTable(session, step.name, step.statement);
    temporary.add(step.kind === 'upload' ? step.upload.name : step.name);
  }
  let most = 0;
  for (const { name, bits } of plan.relations) {
    most = Math.max(
      most,
      Number(await firstNumber(session, rowsInIntervals(name, bits))) / (bits ? intervals.length : 1),
    );
  }
  const fitting = most === 0 ? intervals.length : Math.floor(session.rowsPerStatement / most);
  // As many in each statement as in the others.
  const statements = Math.ceil(intervals.length / Math.max(1, fitting));
  const intervalsPerStatement = Math.ceil(intervals.length / statements);
  return { inputOf: plan.inputOf, intervalsPerStatement, temporary: [...temporary] };
}

/** How many rows a relation has or, with bits, how many in all intervals together. */
function rowsInIntervals(name: string, bits: string | undefined): StatementNode {
  const value = bits
    ? call('coalesce', cast(aggregate('sum', [call('bit_count', column('t', bits))]), 'int'), intLiteral(0))
    : aggregate('count', []);
  return statement([], select({ columns: [{ name: 'n', value }], from: [from(named(name), 't')] }));
}

async function firstNumber({ db }: Session, sql: StatementNode): Promise<bigint> {
  let found = 0n;
  for await (const rows of db.stream(printSteps(sql, db.dialect).query, [{ name: 'n', type: 'int' }])) {
    found = rows[0]![0] as bigint;
  }
  return found;
}

export async function createTable(session: Session, name: string, sql: StatementNode): Promise<void> {
  const { db } = session;
  await bringUploads(session);
  const { before, query, after } = printSteps(sql, db.dialect);
  for (const step of [...before, db.dialect.createTableAs(name, query), ...after]) await db.execute(step);
}

export const dropTable = ({ db }: Session, name: string): Promise<void> => db.execute(dropStatement(name, db.dialect));

/** Makes the temporary tables that plans have asked for since the last time. */
export async function bringUploads(session: Session): Promise<void> {
  const all = session.uploads.all();
  for (; session.uploaded < all.length; session.uploaded++) await session.db.upload(all[session.uploaded]!);
}
