// Copies the working tree of a study as an action sees it: everything but git's folder, `metadata`, and whatever any action's
// output pattern matches, so that an action can't read by accident what it does not say it needs.
import { cp } from 'node:fs/promises';
import { relative, sep } from 'node:path';
import { patternMatcher } from '@glovebox/execution';
import type { Pipeline } from '@glovebox/pipeline';

const leftOut = new Set(['.git', 'metadata', '.glovebox', 'node_modules']);

export async function copyStudyCode(study: string, pipeline: Pipeline, folder: string): Promise<void> {
  const patterns = pipeline.actions.flatMap((action) =>
    Object.values(action.outputs).flatMap((level) => Object.values(level).map(patternMatcher)),
  );
  await cp(study, folder, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (from) => {
      const path = relative(study, from).split(sep).join('/');
      if (path === '') return true;
      return !leftOut.has(path.split('/')[0] ?? '') && !patterns.some((pattern) => pattern(path));
    },
  });
}
