// `glovebox unzip`: unpacks compressed outputs, so that they can be looked at.
import { Command } from 'commander';
import type { Terminal } from '../../command-line.js';

export function unzipCommand(terminal: Terminal): Command {
  return new Command('unzip')
    .description('Unpack a .gz file, or every one below a folder, beside itself.')
    .argument('<PATH>', 'a file or a folder')
    .action(async (path: string) => {
      const { unzip } = await import('./unzip.js');
      await unzip(path, terminal);
    });
}
