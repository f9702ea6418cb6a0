// `glovebox codelists update`: makes the folder what codelists.txt says. Nothing changes unless every download works.
import { manifestEntryOf, type ManifestEntry } from '@glovebox/pipeline';
import { CommandFailure, type Terminal } from '../../command-line.js';
import type { Result } from '../../json-result.js';
import type { Problem } from '@glovebox/record';
import { changeFolder, csvFilesIn, folderOf, openList, readFormerManifest } from './codelists-folder.js';
import { addressOf, downloadCodelist } from './codelists-site.js';

/** @throws CommandFailure with exit code 1 and every download that failed */
export async function updateCodelists(projectDir: string, site: string, terminal: Terminal): Promise<Result> {
  const folder = folderOf(projectDir);
  const { codelists } = await openList(folder);
  const before = await readFormerManifest(folder);
  const csv = new Map<string, string>();
  const manifest: Record<string, ManifestEntry> = {};
  const problems: Problem[] = [];
  const changed: string[] = [];
  for (const codelist of codelists) {
    try {
      const text = await downloadCodelist(site, codelist);
      csv.set(codelist.file, text);
      manifest[codelist.file] = manifestEntryOf(codelist, addressOf(site, codelist), text, before, new Date());
      const isSame = before[codelist.file]?.sha === manifest[codelist.file]?.sha;
      terminal.out(`${isSame ? 'unchanged  ' : 'downloaded '}${codelist.id}\n`);
      if (!isSame) changed.push(codelist.id);
    } catch (error) {
      if (!(error instanceof CommandFailure)) throw error;
      problems.push(...error.problems);
    }
  }
  if (problems.length > 0) throw new CommandFailure(1, problems);
  const remove = (await csvFilesIn(folder)).filter((name) => !csv.has(name));
  await changeFolder(folder, { csv, manifest, remove });
  for (const name of remove) terminal.out(`removed    codelists/${name}\n`);
  terminal.out(`\n${codelists.length} codelist${codelists.length === 1 ? '' : 's'} up to date.\n`);
  return {
    exitCode: 0,
    value: {
      codelists: codelists.map(({ id, file }) => ({ id, file: `codelists/${file}` })),
      changed,
      removed: remove,
    },
  };
}
