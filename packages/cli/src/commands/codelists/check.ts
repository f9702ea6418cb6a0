// `glovebox codelists check`: whether codelists.txt, codelists.json and the CSV files agree, and the site with them.
import { codelistDifferences, codelistProblem, isProblem, manifestPath, readManifest } from '@glovebox/pipeline';
import { CommandFailure, type Terminal } from '../../command-line.js';
import { renderProblem } from '@glovebox/record';
import { csvFilesIn, folderOf, isThere, manifestFile, openList, readText } from './codelists-folder.js';
import { askUpstream } from './codelists-site.js';
import { problem } from './problems.js';

/** @throws CommandFailure with exit code 1 */
export async function checkCodelists(projectDir: string, site: string, terminal: Terminal): Promise<void> {
  const folder = folderOf(projectDir);
  if (!(await isThere(folder))) {
    terminal.out('This study has no codelists folder, so there is nothing to check.\n');
    return;
  }
  const { text, codelists } = await openList(folder);
  const manifestJson = await readText(folder, manifestFile);
  if (manifestJson === undefined)
    throw new CommandFailure(1, [codelistProblem('codelists-manifest-missing', [manifestPath])]);
  const manifest = readManifest(manifestJson);
  if (isProblem(manifest)) throw new CommandFailure(1, [manifest]);
  const csv = new Map<string, string>();
  for (const file of await csvFilesIn(folder)) csv.set(file, (await readText(folder, file)) ?? '');
  const problems = codelistDifferences(codelists, manifest, csv);
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
