// What every command gets from outside, so that a test can stand in for the terminal.
import { renderProblem, type Problem } from '@glovebox/record';

export interface Terminal {
  readonly out: (text: string) => void;
  readonly error: (text: string) => void;
  /** Whether a person is watching standard error, so that progress may redraw itself. */
  readonly isInteractive: boolean;
}

// A reader that has seen enough (`... | head`) closes its end of the pipe: that ends the command, and is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

export const processTerminal: Terminal = {
  out: (text) => void process.stdout.write(text),
  error: (text) => void process.stderr.write(text),
  isInteractive: process.stderr.isTTY && process.env['TERM'] !== 'dumb',
};

/** Ends a command with an exit code after its message is printed; thrown so that no caller has to pass codes on. */
export class CommandFailure extends Error {
  readonly exitCode: number;
  readonly problems: readonly Problem[];
  constructor(exitCode: number, problems: readonly Problem[]) {
    super(problems.map(renderProblem).join('\n\n'));
    this.exitCode = exitCode;
    this.problems = problems;
  }
}
