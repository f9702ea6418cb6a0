// Lists what a folder holds without following anything: an action can leave links, pipes, sockets and names of any bytes.
import { lstat, readdir } from 'node:fs/promises';
import { isUtf8 } from 'node:buffer';

export interface Found {
  /** Relative, with forward slashes. */
  readonly path: string;
  /** `odd` for links, pipes, sockets, devices, and names that are not printable text. */
  readonly kind: 'file' | 'odd';
  readonly bytes: number;
  /** Changes whenever the file is written or replaced. */
  readonly mark: string;
}

const slash = Buffer.from('/');

/** Every file below `root`, folders left out. */
export async function* walk(root: string): AsyncGenerator<Found> {
  const waiting: Buffer[] = [Buffer.alloc(0)];
  const base = Buffer.from(root);
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    const here = folder.length === 0 ? base : Buffer.concat([base, slash, folder]);
    const names = await readdir(here, { encoding: 'buffer' });
    for (const name of names) {
      const relative = folder.length === 0 ? name : Buffer.concat([folder, slash, name]);
      const stat = await lstat(Buffer.concat([base, slash, relative]), { bigint: true });
      if (stat.isDirectory()) {
        waiting.push(relative);
        continue;
      }
      const path = relative.toString('utf8');
      const isPlain = stat.isFile() && isUtf8(relative) && !/\p{Cc}/u.test(path);
      yield {
        path: path.replace(/\p{Cc}/gu, '\uFFFD'),
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
