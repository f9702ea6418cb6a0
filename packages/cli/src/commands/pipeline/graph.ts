// `glovebox pipeline graph FILE`: the dependency graph as text, needs before the actions that need them.
import { needsFirst, readPipeline } from '@glovebox/pipeline';
import { CommandFailure, type Terminal } from '../../command-line.js';
import { readStudyFile } from './study-file.js';

const marks = {
  highly_sensitive: '[high]',
  moderately_sensitive: '[moderate]',
  minimally_sensitive: '[minimal]',
} as const;

export async function graphPipeline({ file }: { readonly file: string }, terminal: Terminal): Promise<void> {
  const { pipeline, problems } = readPipeline(await readStudyFile(file), file);
  if (!pipeline) throw new CommandFailure(1, problems);
  const width = Math.max(0, ...pipeline.actions.map((action) => action.name.length));
  for (const action of needsFirst(pipeline)) {
    const levels = Object.keys(action.outputs).map((level) => marks[level as keyof typeof marks]);
    const needs = action.needs.length === 0 ? '' : `  <- ${action.needs.join(', ')}`;
    terminal.out(`${action.name.padEnd(width)}  ${levels.join(' ').padEnd(17)}${needs}`.trimEnd() + '\n');
  }
}
