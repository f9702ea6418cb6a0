// Keeps what is said about a file readable: a file made for it has a hundred thousand things wrong, and whoever reads the list
// mends the first few and looks again.
import type { Problem } from '@glovebox/record';
import { problem } from './problems.js';

/** How many problems of one file are told. */
export const mostProblems = 100;

/** The first hundred, and then how many more there are and where the next of them is. */
export function firstProblems(problems: readonly Problem[]): readonly Problem[] {
  const next = problems[mostProblems];
  if (!next) return problems;
  return [
    ...problems.slice(0, mostProblems),
    problem('more-problems', [problems.length - mostProblems, mostProblems], next.place),
  ];
}
