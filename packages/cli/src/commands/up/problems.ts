// What can keep the platform from starting.
import { catalogue } from '@glovebox/record';

export const upProblems = {
  'already-running': (folder: string, site: string) => ({
    message: `A platform is running from ${folder} already, at ${site}.`,
    hint: 'Use that one, stop it first, or name another folder with --data.',
  }),
  'site-did-not-start': (detail: string) => ({
    message: `The site could not be started: ${detail}.`,
    hint: 'The lines above say why; a port that is in use can be changed with --port.',
  }),
  'agent-did-not-start': (detail: string) => ({
    message: `The agent could not be started: ${detail}.`,
    hint: 'The lines above say why.',
  }),
  'site-refused': (what: string, status: number) => ({ message: `The site answered ${status} when asked to ${what}.` }),
} as const;

export const problem = catalogue(upProblems);
