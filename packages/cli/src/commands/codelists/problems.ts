// What can be wrong when codelists are fetched, beside what is wrong with a study's own files.
import { catalogue } from '@glovebox/record';

const repair = 'Run `glovebox codelists update`, look at the changes, and commit them.';
const lists = (changes: Readonly<Record<string, readonly string[]>>): string =>
  Object.entries(changes)
    .filter(([, names]) => names.length > 0)
    .map(([kind, names]) => `\n  ${kind}: ${names.join(', ')}`)
    .join('');

export const codelistCommandProblems = {
  'codelists-folder-missing': (folder: string) => ({
    message: `There is no folder ${folder}.`,
    hint: 'Change to the folder of the study, or add a first codelist: glovebox codelists add URL',
  }),
  'codelists-folder-link': (path: string) => ({
    message: `${path} is a link; what the study itself holds is accepted.`,
    hint: `Remove the link: rm ${path}`,
  }),
  'codelists-file-missing': (file: string) => ({
    message: `There is no file ${file}.`,
    hint: 'It has one codelist a line, as organisation/list/version; `glovebox codelists add URL` writes it.',
  }),
  'codelist-address-wrong': (url: string, site: string) => ({
    message: `${url} is not the address of a version of a codelist; ${site}/codelist/organisation/list/version/ would be.`,
    hint: 'Open the version in a browser and copy its address. Another site is named with --site.',
  }),
  'codelist-download-failed': (url: string, reason: string) => ({
    message: `${url} could not be downloaded: ${reason}.`,
    hint: 'Check the address in a browser and the connection, then run the same command again. Nothing was changed.',
  }),
  'codelist-draft': (url: string) => ({
    message: `The codelist version at ${url} is a draft; a version under review or published is accepted.`,
    hint: 'Ask for the version to be published on the site, or use another one. Nothing was changed.',
  }),
  'codelist-not-found': (url: string) => ({
    message: `No codelist was found at ${url}.`,
    hint: 'Check that the address names a version. Nothing was changed.',
  }),
  'codelists-outdated': (added: readonly string[], removed: readonly string[], changed: readonly string[]) => ({
    message: `The codelists are not what the site would give today.${lists({ added, removed, changed })}`,
    hint: repair,
  }),
  'codelists-upstream-silent': (site: string) => ({
    message: `${site} could not be asked whether the codelists are current.`,
    hint: 'Check the address and the connection; `glovebox codelists check` says whether the files agree.',
  }),
  'codelists-refused-upstream': (reason: string) => ({
    message: `The site refused to check the codelists: ${reason}`,
    hint: 'Check codelists/codelists.txt, then run `glovebox codelists update`.',
  }),
} as const;

export const problem = catalogue(codelistCommandProblems);
