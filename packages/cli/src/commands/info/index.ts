// `glovebox info`: what is installed here and what of it works.
import { Command } from 'commander';
import type { Terminal } from '../../command-line.js';

export function infoCommand(terminal: Terminal): Command {
  return new Command('info')
    .description('Say what is installed, what can confine actions here and why not, and which interpreters there are.')
    .action(async () => {
      const { showInfo } = await import('./show-info.js');
      await showInfo(terminal);
    });
}
