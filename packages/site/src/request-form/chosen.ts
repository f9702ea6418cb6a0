// What the form of a job request holds: from the address, so that a page can link to a form that is filled in, or as it was sent.
import { type Problem } from '@glovebox/record';
import { pageProblem } from '../pages/page-problems.js';

export interface Chosen {
  /** Slug; empty when none was chosen. */
  readonly backend: string;
  /** As it was typed; empty for the branch's newest. */
  readonly commit: string;
  readonly actions: readonly string[];
  readonly force: boolean;
}

const mostActions = 10_000;

export const readChosen = (fields: URLSearchParams): Chosen => ({
  backend: fields.get('backend') ?? '',
  commit: (fields.get('commit') ?? '').trim().toLowerCase(),
  actions: [...new Set(fields.getAll('action'))].filter((action) => action !== '').slice(0, mostActions),
  force: fields.get('force') === 'true',
});

/** What can be said of it before anything is read. */
export function chosenProblems({ commit, actions }: Chosen): readonly Problem[] {
  return [
    ...(commit === '' || /^[0-9a-f]{40}$/.test(commit) ? [] : [pageProblem('commit-not-whole', [commit.slice(0, 60)])]),
    ...(actions.length === 0 ? [pageProblem('no-action-chosen', [])] : []),
  ];
}
