// What can be wrong with a study's codelists.
import { catalogue } from '@glovebox/record';

const repair = 'Run `glovebox codelists update`, look at the changes, and commit them.';
const lists = (changes: Readonly<Record<string, readonly string[]>>): string =>
  Object.entries(changes)
    .filter(([, names]) => names.length > 0)
    .map(([kind, names]) => `\n  ${kind}: ${names.join(', ')}`)
    .join('');

export const codelistProblems = {
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
  'codelist-line-wrong': (line: string) => ({
    message: `"${line}" is no codelist; organisation/list/version or user/name/list/version is accepted.`,
    hint: 'Copy the part of the address after /codelist/ from the page of the version.',
  }),
  'codelist-twice': (line: string) => ({
    message: `The codelist ${line} is there twice.`,
    hint: 'Remove one of the two lines.',
  }),
  'codelist-versions-conflict': (list: string, first: string, second: string) => ({
    message: `The codelist ${list} is there in two versions, ${first} and ${second}; one is accepted.`,
    hint: 'Remove one of the two lines from codelists/codelists.txt, then run `glovebox codelists update`.',
  }),
  'codelist-names-collide': (first: string, second: string, file: string) => ({
    message: `The codelists ${first} and ${second} would both be the file ${file}.`,
    hint: 'Keep one of them.',
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
  'codelists-manifest-missing': (file: string) => ({ message: `There is no file ${file}.`, hint: repair }),
  'codelists-manifest-damaged': (file: string) => ({
    message: `${file} is not what glovebox writes.`,
    hint: repair,
  }),
  'codelists-differ-from-manifest': (added: readonly string[], removed: readonly string[]) => ({
    message: `codelists.txt is not what was downloaded last.${lists({ added, removed })}`,
    hint: repair,
  }),
  'codelist-files-differ': (added: readonly string[], removed: readonly string[]) => ({
    message: `The CSV files in codelists/ are not those that were downloaded.${lists({ added, removed })}`,
    hint: `${repair} A file of the study's own belongs in another folder.`,
  }),
  'codelist-files-changed': (changed: readonly string[]) => ({
    message: `CSV files in codelists/ were changed after they were downloaded.${lists({ changed })}`,
    hint: repair,
  }),
  'codelists-outdated': (added: readonly string[], removed: readonly string[], changed: readonly string[]) => ({
    message: `The codelists are not what the site would give today.${lists({ added, removed, changed })}`,
    hint: repair,
  }),
  'codelists-refused-upstream': (reason: string) => ({
    message: `The site refused to check the codelists: ${reason}`,
    hint: 'Check codelists/codelists.txt, then run `glovebox codelists update`.',
  }),
} as const;

export const problem = catalogue(codelistProblems);
