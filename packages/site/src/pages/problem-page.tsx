// A page for what could not be answered: what is so and where to go on.
import { catalogue, type Problem } from '@glovebox/record';
import { SitePage } from './site-layout.js';

export const pageProblems = {
  'page-missing': (path: string) => ({
    message: `There is no page at ${path}.`,
    hint: 'Check the address, or start from the list of all job requests.',
  }),
  'job-ambiguous': (prefix: string) => ({
    message: `More than one job of this request has an identifier that begins with ${prefix}.`,
    hint: 'Give more characters of the identifier; all 16 always find one job.',
  }),
  'page-number-wrong': (text: string) => ({
    message: `The page was asked for by “${text}”, which is not the number of a job request.`,
    hint: 'Give a whole number from 1, for example ?before=200.',
  }),
  'page-failed': () => ({
    message: 'This page could not be made.',
    hint: 'Load it again in a moment; the team has been told.',
  }),
  'too-many-readers': () => ({
    message: 'Too many readers follow changes at the moment.',
    hint: 'The page itself is complete; load it again to see what changed.',
  }),
} as const;

export const pageProblem = catalogue(pageProblems);

export const ProblemPage = ({ title, problem }: { readonly title: string; readonly problem: Problem }) => (
  <SitePage title={title}>
    <div class="intro">
      <h1>{title}</h1>
      <p>{problem.message}</p>
      {problem.hint && <p>{problem.hint}</p>}
      <p>
        <a href="/event-log">All job requests</a>
      </p>
    </div>
  </SitePage>
);
