// `glovebox init`: a small study to begin with.
import { Command } from 'commander';
import type { Terminal } from '../../command-line.js';

export function initCommand(terminal: Terminal): Command {
  return new Command('init')
    .description('Write a small study that runs at once, to be changed into the one that is wanted.')
    .argument('<NAME>', 'the new folder')
    .action(async (name: string) => {
      const { writeStudy } = await import('./write-study.js');
      await writeStudy(name, terminal);
    });
}
