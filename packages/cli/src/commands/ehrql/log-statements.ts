// Says on standard error which statement a database runs and how long it took; with LOG_SQL its text too. That text holds the
// definition's codes and dates; rows that a study brings along as a file are never in it.
import type { StatementObserver } from '@glovebox/engines';
import type { Terminal } from '../../command-line.js';
import { info } from './log.js';

const off = new Set(['', '0', 'false', 'no', 'off']);

export function statementLog(terminal: Terminal): StatementObserver {
  const isTextWanted = !off.has((process.env['LOG_SQL'] ?? '').toLowerCase());
  let count = 0;
  return ({ sql, kind }) => {
    count += 1;
    const name = `query ${String(count).padStart(3, '0')}`;
    info(terminal, `Running ${name}${kind === 'upload' ? `: ${sql}` : ''}`);
    if (isTextWanted && kind === 'query') info(terminal, `SQL:\n${sql.trimEnd()}`);
    return (milliseconds, isDone) => {
      const seconds = `${(milliseconds / 1000).toFixed(3)} s`;
      info(terminal, isDone ? `  ${name} took ${seconds}` : `  ${name} ended early after ${seconds}`);
    };
  };
}
