// `glovebox pipeline`: looks at a project.yaml without running anything.
import { Command } from 'commander';
import type { Terminal } from '../../command-line.js';
import { checkPipeline } from './check.js';
import { graphPipeline } from './graph.js';

export function pipelineCommand(terminal: Terminal): Command {
  const command = new Command('pipeline').description('Check or draw a project.yaml.');
  command
    .command('check')
    .description('Report every problem of a project.yaml with its place; exits 0 when there is none.')
    .argument('FILE', 'the project.yaml')
    .option('--json', 'print the parsed pipeline and the problems as JSON')
    .action((file: string, options: { json?: boolean }) =>
      checkPipeline({ file, json: options.json === true }, terminal),
    );
  command
    .command('graph')
    .description('Print which actions need which, in the order that they can run.')
    .argument('FILE', 'the project.yaml')
    .action((file: string) => graphPipeline({ file }, terminal));
  return command;
}
