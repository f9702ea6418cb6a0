// What can keep a command for staff from reaching the site, or the site from doing it.
import { catalogue } from '@glovebox/record';

export const adminProblems = {
  'admin-site-unnamed': () => ({
    message: 'No site is named.',
    hint: 'Name it with --site https://jobs.example.org, or in GLOVEBOX_SITE. `glovebox up` says where its own is.',
  }),
  'admin-site-wrong': (site: string) => ({
    message: `${site} is not the address of a site; one such as https://jobs.example.org is accepted.`,
    hint: 'http:// is accepted for this machine only, since the token goes along.',
  }),
  'admin-token-unnamed': () => ({
    message: "No file with a person's token is named.",
    hint: 'Name it with --token-file FILE, or in GLOVEBOX_TOKEN_FILE. A token itself is never an argument, which others on the machine could read.',
  }),
  'admin-token-unreadable': (file: string) => ({
    message: `${file} can't be read, or holds no token.`,
    hint: 'It is to hold one line, the token that the site showed once, and be readable only by its owner.',
  }),
  'admin-token-open': (file: string) => ({
    message: `${file} may be read by others on this machine, and a token is a secret.`,
    hint: `chmod 600 ${file}`,
  }),
  'admin-site-unreachable': (site: string, reason: string) => ({
    message: `${site} does not answer: ${reason}.`,
    hint: 'Check the address and the connection, then run the same command again.',
  }),
  'admin-scheduling-wrong': (file: string) => ({
    message: `${file} holds no JSON object.`,
    hint: 'Begin with what is set now: glovebox admin backend scheduling BACKEND > FILE',
  }),
  'admin-answer-odd': (site: string, status: number) => ({
    message: `${site} answered ${status}, and not as a Glovebox site does.`,
    hint: 'Check that the address is that of the site, without a path.',
  }),
} as const;

export const problem = catalogue(adminProblems);
