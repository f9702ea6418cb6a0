// Lists what a folder holds without following anything: an action can leave links, pipes, sockets and names of any bytes.
import { existsSync } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { isUtf8 } from 'node:buffer';

export interface Found {
  /** Relative, with forward slashes. */
  readonly path: string;
  /** The same as the file system has it, which may be no text. */
  readonly raw: Buffer;
  /** `odd` for whatever is not a regular file with a printable name that its owner can read. */
  readonly kind: 'file' | 'odd';
  readonly bytes: number;
  /** Changes whenever the file is written or replaced. */
  readonly mark: string;
}

/** What is not seen in a name, or makes it look like another: controls, line ends, changes of direction. */
const unseen = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu;

/** The folders that a relative path leads through. */
export function foldersOf(path: string): string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, i) => parts.slice(0, i + 1).join('/'));
}

const slash = Buffer.from('/');
/** The system takes paths of up to 4096 bytes; a folder can be nested more deeply than that. */
const longestPath = 4000;
const ownerReads = 0o400n;
const ownerEnters = 0o500n;

/** Every file below `root`. Folders are left out, but for those that can't be looked into. */
export async function* walk(root: string, { isMissingFine = false } = {}): AsyncGenerator<Found> {
  if (isMissingFine && !existsSync(root)) return;
  const waiting: Buffer[] = [Buffer.alloc(0)];
  const base = Buffer.from(root);
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    const here = folder.length === 0 ? base : Buffer.concat([base, slash, folder]);
    const names = await readdir(here, { encoding: 'buffer' });
    for (const name of names) {
      const relative = folder.length === 0 ? name : Buffer.concat([folder, slash, name]);
      const whole = Buffer.concat([base, slash, relative]);
      const stat = await lstat(whole, { bigint: true });
      const isOpen = (stat.mode & ownerEnters) === ownerEnters && whole.length <= longestPath;
      if (stat.isDirectory() && isOpen) {
        waiting.push(relative);
        continue;
      }
      const path = relative.toString('utf8');
      const isReadable = stat.isFile() && (stat.mode & ownerReads) !== 0n;
      const isPlain = isReadable && isUtf8(relative) && path.search(unseen) < 0;
      yield {
        path: path.replace(unseen, '\uFFFD'),
        raw: relative,
        kind: isPlain ? 'file' : 'odd',
        bytes: Number(stat.size),
        mark: `${stat.dev}:${stat.ino}:${stat.size}:${stat.mtimeNs}`,
      };
    }
  }
}

/** Path to mark of every regular file, to tell later what was written since. */
export async function snapshot(root: string): Promise<ReadonlyMap<string, string>> {
  const marks = new Map<string, string>();
  for await (const found of walk(root)) if (found.kind === 'file') marks.set(found.path, found.mark);
  return marks;
}
