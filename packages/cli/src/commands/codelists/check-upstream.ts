// `glovebox codelists check-upstream`: whether the site would give the same files today. What the folder holds is for `check`.
import { codelistProblem, manifestPath } from '@glovebox/pipeline';
import { renderProblem, type Problem } from '@glovebox/record';
import { CommandFailure, type Terminal } from '../../command-line.js';
import { flat, type Result } from '../../json-result.js';
import { folderOf, manifestFile, openList, readText } from './codelists-folder.js';
import { askUpstream, type UpstreamAnswer } from './codelists-site.js';
import { problem } from './problems.js';

/** @throws CommandFailure with exit code 1, also when the site can't be asked; within a workflow on GitHub only for the files */
export async function checkUpstream(projectDir: string, site: string, terminal: Terminal): Promise<Result> {
  const folder = folderOf(projectDir);
  const { text, codelists } = await openList(folder);
  const manifest = await readText(folder, manifestFile);
  if (manifest === undefined)
    throw new CommandFailure(1, [codelistProblem('codelists-manifest-missing', [manifestPath])]);
  const answer = await askUpstream(site, text, manifest);
  const found = answer === undefined ? problem('codelists-upstream-silent', [site]) : disagreement(answer);
  if (found) failUnlessInWorkflow(found, terminal);
  else terminal.out(`Codelists are current: ${codelists.length} checked.\n`);
  return {
    exitCode: 0,
    value: found
      ? { upstream: 'differs', warnings: [flat(found)] }
      : { checked: codelists.length, upstream: 'current' },
  };
}

/** What the site has against the codelists; undefined when nothing. */
export function disagreement({ status, error, added, removed, changed }: UpstreamAnswer): Problem | undefined {
  if (status === 'ok') return undefined;
  if (error !== undefined) return problem('codelists-refused-upstream', [error]);
  return problem('codelists-outdated', [added, removed, changed]);
}

/** A study's checks do not start to fail because a site changed its mind. */
export function failUnlessInWorkflow(found: Problem, terminal: Terminal): void {
  if (process.env['GITHUB_WORKFLOW'] === undefined) throw new CommandFailure(1, [found]);
  terminal.error(`warning: ${renderProblem(found)}\n`);
}
