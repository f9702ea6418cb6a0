// `glovebox clean`: gives back the disk space that runs of a study no longer need.
import { Command } from 'commander';
import type { Terminal } from '../../command-line.js';

export function cleanCommand(terminal: Terminal): Command {
  return new Command('clean')
    .description('Remove folders that killed or debugged runs left, and stored copies that nothing needs.')
    .option('--project-dir <DIR>', 'the folder of the study', '.')
    .option('--all', 'also forget what ran before, with its logs; outputs stay')
    .option('--json', 'print the result as one JSON object')
    .action(async (options: { projectDir: string; all?: true; json?: true }) => {
      const { cleanStudy } = await import('./clean-study.js');
      const { withResult } = await import('../../json-result.js');
      await withResult(options.json ?? false, terminal, (shown) =>
        cleanStudy(options.projectDir, options.all ?? false, shown),
      );
    });
}
