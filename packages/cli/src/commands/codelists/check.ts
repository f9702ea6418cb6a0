// `glovebox codelists check`: whether codelists.txt, codelists.json and the CSV files agree, and the site with them.
import { codelistDifferences, codelistProblem, isProblem, manifestPath, readManifest } from '@glovebox/pipeline';
import { CommandFailure, type Terminal } from '../../command-line.js';
import { flat, type Result } from '../../json-result.js';
import { disagreement, failUnlessInWorkflow } from './check-upstream.js';
import { csvFilesIn, folderOf, isThere, manifestFile, openList, readText } from './codelists-folder.js';
import { askUpstream } from './codelists-site.js';

/** @throws CommandFailure with exit code 1 */
export async function checkCodelists(projectDir: string, site: string, terminal: Terminal): Promise<Result> {
  const folder = folderOf(projectDir);
  if (!(await isThere(folder))) {
    terminal.out('This study has no codelists folder, so there is nothing to check.\n');
    return { exitCode: 0, value: { checked: 0 } };
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
  const found = answer && disagreement(answer);
  if (answer === undefined) {
    terminal.error(`note: ${site} could not be asked whether the codelists are current.\n`);
  } else if (found) {
    failUnlessInWorkflow(found, terminal);
    return { exitCode: 0, value: { checked: codelists.length, upstream: 'differs', warnings: [flat(found)] } };
  }
  terminal.out(`Codelists OK: ${codelists.length} checked.\n`);
  const upstream = answer === undefined ? 'not asked' : 'current';
  return { exitCode: 0, value: { checked: codelists.length, upstream } };
}
