// What can be wrong with a study's codelists, seen from its own files.
import { catalogue } from '@glovebox/record';

const repair = 'Run `glovebox codelists update`, look at the changes, and commit them.';
const lists = (changes: Readonly<Record<string, readonly string[]>>): string =>
  Object.entries(changes)
    .filter(([, names]) => names.length > 0)
    .map(([kind, names]) => `\n  ${kind}: ${names.join(', ')}`)
    .join('');

export const codelistProblems = {
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
} as const;

export const problem = catalogue(codelistProblems);
