// `glovebox pipeline check FILE [--json]`. The JSON form is a contract that other programs rely on.
import { readPipeline, type ReadPipeline } from '@glovebox/pipeline';
import { renderProblem, type Problem } from '@glovebox/record';
import { CommandFailure, type Terminal } from '../../command-line.js';
import { flat } from '../../json-result.js';
import { readStudyFile } from './study-file.js';

export interface CheckOptions {
  readonly file: string;
  readonly json: boolean;
}

/** All of them are in a file: one that says no more is at its start. */
const placed = (problem: Problem): object => ({ line: 1, column: 1, ...flat(problem) });

function asJson({ pipeline, problems, warnings }: ReadPipeline): string {
  const value = {
    ok: problems.length === 0,
    version: pipeline?.version ?? null,
    actions: (pipeline?.actions ?? []).map(({ name, image, tag, args, needs, outputs, config }) => ({
      name,
      image,
      tag,
      args,
      needs,
      outputs,
      config,
    })),
    problems: problems.map(placed),
    warnings: warnings.map(placed),
  };
  return `${JSON.stringify(value)}\n`;
}

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

export async function checkPipeline({ file, json }: CheckOptions, terminal: Terminal): Promise<void> {
  if (json) {
    const read = await readOrProblems(file);
    terminal.out(asJson(read));
    if (read.problems.length > 0) throw new CommandFailure(1, []);
    return;
  }
  const { pipeline, problems, warnings } = readPipeline(await readStudyFile(file), file);
  for (const warning of warnings) terminal.error(`warning: ${renderProblem(warning)}\n\n`);
  if (!pipeline) throw new CommandFailure(1, problems);
  terminal.out(`${file} is valid: version ${pipeline.version}, ${plural(pipeline.actions.length, 'action')}.\n`);
}

/** With a file that can't be read as a problem like the others. */
async function readOrProblems(file: string): Promise<ReadPipeline> {
  try {
    return readPipeline(await readStudyFile(file), file);
  } catch (error) {
    if (!(error instanceof CommandFailure)) throw error;
    return { problems: error.problems, warnings: [] };
  }
}
