// `glovebox ehrql engine --stdio`: runs query models for other programs, one request a line, one answer a line.
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { Terminal } from '../../command-line.js';
import { answerRequest } from './engine-request.js';

/** Answers until the input ends. A bad request is answered with its problem, and the next one is read. */
export async function serveEngine(terminal: Terminal, input: Readable = process.stdin): Promise<void> {
  const lines = createInterface({ input, crlfDelay: Infinity });
  for await (const line of lines) {
    if (line.trim() !== '') terminal.out(`${answerRequest(line)}\n`);
  }
}
