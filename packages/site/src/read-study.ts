// Reads what a request needs to know of a study at a commit: its pipeline, its files, what it says that actions read.
import { isUtf8 } from 'node:buffer';
import type { StudyAtCommit } from '@glovebox/controller';
import {
  codelistFolderProblems,
  readStudySettings,
  resolveReusable,
  settingsPath,
  type ImagePolicy,
} from '@glovebox/pipeline';
import { type Problem, ProblemError } from '@glovebox/record';
import type { Mirror } from '@glovebox/repository';
import { problem } from './api/problems.js';
import { readPipelineAside } from './read-pipeline.js';

export interface StudyRead {
  readonly commit: string;
  /** The text of project.yaml. */
  readonly pipelineText: string;
  readonly study: StudyAtCommit;
}

/** Throws ProblemError with everything that is wrong. The commit has been fetched. */
export async function readStudy(
  mirror: Mirror,
  commit: string,
  actions: readonly string[],
  policy: ImagePolicy,
): Promise<StudyRead> {
  async function readText(path: string): Promise<string | undefined> {
    const bytes = await mirror.readFile(commit, path);
    if (bytes && !isUtf8(bytes)) throw new ProblemError(problem('file-not-text', [path], { path }));
    return bytes && new TextDecoder().decode(bytes);
  }
  const pipelineText = await readText('project.yaml');
  if (pipelineText === undefined) throw new ProblemError(problem('pipeline-missing', [commit]));
  const { pipeline: written, problems } = await readPipelineAside(pipelineText);
  if (!written) throw new ProblemError(problems);
  const { pipeline, problems: unresolved } = await resolveReusable(written, actions, policy);
  if (unresolved.length > 0) throw new ProblemError(unresolved);
  const { settings, problems: settingsProblems } = readStudySettings(await readText(settingsPath), pipeline);
  if (settingsProblems.length > 0) throw new ProblemError(settingsProblems);
  const files = new Map((await mirror.listFiles(commit)).map(({ path, blob }) => [path, blob]));
  const usesDatabase = pipeline.actions.some((action) => action.usesDatabase);
  const codelistProblems = usesDatabase ? await readCodelists(mirror, commit, files) : [];
  return { commit, pipelineText, study: { pipeline, files, reads: settings.reads, codelistProblems } };
}

const codelistFile = /^codelists\/[^/]+\.csv$/i;
const mostCodelistBytes = 32 * 1024 * 1024;

/** What the codelists of a commit have against one another; the site that they come from is not asked. */
async function readCodelists(
  mirror: Mirror,
  commit: string,
  files: ReadonlyMap<string, string>,
): Promise<readonly Problem[]> {
  const csvPaths = [...files.keys()].filter((path) => codelistFile.test(path)).sort();
  const paths = ['codelists/codelists.txt', 'codelists/codelists.json', ...csvPaths];
  const contents = await mirror.readFiles(commit, paths, mostCodelistBytes);
  const [list, manifest, ...texts] = paths.map((path) => contents.get(path)?.toString('utf8'));
  const csv = new Map(csvPaths.map((path, i) => [path.slice('codelists/'.length), texts[i] ?? '']));
  return codelistFolderProblems({ list, manifest, csv });
}
