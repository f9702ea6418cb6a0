// `glovebox run`: runs actions of a study on this machine, on dummy data.
import { Command } from 'commander';
import type { Terminal } from '../../command-line.js';

export function runCommand(terminal: Terminal): Command {
  return new Command('run')
    .description('Run actions of the study in this folder on dummy data, with everything that they need.')
    .argument('<ACTION...>', 'names from project.yaml, or run_all')
    .option('-f, --force-run-dependencies', 'also run again what succeeded before')
    .option('--project-dir <DIR>', 'the folder of the study', '.')
    .option('--continue-on-error', 'go on with actions that do not need the one that failed')
    .action(
      async (
        actions: string[],
        options: { forceRunDependencies?: true; projectDir: string; continueOnError?: true },
      ) => {
        const { runStudy } = await import('./run-study.js');
        await runStudy(
          {
            actions,
            folder: options.projectDir,
            force: options.forceRunDependencies ?? false,
            continueOnError: options.continueOnError ?? false,
          },
          terminal,
        );
      },
    );
}
