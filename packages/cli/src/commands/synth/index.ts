// `glovebox synth`: a synthetic backend database, for `glovebox up` and for measuring.
import { Command, InvalidArgumentError } from 'commander';
import { processTerminal, type Terminal } from '../../command-line.js';
import { runSynth, type SynthOptions } from './run.js';

export function synthCommand(terminal: Terminal = processTerminal): Command {
  return new Command('synth')
    .description('Make a synthetic backend database: patients that do not exist, in the shape of a real backend.')
    .requiredOption('--patients <N>', 'how many patients', wholeNumber)
    .requiredOption('--out <DIR>', 'the folder that gets database.duckdb and release.json')
    .option('--seed <S>', 'the same seed gives the same database', '1')
    .option('--codelists <DIR...>', 'folders of CSV codelists whose codes should occur', [])
    .option('--memory-limit <SIZE>', 'memory that the database engine may use', '4GiB')
    .action((options: SynthOptions) => runSynth(options, terminal));
}

function wholeNumber(text: string): number {
  if (!/^[0-9]{1,12}$/.test(text)) throw new InvalidArgumentError('A whole number is accepted.');
  return Number(text);
}
