// Compares two commits of one repository: the summary, and each file's difference ready to be shown.
// Commits never change, so a comparison is kept after it is first made.
import { setImmediate } from 'node:timers/promises';
import type { Pipeline } from '@glovebox/pipeline';
import type { ChangedFile } from '@glovebox/repository';
import type { StudyCode } from '../pages/study-code.js';
import { readPipelineAside } from '../read-pipeline.js';
import { type Hunk, hunksOf } from './hunks.js';
import { sentencesOf } from './sentences.js';
import { type ComparisonSummary, summarise } from './summary.js';

export interface FileDifference {
  readonly path: string;
  /** Where the file was before, when it was renamed. */
  readonly previousPath: string | null;
  readonly status: ChangedFile['status'];
  /** Lines; `null` for a binary file. */
  readonly added: number | null;
  readonly deleted: number | null;
  /** `null` with `why` when there is nothing to show. */
  readonly hunks: readonly Hunk[] | null;
  readonly why: string | null;
}

export interface Comparison {
  readonly from: string;
  readonly to: string;
  readonly summary: ComparisonSummary;
  readonly sentences: readonly string[];
  readonly files: readonly FileDifference[];
  /** How many more files changed than are listed. */
  readonly unlisted: number;
}

/** Past these, files are listed with their counts only. */
const mostShownFiles = 60;
const mostShownLines = 3000;

function difference(file: ChangedFile, isWithinLimits: boolean): FileDifference {
  const { path, previousPath, status, added, deleted } = file;
  const without = (why: string): FileDifference => ({ path, previousPath, status, added, deleted, hunks: null, why });
  if (file.isBinary) return without('A binary file; its content is not shown.');
  if (file.isTooLarge) return without('Too large to be shown here.');
  if (!isWithinLimits) return without('Not shown here, because this comparison is long already.');
  const hunks = hunksOf(file.before ?? '', file.after ?? '');
  return hunks
    ? { path, previousPath, status, added, deleted, hunks, why: null }
    : without('Too different to be shown line by line.');
}

/** @throws when the repository can't be read or lacks one of the commits */
export async function compareCommits(code: StudyCode, from: string, to: string): Promise<Comparison> {
  const { files, unlisted } = await code.compare(from, to);
  const pipelineAt = async (commit: string): Promise<Pipeline | undefined> => {
    const text = await code.readText(commit, 'project.yaml');
    return text === null ? undefined : (await readPipelineAside(text)).pipeline;
  };
  const [was, is] = await Promise.all([pipelineAt(from), pipelineAt(to)]);
  const summary = summarise(files, was, is);
  let lines = 0;
  const differences: FileDifference[] = [];
  for (const [i, file] of files.entries()) {
    lines += (file.added ?? 0) + (file.deleted ?? 0);
    differences.push(difference(file, i < mostShownFiles && lines <= mostShownLines));
    // Each takes a moment; others have their turn between them.
    await setImmediate();
  }
  return { from, to, summary, sentences: sentencesOf(summary), files: differences, unlisted };
}
