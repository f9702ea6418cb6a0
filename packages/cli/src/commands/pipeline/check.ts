// `glovebox pipeline check FILE [--json]`. The JSON form is a contract that other programs rely on.
import { readPipeline, type ReadPipeline } from '@glovebox/pipeline';
import { renderProblem, type Problem } from '@glovebox/record';
import { CommandFailure, type Terminal } from '../../command-line.js';
import { readStudyFile } from './study-file.js';

export interface CheckOptions {
  readonly file: string;
  readonly json: boolean;
}

const flat = ({ code, message, hint, place }: Problem) => ({
  code,
  message,
  line: place?.line ?? 1,
  column: place?.column ?? 1,
  path: place?.path,
  ...(hint === undefined ? {} : { hint }),
  ...(place?.excerpt === undefined ? {} : { excerpt: place.excerpt }),
});

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
    problems: problems.map(flat),
    warnings: warnings.map(flat),
  };
  return `${JSON.stringify(value)}\n`;
}

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

export async function checkPipeline({ file, json }: CheckOptions, terminal: Terminal): Promise<void> {
  const read = readPipeline(await readStudyFile(file), file);
  if (json) {
    terminal.out(asJson(read));
    if (read.problems.length > 0) throw new CommandFailure(1, []);
    return;
  }
  for (const warning of read.warnings) terminal.error(`warning: ${renderProblem(warning)}\n\n`);
  if (read.problems.length > 0) throw new CommandFailure(1, read.problems);
  terminal.out(
    `${file} is valid: version ${read.pipeline?.version}, ${plural(read.pipeline?.actions.length ?? 0, 'action')}.\n`,
  );
}
