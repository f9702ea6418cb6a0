// Two habits of ehrQL's command line that the option parser doesn't have: long options may be shortened as long as they
// stay unambiguous, and everything after ` -- ` belongs to the definition, word for word.
import type { Command } from 'commander';
import { renderProblem } from '@glovebox/record';
import { problem } from './problems.js';

const parametersOf = new WeakMap<Command, readonly string[]>();

/** What followed ` -- ` on the command line of this command. */
export function userParameters(command: Command): readonly string[] {
  return parametersOf.get(command) ?? [];
}

/** Teaches a command both habits; returns it. */
export function asEhrql(command: Command): Command {
  const parse = command.parseOptions.bind(command);
  command.parseOptions = (words) => {
    const end = words.indexOf('--');
    parametersOf.set(command, end === -1 ? [] : words.slice(end + 1));
    return parse((end === -1 ? words : words.slice(0, end)).map((word) => expand(word, command)));
  };
  return command;
}

/** `--dummy-t=x` becomes `--dummy-tables=x` when only one option starts so. */
function expand(word: string, command: Command): string {
  if (!word.startsWith('--') || word.length < 3) return word;
  const [name = '', ...value] = word.split('=');
  const names = command.options.map((option) => option.long).filter((long) => long !== undefined && long !== null);
  if (names.includes(name)) return word;
  const matches = names.filter((long) => long.startsWith(name));
  if (matches.length > 1) {
    // Printed as the option parser prints its own errors, with how the command is used.
    return command.error(renderProblem(problem('option-ambiguous', [name, matches])), { exitCode: 2 });
  }
  return matches.length === 1 ? [matches[0], ...value].join('=') : word;
}
