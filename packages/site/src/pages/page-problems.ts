// What a page can't be answered for, and what a form can be refused for.
import { catalogue } from '@glovebox/record';

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
  'not-signed-in': () => ({
    message: 'This needs somebody who is signed in, and nobody is.',
    hint: 'Sign in with a personal token, then try again.',
  }),
  'sign-in-unknown-token': () => ({
    message: 'The token is not known, or has been replaced by a newer one.',
    hint: 'Check that all of it was copied; a member of staff can give out a new one.',
  }),
  'sign-in-too-often': (minutes: number) => ({
    message: 'Signing in failed too often from this address.',
    hint: `Wait ${minutes} minutes, then try again.`,
  }),
  'form-from-elsewhere': () => ({
    message: 'The form was not sent from a page of this site, so nothing was changed.',
    hint: 'Open the page here and use its buttons.',
  }),
  'form-outdated': () => ({
    message: 'The form belongs to another sign-in than the present one, so nothing was changed.',
    hint: 'Go back, load the page again, and use its buttons.',
  }),
  'not-a-form': () => ({ message: 'A form of a page would be accepted here; something else was sent.' }),
  'form-incomplete': (what: string) => ({
    message: `${what} was not chosen, or is not one that the form offers.`,
    hint: 'Load the form again and choose one.',
  }),
  'may-not-request': (username: string, project: string) => ({
    message: `${username} may not run jobs of the project ${project} on any backend.`,
    hint: 'Ask a member of staff to add the person to the project and to a backend.',
  }),
  'commit-not-whole': (text: string) => ({
    message: `“${text}” is not a commit: all 40 characters of its identifier would be accepted, or nothing for the newest.`,
  }),
  'no-action-chosen': () => ({
    message: 'No action was chosen.',
    hint: 'Tick actions, or everything that is not up to date.',
  }),
  'nothing-to-cancel': () => ({
    message: 'Nothing was cancelled: what was to be cancelled has ended already.',
    hint: 'Load the page again to see how it ended.',
  }),
} as const;

export const pageProblem = catalogue(pageProblems);
