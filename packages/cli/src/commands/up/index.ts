// `glovebox up`: the whole platform on this machine, on loopback, as separate processes with separate data folders.
import { Command, InvalidArgumentError } from 'commander';
import type { Terminal } from '../../command-line.js';
import { runPlatform } from './run-platform.js';

function wholeNumber(least: number, most: number) {
  return (text: string): number => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < least || value > most)
      throw new InvalidArgumentError(`A whole number from ${least} to ${most} is accepted.`);
    return value;
  };
}

export function upCommand(terminal: Terminal): Command {
  return new Command('up')
    .description('Run the site, the controller, an agent and a synthetic backend on this machine until stopped.')
    .option('--port <N>', 'port of the site on 127.0.0.1; 0 picks a free one', wholeNumber(0, 65_535), 8090)
    .option('--data <DIR>', 'folder for everything that is kept', '.glovebox')
    .option('--patients <N>', 'size of the synthetic database, when it is made', wholeNumber(1, 100_000_000), 100_000)
    .option(
      '--lease-seconds <N>',
      'how long an agent may be silent before its work is given out again',
      wholeNumber(1, 3600),
      15,
    )
    .action((options: { port: number; data: string; patients: number; leaseSeconds: number }) =>
      runPlatform(options, terminal),
    );
}
