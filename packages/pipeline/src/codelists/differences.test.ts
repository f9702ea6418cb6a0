import { expect, it } from 'vitest';
import { codelistFolderProblems, type CodelistFiles } from './differences.js';
import { digestOf } from './manifest.js';

const csv = 'code,term\nA1,Asthma\n';
const entry = { id: 'org/asthma/2f3a', url: 'https://example.org/', downloaded_at: '2026-01-01 00:00:00.000000Z' };
const manifest = (sha = digestOf(csv)): string => JSON.stringify({ files: { 'org-asthma.csv': { ...entry, sha } } });
const good: CodelistFiles = {
  list: 'org/asthma/2f3a\n',
  manifest: manifest(),
  csv: new Map([['org-asthma.csv', csv]]),
};

it.each<[string, Partial<CodelistFiles>, readonly string[]]>([
  ['files as they were downloaded', {}, []],
  ['other line endings', { csv: new Map([['org-asthma.csv', 'code,term\r\nA1,Asthma']]) }, []],
  ['no codelists at all', { list: undefined, manifest: undefined, csv: new Map() }, []],
  ['an empty list and nothing else', { list: '\n', manifest: undefined, csv: new Map() }, []],
  ['a changed file', { csv: new Map([['org-asthma.csv', `${csv}A2,More\n`]]) }, ['codelist-files-changed']],
  ['a newer version in the list', { list: 'org/asthma/9999\n' }, ['codelists-differ-from-manifest']],
  ['a file too many', { csv: new Map([...good.csv, ['own.csv', 'x']]) }, ['codelist-files-differ']],
  ['a file too few', { csv: new Map() }, ['codelist-files-differ']],
  ['no manifest', { manifest: undefined }, ['codelists-manifest-missing']],
  ['a manifest that is none', { manifest: '[]' }, ['codelists-manifest-damaged']],
  ['a line that is none', { list: 'asthma\n' }, ['codelist-line-wrong']],
])('%s', (_, change, codes) => {
  expect(codelistFolderProblems({ ...good, ...change }).map(({ code }) => code)).toEqual(codes);
});
