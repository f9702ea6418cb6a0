// Whether a study's codelists.txt, codelists.json and CSV files agree: what can be checked without the site that they come from.
import type { Problem } from '@glovebox/record';
import { readCodelistList, type Codelist } from './codelist-list.js';
import { digestOf, isProblem, manifestPath, readManifest, type CodelistManifest } from './manifest.js';
import { problem } from './problems.js';

const missingFrom = (these: readonly string[], those: readonly string[]): string[] => {
  const known = new Set(those);
  return these.filter((name) => !known.has(name));
};

/** @param csv the CSV files of the folder `codelists`, by name, sorted */
export function codelistDifferences(
  codelists: readonly Codelist[],
  manifest: CodelistManifest,
  csv: ReadonlyMap<string, string>,
): Problem[] {
  const wanted = codelists.map(({ id }) => id);
  const downloaded = Object.values(manifest).map(({ id }) => id);
  const added = missingFrom(wanted, downloaded);
  const removed = missingFrom(downloaded, wanted);
  const known = Object.keys(manifest);
  const files = [...csv.keys()];
  const newFiles = missingFrom(files, known);
  const goneFiles = missingFrom(known, files);
  const changed = [...csv]
    .filter(([name, text]) => Object.hasOwn(manifest, name) && digestOf(text) !== manifest[name]?.sha)
    .map(([name]) => name);
  return [
    ...(added.length + removed.length > 0 ? [problem('codelists-differ-from-manifest', [added, removed])] : []),
    ...(newFiles.length + goneFiles.length > 0 ? [problem('codelist-files-differ', [newFiles, goneFiles])] : []),
    ...(changed.length > 0 ? [problem('codelist-files-changed', [changed])] : []),
  ];
}

/** The files of the folder `codelists` at a commit; a text is undefined when there is no such file. */
export interface CodelistFiles {
  readonly list: string | undefined;
  readonly manifest: string | undefined;
  readonly csv: ReadonlyMap<string, string>;
}

/** Everything that is wrong with them. A study without codelists.txt and codelists.json has none to be wrong. */
export function codelistFolderProblems({ list, manifest, csv }: CodelistFiles): readonly Problem[] {
  if (list === undefined && manifest === undefined) return [];
  const { codelists, problems } = readCodelistList(list ?? '');
  if (problems.length > 0) return problems;
  if (manifest === undefined)
    return codelists.length === 0 && csv.size === 0 ? [] : [problem('codelists-manifest-missing', [manifestPath])];
  const read = readManifest(manifest);
  return isProblem(read) ? [read] : codelistDifferences(codelists, read, csv);
}
