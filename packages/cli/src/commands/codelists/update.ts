// `glovebox codelists update`: makes the folder what codelists.txt says. Nothing changes unless every download works.
import { manifestEntryOf, type ManifestEntry } from '@glovebox/pipeline';
import { CommandFailure, type Terminal } from '../../command-line.js';
import type { Problem } from '@glovebox/record';
import { changeFolder, csvFilesIn, folderOf, openList, readFormerManifest } from './codelists-folder.js';
import { addressOf, downloadCodelist } from './codelists-site.js';

/** @throws CommandFailure with exit code 1 and every download that failed */
export async function updateCodelists(projectDir: string, site: string, terminal: Terminal): Promise<void> {
  const folder = folderOf(projectDir);
  const { codelists } = await openList(folder);
  const before = await readFormerManifest(folder);
  const csv = new Map<string, string>();
  const manifest: Record<string, ManifestEntry> = {};
  const problems: Problem[] = [];
  for (const codelist of codelists) {
    try {
      const text = await downloadCodelist(site, codelist);
      csv.set(codelist.file, text);
      manifest[codelist.file] = manifestEntryOf(codelist, addressOf(site, codelist), text, before, new Date());
      if (before[codelist.file]?.sha === manifest[codelist.file]?.sha) terminal.out(`unchanged  ${codelist.id}\n`);
      else terminal.out(`downloaded ${codelist.id}\n`);
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
}
