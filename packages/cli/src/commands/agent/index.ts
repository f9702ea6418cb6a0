// `glovebox agent`: for the people beside the data. Nothing of it works from outside: it reads the folder of an agent.
import { Command, InvalidArgumentError } from 'commander';
import type { Terminal } from '../../command-line.js';
import type { LogOptions } from './show-log.js';

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value)) {
    throw new InvalidArgumentError('A whole number from 0 is accepted.');
  }
  return value;
}

export function agentCommand(terminal: Terminal): Command {
  return new Command('agent').description('Look into the folder of an agent, on the secure side.').addCommand(
    new Command('log')
      .description('Print the log of a job that runs or has ended.')
      .argument('<JOB>', 'its identifier, as its page shows it')
      .option('--data <DIR>', "the agent's data folder, from its configuration", '.glovebox/secure/tpp')
      .option('--follow', 'go on until the job has ended')
      .option('--from <OFFSET>', 'leave out so many bytes from the start', wholeNumber)
      .option('--tail <LINES>', 'begin with the last lines; what was before them is told by its offset', wholeNumber)
      .action(async (job: string, options: LogOptions) => {
        const { showLog } = await import('./show-log.js');
        await showLog(job, options, terminal);
      }),
  );
}
