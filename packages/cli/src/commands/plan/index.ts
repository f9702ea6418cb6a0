// `glovebox plan`: what `glovebox run` with the same words would run and why, and what it would reuse. It changes nothing.
import { Command } from 'commander';
import type { Terminal } from '../../command-line.js';
import type { ExecutorName } from '../run/executor.js';
import { executorOption } from '../run/index.js';

interface Options {
  forceRunDependencies?: true;
  projectDir: string;
  json?: true;
  executor?: ExecutorName;
}

export function planCommand(terminal: Terminal): Command {
  return new Command('plan')
    .description('Say what would run and why, and what would be reused, without running it.')
    .argument('[ACTION...]', 'names from project.yaml, or run_all (default: run_all)')
    .option('-f, --force-run-dependencies', 'as for `glovebox run`')
    .option('--project-dir <DIR>', 'the folder of the study', '.')
    .option('--json', 'print it as JSON, with every reason as data')
    .addOption(executorOption())
    .action(async (actions: string[], options: Options) => {
      const { showPlan } = await import('./show-plan.js');
      const requested = actions.length === 0 ? ['run_all'] : actions;
      const { forceRunDependencies: force = false, projectDir, json: isJson = false, executor } = options;
      await showPlan({ actions: requested, force, projectDir, isJson, executor }, terminal);
    });
}
