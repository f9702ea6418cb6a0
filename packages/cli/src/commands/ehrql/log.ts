// Log lines on standard error, in the form that log readers of this platform know.
import type { Terminal } from '../../command-line.js';

export const info = (terminal: Terminal, message: string): void => terminal.error(`[info   ] ${message}\n`);
export const warning = (terminal: Terminal, message: string): void => terminal.error(`[warning] ${message}\n`);
