// `glovebox codelists`: the lists of clinical codes that a study takes from an OpenCodelists site.
import { Command } from 'commander';
import type { Terminal } from '../../command-line.js';
import { withResult } from '../../json-result.js';

interface Options {
  projectDir: string;
  site?: string;
  json?: true;
}

const defaultSite = 'https://www.opencodelists.org';

export function codelistsCommand(terminal: Terminal): Command {
  const verb = (name: string, description: string): Command =>
    new Command(name)
      .description(description)
      .option('--project-dir <DIR>', 'the folder of the study', '.')
      .option('--json', 'print the result as one JSON object')
      .option('--site <URL>', `the address of OpenCodelists (default: GLOVEBOX_CODELISTS_URL, or ${defaultSite})`);
  const siteOf = ({ site }: Options): string => site ?? process.env['GLOVEBOX_CODELISTS_URL'] ?? defaultSite;
  return new Command('codelists')
    .description('Add, update and check the codelists that a study takes from OpenCodelists.')
    .addCommand(
      verb('add', 'Download a codelist and add it to the study; nothing changes unless all of it works.')
        .argument('<URL>', 'the address of a version of a codelist, as the browser shows it')
        .action(async (url: string, options: Options) => {
          const { addCodelist } = await import('./add.js');
          await withResult(options.json ?? false, terminal, (shown) =>
            addCodelist(url, options.projectDir, siteOf(options), shown),
          );
        }),
    )
    .addCommand(
      verb('update', 'Download every codelist in codelists/codelists.txt again.').action(async (options: Options) => {
        const { updateCodelists } = await import('./update.js');
        await withResult(options.json ?? false, terminal, (shown) =>
          updateCodelists(options.projectDir, siteOf(options), shown),
        );
      }),
    )
    .addCommand(
      verb('check', 'Check that the codelists are those in codelists.txt, unchanged, and current.').action(
        async (options: Options) => {
          const { checkCodelists } = await import('./check.js');
          await withResult(options.json ?? false, terminal, (shown) =>
            checkCodelists(options.projectDir, siteOf(options), shown),
          );
        },
      ),
    )
    .addCommand(
      verb('check-upstream', 'Check only that the site would give the same codelists today.').action(
        async (options: Options) => {
          const { checkUpstream } = await import('./check-upstream.js');
          await withResult(options.json ?? false, terminal, (shown) =>
            checkUpstream(options.projectDir, siteOf(options), shown),
          );
        },
      ),
    );
}
