// `glovebox ehrql backend-admin`: the tasks that a backend's own administrators have. The one that ehrQL knows tidies tables
// that its queries leave behind; queries here leave none, since what they make ends with their connection.
import type { Terminal } from '../../command-line.js';
import { CommandFailure } from '../../command-line.js';
import { exitCodes } from './exit-codes.js';
import { problem } from './problems.js';

export function backendAdmin(backend: string, task: string, terminal: Terminal): void {
  if (backend !== 'emisv2' || task !== 'cleanup-temp-tables') {
    throw new CommandFailure(exitCodes.usage, [problem('backend-task-unknown', [backend, task])]);
  }
  terminal.out('Nothing to clean up: the temporary tables of a query end with its connection.\n');
}
