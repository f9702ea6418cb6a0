// What an extraction was made from, as far as that may be told and is all that it could depend on.
//
// `glovebox ehrql` writes a line for each definition that it evaluated, naming the files that were opened. The list stands only
// where nothing but the commit could have chosen among them: not when outputs of other actions were there to be read, not when
// folders were listed, not when it names anything that the commit does not have. Then every file counts instead.
import { readFile } from 'node:fs/promises';

interface Line {
  readonly files: readonly { readonly path: string; readonly isThere: boolean }[];
  readonly listsFolders: boolean;
}

const mostBytes = 4 * 1024 * 1024;

async function readLines(path: string): Promise<readonly Line[]> {
  const text = await readFile(path, 'utf8').catch(() => '');
  if (text.length > mostBytes) return [];
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);
}

/** Files of the study that the command's own words name: given data, tests, folders of dummy tables. */
function filesNamed(args: readonly string[], committed: Iterable<string>): string[] {
  const words = args.map((arg) => (arg.startsWith('--') ? arg.slice(arg.indexOf('=') + 1) : arg));
  const named = words.map((word) => word.replace(/^\.\//, '').replace(/\/$/, '')).filter((word) => word !== '');
  const names = new Set(named);
  return [...committed].filter((path) => names.has(path) || named.some((name) => path.startsWith(`${name}/`)));
}

/**
 * @param report where the command wrote its lines
 * @param committed the files that were in the workspace before it ran
 * @param hasInputs whether outputs of other actions were among them
 * @returns paths among `committed`, sorted; undefined when every file counts
 */
export async function filesReadBy(
  report: string,
  args: readonly string[],
  committed: ReadonlySet<string>,
  hasInputs: boolean,
): Promise<readonly string[] | undefined> {
  if (hasInputs) return undefined;
  const lines = await readLines(report);
  if (lines.length === 0 || lines.some(({ listsFolders }) => listsFolders)) return undefined;
  const files = lines.flatMap((line) => line.files);
  // A module that was looked for in vain is noticed by its name when it comes to be; another file would not be.
  const isTold = files.every(({ path, isThere }) => (isThere ? committed.has(path) : path.endsWith('.py')));
  if (!isTold) return undefined;
  const opened = files.filter(({ isThere }) => isThere).map(({ path }) => path);
  return [...new Set([...opened, ...filesNamed(args, committed)])].sort();
}
