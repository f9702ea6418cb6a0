// `glovebox run`: runs actions of a study on this machine, on dummy data. The options are those that researchers know.
import { Command, Option } from 'commander';
import type { Terminal } from '../../command-line.js';
import { executorNames, type ExecutorName } from './executor.js';
import { memorySize, positiveNumber } from './sizes.js';

interface Options {
  forceRunDependencies?: true;
  projectDir: string;
  continueOnError?: true;
  timestamps?: true;
  debug?: true;
  formatOutputForGithub?: true;
  concurrency: number;
  memory: number;
  cpus?: number;
  executor?: ExecutorName;
  json?: true;
}

export function runCommand(terminal: Terminal): Command {
  return new Command('run')
    .description('Run actions of the study in this folder on dummy data, with everything that they need.')
    .argument('[ACTION...]', 'names from project.yaml, or run_all')
    .option('-f, --force-run-dependencies', 'also run again what succeeded before')
    .option('--project-dir <DIR>', 'the folder of the study', '.')
    .option('--continue-on-error', 'go on with actions that do not need the one that failed')
    .option('--timestamps', 'put the time before each line')
    .option('--debug', 'keep a copy of the folder that each action ran in, until `glovebox clean`')
    .option('--format-output-for-github', 'print whole logs, folded as GitHub Actions folds them')
    .option('-c, --concurrency <N>', 'how many actions may run at the same time', positiveNumber, 2)
    .option('-m, --memory <SIZE>', 'memory that each action may use', memorySize, memorySize('4G'))
    .option('--cpu, --cpus <N>', 'processors that each action may use (default: all)', positiveNumber)
    .option('--json', 'print the result as one JSON object, and progress on standard error')
    .addOption(executorOption())
    .action(async (actions: string[], options: Options) => {
      const { runStudy } = await import('./run-study.js');
      const { withResult } = await import('../../json-result.js');
      await withResult(options.json ?? false, terminal, (shown) =>
        runStudy(
          {
            actions,
            projectDir: options.projectDir,
            force: options.forceRunDependencies ?? false,
            continueOnError: options.continueOnError ?? false,
            hasTimestamps: options.timestamps ?? false,
            isForGithub: options.formatOutputForGithub ?? false,
            keepsFolders: options.debug ?? false,
            concurrency: options.concurrency,
            memoryBytes: options.memory,
            processors: options.cpus,
            executor: options.executor,
          },
          shown,
        ),
      );
    });
}

/** For every command that runs or plans. */
export const executorOption = (): Option =>
  new Option('--executor <NAME>', 'what confines actions (default: bubblewrap, or Docker where that does not work)')
    .choices(executorNames)
    .env('GLOVEBOX_EXECUTOR');
