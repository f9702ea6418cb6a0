// Says on standard error which statement a database runs and how long it took; with LOG_SQL its text too. That text holds the
// definition's codes and dates; rows that a study brings along as a file are never in it.
import type { StatementObserver } from '@glovebox/engines';
import type { Terminal } from '../../command-line.js';
import { info } from './log.js';

const off = new Set(['', '0', 'false', 'no', 'off']);

export interface StatementLog {
  readonly observer: StatementObserver;
  /** Takes how many statements there will be. Of measures that is not known before: the data decide how many are run at once. */
  readonly expect: (statements: number) => void;
}

export function statementLog(terminal: Terminal): StatementLog {
  const isTextWanted = !off.has((process.env['LOG_SQL'] ?? '').toLowerCase());
  const number = (value: number): string => String(value).padStart(3, '0');
  let count = 0;
  let total: number | undefined;
  const observer: StatementObserver = ({ sql, kind }) => {
    count += 1;
    const name = `query ${number(count)}`;
    const part = total === undefined ? '' : ` / ${number(total)}`;
    info(terminal, `Running ${name}${part}${kind === 'upload' ? `: ${sql}` : ''}`);
    if (isTextWanted && kind === 'query') info(terminal, `SQL:\n${sql.trimEnd()}`);
    return (milliseconds, isDone) => {
      const seconds = `${(milliseconds / 1000).toFixed(3)} s`;
      info(terminal, isDone ? `  ${name} took ${seconds}` : `  ${name} ended early after ${seconds}`);
    };
  };
  return { observer, expect: (statements) => void (total = statements) };
}
