// Log lines on standard error, in the form that log readers of this platform know. LOG_LEVEL=WARNING (or a higher level of
// Python's) leaves out what only says how a run goes.
import type { Terminal } from '../../command-line.js';

const higherLevels = new Set(['WARN', 'WARNING', 'ERROR', 'CRITICAL', 'FATAL']);

/** Whether lines that only say how a run goes are wanted. */
const isTold = (): boolean => !higherLevels.has((process.env['LOG_LEVEL'] ?? '').toUpperCase());

export function info(terminal: Terminal, message: string): void {
  if (isTold()) terminal.error(`[info   ] ${message}\n`);
}

export const warning = (terminal: Terminal, message: string): void => terminal.error(`[warning] ${message}\n`);
