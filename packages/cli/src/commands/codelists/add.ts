// `glovebox codelists add URL`: downloads first and changes the folder last, so that a failure leaves nothing behind.
import { clash, listPath, manifestEntryOf, readCodelistList } from '@glovebox/pipeline';
import { CommandFailure, type Terminal } from '../../command-line.js';
import type { Result } from '../../json-result.js';
import { changeFolder, folderOf, isThere, listFile, readFormerManifest, readText } from './codelists-folder.js';
import { addressOf, codelistAt, downloadCodelist } from './codelists-site.js';

/** @throws CommandFailure with exit code 1 */
export async function addCodelist(url: string, projectDir: string, site: string, terminal: Terminal): Promise<Result> {
  const codelist = codelistAt(url, site);
  const folder = folderOf(projectDir);
  const isOld = await isThere(folder);
  const list = (isOld ? await readText(folder, listFile) : undefined) ?? '';
  const { codelists, problems } = readCodelistList(list);
  if (problems.length > 0) throw new CommandFailure(1, problems);
  const clashes = clash(codelist, codelists);
  if (clashes) throw new CommandFailure(1, [clashes]);

  const csv = await downloadCodelist(site, codelist);
  const before = isOld ? await readFormerManifest(folder) : {};
  const entry = manifestEntryOf(codelist, addressOf(site, codelist), csv, before, new Date());
  const separator = list === '' || list.endsWith('\n') ? '' : '\n';
  await changeFolder(folder, {
    csv: new Map([[codelist.file, csv]]),
    manifest: { ...before, [codelist.file]: entry },
    list: `${list}${separator}${codelist.id}\n`,
  });
  terminal.out(
    `Added ${codelist.id} to ${listPath}\nWrote codelists/${codelist.file}\n\nIn a definition: codelist_from_csv("codelists/${codelist.file}", column="code")\n`,
  );
  return { exitCode: 0, value: { added: codelist.id, file: `codelists/${codelist.file}` } };
}
