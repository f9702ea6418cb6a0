// `glovebox pull`: fetches images into the Docker engine of this machine, by Docker's own command.
import { Command } from 'commander';
import type { Terminal } from '../../command-line.js';

export function pullCommand(terminal: Terminal): Command {
  return new Command('pull')
    .description('Fetch an image, those of a project, or newer ones of those that are here, for --executor docker.')
    .argument('[IMAGE]', 'image and version, such as python:v2')
    .option('--project [FILE]', 'fetch the images that the actions of a project.yaml run in')
    .action(async (image: string | undefined, options: { project?: string | true }) => {
      const { pullImages } = await import('./pull-images.js');
      const project = options.project === true ? 'project.yaml' : options.project;
      await pullImages({ image, project }, terminal);
    });
}
