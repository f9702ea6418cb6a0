// What a call of the API can be refused for, apart from what is wrong with the study itself.
import { catalogue } from '@glovebox/record';

export const apiProblems = {
  'sign-in-needed': () => ({
    message:
      'This address needs a token, as the header "Authorization: Bearer TOKEN"; none was sent, or it is not known.',
    hint: 'A member of staff can give out a new token.',
  }),
  'not-allowed': (username: string, what: string) => ({ message: `${username} may not ${what}.` }),
  'not-json': () => ({ message: 'The body is not JSON.' }),
  'body-wrong': (where: string, found: string) => ({ message: where === '' ? found : `${where}: ${found}` }),
  'body-too-large': (limit: number) => ({ message: `The body is larger than ${limit} bytes.` }),
  'no-such-address': () => ({ message: 'There is nothing at this address.' }),
  'unknown-name': (kind: string, name: string) => ({ message: `There is no ${kind} called ${name}.` }),
  'exists-differently': (kind: string, name: string, fields: readonly string[]) => ({
    message: `The ${kind} ${name} exists already, with another value for: ${fields.join(', ')}.`,
    hint: 'Use another name, or send the values that it has.',
  }),
  'reserved-name': (name: string) => ({ message: `The name ${name} is kept for addresses of the site itself.` }),
  'pipeline-missing': (commit: string) => ({
    message: `The commit ${commit} has no file project.yaml at the top of the repository.`,
    hint: 'Add project.yaml, commit and push, then request again.',
  }),
  'pipeline-takes-too-long': (seconds: number) => ({
    message: `project.yaml could not be read within ${seconds} seconds.`,
    hint: 'Split the study into several, each with fewer actions.',
  }),
  'file-not-text': (path: string) => ({ message: `${path} is not text in UTF-8.` }),
  fault: () => ({
    message: 'Something went wrong in Glovebox itself; nothing was changed.',
    hint: 'Try again; if it happens again, tell the team the time at which it happened.',
  }),
} as const;

export const problem = catalogue(apiProblems);
