// Backends and engines as ehrQL names them: a short name, or the path of a Python class that has one as a part, as the
// project files and environments of existing installations spell them.
import { problem } from './problems.js';
import { renderProblem } from '@glovebox/record';
import { InvalidArgumentError } from 'commander';

/** `expectations` and `test` mean no particular backend. */
export const backendNames = ['tpp', 'emis', 'emisv2', 'expectations', 'test'] as const;

/** Engines of ehrQL, and the dialects that are here besides. */
export const engineNames = ['mssql', 'sqlite', 'localfile', 'csv', 'trino', 'duckdb', 'postgres'] as const;

/**
 * The short name in what an option or a variable says.
 *
 * @example
 * shortName('ehrql.backends.tpp.TPPBackend', backendNames); // tpp
 */
export function shortName<N extends string>(text: string, known: readonly N[]): N | undefined {
  const parts = text.split('.');
  return (
    known.find((name) => name === text) ?? (parts.length > 1 ? known.find((name) => parts.includes(name)) : undefined)
  );
}

const parser =
  <N extends string>(known: readonly N[], code: 'backend-unknown' | 'engine-unknown') =>
  (text: string): N | '' => {
    // An empty variable is no choice.
    if (text === '') return '';
    const name = shortName(text, known);
    if (name === undefined) throw new InvalidArgumentError(renderProblem(problem(code, [text, known])));
    return name;
  };

export const asBackend = parser(backendNames, 'backend-unknown');
export const asEngine = parser(engineNames, 'engine-unknown');
