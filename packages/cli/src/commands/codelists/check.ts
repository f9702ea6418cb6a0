// `glovebox codelists check`: whether codelists.txt, codelists.json and the CSV files agree, and the site with them.
import { CommandFailure, type Terminal } from '../../command-line.js';
import { renderProblem, type Problem } from '@glovebox/record';
import { csvFilesIn, folderOf, isThere, manifestFile, openList, readText } from './codelists-folder.js';
import { askUpstream } from './codelists-site.js';
import type { Codelist } from './codelist-list.js';
import { digestOf, isProblem, manifestPath, readManifest, type CodelistManifest } from './manifest.js';
import { problem } from './problems.js';

const missingFrom = (these: readonly string[], those: readonly string[]): string[] => {
  const known = new Set(those);
  return these.filter((name) => !known.has(name));
};

/** @throws CommandFailure with exit code 1 */
export async function checkCodelists(projectDir: string, site: string, terminal: Terminal): Promise<void> {
  const folder = folderOf(projectDir);
  if (!(await isThere(folder))) {
    terminal.out('This study has no codelists folder, so there is nothing to check.\n');
    return;
  }
  const { text, codelists } = await openList(folder);
  const manifestJson = await readText(folder, manifestFile);
  if (manifestJson === undefined) throw new CommandFailure(1, [problem('codelists-manifest-missing', [manifestPath])]);
  const manifest = readManifest(manifestJson);
  if (isProblem(manifest)) throw new CommandFailure(1, [manifest]);
  const problems = await findDifferences(folder, codelists, manifest);
  if (problems.length > 0) throw new CommandFailure(1, problems);

  const answer = await askUpstream(site, text, manifestJson);
  if (answer === undefined) {
    terminal.error(`note: ${site} could not be asked whether the codelists are current.\n`);
  } else if (answer.status === 'error') {
    const { error, added, removed, changed } = answer;
    const found =
      error === undefined
        ? problem('codelists-outdated', [added, removed, changed])
        : problem('codelists-refused-upstream', [error]);
    // A study's checks do not start to fail because a site changed its mind.
    if (process.env['GITHUB_WORKFLOW'] === undefined) throw new CommandFailure(1, [found]);
    terminal.error(`warning: ${renderProblem(found)}\n`);
    return;
  }
  terminal.out(`Codelists OK: ${codelists.length} checked.\n`);
}

async function findDifferences(
  folder: string,
  codelists: readonly Codelist[],
  manifest: CodelistManifest,
): Promise<Problem[]> {
  const wanted = codelists.map(({ id }) => id);
  const downloaded = Object.values(manifest).map(({ id }) => id);
  const added = missingFrom(wanted, downloaded);
  const removed = missingFrom(downloaded, wanted);
  const files = await csvFilesIn(folder);
  const known = Object.keys(manifest);
  const newFiles = missingFrom(files, known);
  const goneFiles = missingFrom(known, files);
  const changed: string[] = [];
  for (const file of files.filter((name) => Object.hasOwn(manifest, name))) {
    if (digestOf((await readText(folder, file)) ?? '') !== manifest[file]?.sha) changed.push(file);
  }
  return [
    ...(added.length + removed.length > 0 ? [problem('codelists-differ-from-manifest', [added, removed])] : []),
    ...(newFiles.length + goneFiles.length > 0 ? [problem('codelist-files-differ', [newFiles, goneFiles])] : []),
    ...(changed.length > 0 ? [problem('codelist-files-changed', [changed])] : []),
  ];
}
