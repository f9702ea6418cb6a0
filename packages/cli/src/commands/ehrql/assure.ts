// `glovebox ehrql assure`: runs the tests that a researcher wrote for a dataset definition, without any data.
import { runAssurance } from '@glovebox/engines';
import { CommandFailure, type Terminal } from '../../command-line.js';
import { exitCodes } from './exit-codes.js';
import { loadTest } from './load-definition.js';
import { problem } from './problems.js';

export interface AssureOptions {
  /** The Python file with `dataset` and `test_data`. */
  readonly file: string;
  readonly parameters: readonly string[];
  readonly isSecure: boolean;
}

export async function assure({ file, parameters, isSecure }: AssureOptions, terminal: Terminal): Promise<void> {
  const test = await loadTest({ file, args: parameters, isSecure }, terminal);
  const report = runAssurance(test);
  if (!report.isPassed) throw new CommandFailure(exitCodes.assurance, [problem('assurance-failed', [report.text])]);
  terminal.out(report.text);
}
