// Everything that a job request can be refused for, apart from what the pipeline itself says.
import { catalogue } from '@glovebox/record';

export const controllerProblems = {
  'unknown-workspace': (name: string) => ({ message: `There is no workspace called ${name}.` }),
  'unknown-backend': (slug: string, known: readonly string[]) => ({
    message: `There is no backend called ${slug}.`,
    ...(known.length > 0 ? { hint: `Backends: ${known.join(', ')}.` } : {}),
  }),
  'may-not-run': (username: string, project: string, backend: string) => ({
    message: `${username} may not run jobs of the project ${project} on the backend ${backend}.`,
    hint: 'Ask a member of staff to add the person to the project and to the backend.',
  }),
  'codelists-stale': (action: string) => ({
    message: `The codelists of the study are out of date, and \`${action}\` would query the database with them.`,
    hint: 'Run `glovebox codelists update`, commit the result and push it, then request again.',
  }),
  'request-repeated-differently': () => ({
    message: 'A job request was made with the same key before, and it asked for something else.',
    hint: 'Use a new key for a new request.',
  }),
  'unknown-job-request': (number: number) => ({ message: `There is no job request ${number}.` }),
  'unknown-job': (identifier: string) => ({ message: `There is no job ${identifier}.` }),
  'unknown-request-action': (action: string, number: number) => ({
    message: `Job request ${number} has no job for an action called ${action}.`,
  }),
} as const;

export const problem = catalogue(controllerProblems);
