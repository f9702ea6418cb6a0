// `glovebox info`: what is installed here and what of it works.
import { Command } from 'commander';
import type { Terminal } from '../../command-line.js';

export function infoCommand(terminal: Terminal): Command {
  return new Command('info')
    .description('Say what is installed, what can confine actions here and why not, and what stands for their images.')
    .option('--json', 'print it as JSON')
    .option('--list-project-images [FILE]', 'only list the images that a project.yaml names, one a line')
    .action(async (options: { json?: true; listProjectImages?: string | true }) => {
      const { listImages, showInfo } = await import('./show-info.js');
      const file = options.listProjectImages === true ? 'project.yaml' : options.listProjectImages;
      if (file === undefined) await showInfo(options.json ?? false, terminal);
      else await listImages(file, terminal);
    });
}
