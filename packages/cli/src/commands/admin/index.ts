// `glovebox admin`: what staff do to a backend and its jobs, over the site's own API.
import { Argument, Command, Option } from 'commander';
import type { Terminal } from '../../command-line.js';
import type { BackendOptions, BackendVerb } from './backend.js';

export function adminCommand(terminal: Terminal): Command {
  const verb = (name: string, description: string): Command =>
    new Command(name)
      .description(description)
      .option('--site <URL>', 'the address of the site (default: GLOVEBOX_SITE)')
      .option('--token-file <FILE>', 'a file that holds the token of a member of staff (default: GLOVEBOX_TOKEN_FILE)')
      .addOption(new Option('--json', "print the site's answer"));
  const onBackend = (name: BackendVerb, description: string): Command =>
    verb(name, description)
      .argument('<BACKEND>', 'its name in addresses, for example tpp')
      .action(async (backend: string, options: BackendOptions) => {
        const { askBackend } = await import('./backend.js');
        await askBackend(name, backend, options, terminal);
      });
  const maintenance = verb('maintenance', 'Hold back what queries the database, or stop doing so.')
    .argument('<BACKEND>', 'its name in addresses, for example tpp')
    .addArgument(
      new Argument('<SETTING>', 'automatic follows what the agent reports').choices(['on', 'off', 'automatic']),
    )
    .action(async (backend: string, setting: string, options: BackendOptions) => {
      const { askBackend } = await import('./backend.js');
      await askBackend('maintenance', backend, options, terminal, { setting });
    });
  const scheduling = verb('scheduling', 'Show how large its pools are and what actions take up of them, or set that.')
    .argument('<BACKEND>', 'its name in addresses, for example tpp')
    .argument('[FILE]', 'JSON to set, as this command prints it: {"pools": ..., "rules": [...]}')
    .action(async (backend: string, file: string | undefined, options: BackendOptions) => {
      const { backendScheduling } = await import('./scheduling.js');
      await backendScheduling(backend, file, options, terminal);
    });
  return new Command('admin')
    .description('Operate backends of a site, for its staff.')
    .addCommand(
      new Command('backend')
        .description('Pause, resume, maintain or restart a backend.')
        .addCommand(onBackend('status', 'Say whether it runs jobs, why not, and how full it is.'))
        .addCommand(onBackend('pause', 'Start no more jobs; what runs goes on to its end.'))
        .addCommand(onBackend('resume', 'Start jobs again after a pause or a restart.'))
        .addCommand(maintenance)
        .addCommand(scheduling)
        .addCommand(onBackend('reboot', 'Pause it and stop what runs, so that the machine may restart.')),
    )
    .addCommand(
      new Command('job').description('Stop a job.').addCommand(
        verb('kill', 'Stop a job, whoever asked for it.')
          .argument('<JOB>', 'its identifier, as its page shows it')
          .action(async (job: string, options: BackendOptions) => {
            const { killJob } = await import('./kill-job.js');
            await killJob(job, options, terminal);
          }),
      ),
    );
}
