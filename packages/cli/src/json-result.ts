// `--json` of commands that do something: what they say on the way goes to standard error, and standard output is one JSON object,
// also when they fail: `{"ok", ..., "problems"?}`. Exit codes stay what they are.
import { ProblemError, type Problem } from '@glovebox/record';
import { CommandFailure, type Terminal } from './command-line.js';
import { systemProblem } from './system-problems.js';

/** What a command did, for other programs. */
export interface Result {
  readonly exitCode: number;
  readonly value: object;
}

/** @throws CommandFailure with the exit code of the result, or of the failure that is told in it */
export async function withResult(
  isJson: boolean,
  terminal: Terminal,
  work: (terminal: Terminal) => Promise<Result>,
): Promise<void> {
  const shown = isJson ? { ...terminal, out: terminal.error, isInteractive: false } : terminal;
  const { exitCode, value } = await work(shown).catch((error: unknown) => {
    const problems = problemsOf(error);
    if (!isJson || !problems) throw error;
    return { exitCode: error instanceof CommandFailure ? error.exitCode : 1, value: { problems: problems.map(flat) } };
  });
  if (isJson) terminal.out(`${JSON.stringify({ ok: exitCode === 0, ...value })}\n`);
  if (exitCode !== 0) throw new CommandFailure(exitCode, []);
}

function problemsOf(error: unknown): readonly Problem[] | undefined {
  if (error instanceof CommandFailure || error instanceof ProblemError) return error.problems;
  const refused = systemProblem(error);
  return refused && [refused];
}

/** A problem with its place among its own fields; JSON leaves out what is undefined. */
export const flat = ({ code, message, hint, place }: Problem): object => ({ code, message, hint, ...place });
