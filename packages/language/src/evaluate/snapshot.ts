// A memory image of Python with the front end loaded, kept in the user's cache: starting from it takes a fraction of a
// second instead of several. It is made once for each version of Python and of our Python sources; without a writable
// cache everything still works, only slower.
import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { childFile, pyodideFolder, pythonFolder, snapshotCommand } from './child-command.js';

/** Where snapshots are kept unless the caller says otherwise. Never a folder that other users can write to. */
export function defaultCacheFolder(): string {
  return join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'glovebox');
}

/** The path of the current snapshot, made now if need be; undefined when none can be kept. */
export async function pythonSnapshot(cacheFolder: string): Promise<string | undefined> {
  const path = join(cacheFolder, `python-${await sourcesKey()}.snapshot`);
  if (existsSync(path)) return path;
  // Not the process id: extractions run in process namespaces of their own, where many have the same one.
  const temporary = `${path}.${randomUUID()}`;
  try {
    await mkdir(cacheFolder, { recursive: true, mode: 0o700 });
    const [program, ...args] = snapshotCommand(temporary);
    await promisify(execFile)(program, args, { env: {}, timeout: 60_000 });
    await rename(temporary, path);
    await removeOld(cacheFolder);
    return path;
  } catch (error) {
    await rm(temporary, { force: true });
    const isCacheUnwritable = ['EACCES', 'EROFS', 'ENOSPC', 'ENOTDIR'].includes(
      (error as NodeJS.ErrnoException).code ?? '',
    );
    if (isCacheUnwritable) return undefined;
    throw new Error('the Python snapshot could not be made', { cause: error });
  }
}

const dayMilliseconds = 86_400_000;

/** Snapshots of earlier versions are of no use; a day is left for runs that still start from one. */
async function removeOld(cacheFolder: string): Promise<void> {
  const names = (await readdir(cacheFolder)).filter((name) => /^python-[0-9a-f]+\.snapshot/.test(name));
  for (const name of names) {
    const path = join(cacheFolder, name);
    // Another process that makes one, or tidies too, may have taken it away since.
    const found = await stat(path).catch(() => undefined);
    if (found && Date.now() - found.mtimeMs > dayMilliseconds) await rm(path, { force: true });
  }
}

/**
 * Changes whenever anything that the snapshot holds does. Sizes and times of change say so, as they do to a build tool: reading
 * some seventy files would take longer than all else that is done before Python starts.
 */
async function sourcesKey(): Promise<string> {
  const hash = createHash('sha256');
  const entries = await readdir(pythonFolder, { recursive: true });
  const sources = entries.filter((name) => name.endsWith('.py') && !name.includes('tests')).sort();
  const files = [join(pyodideFolder, 'package.json'), childFile, ...sources.map((name) => join(pythonFolder, name))];
  for (const file of files) {
    const { size, mtimeMs } = statSync(file);
    hash.update(`${file.length} ${file} ${size} ${mtimeMs}\n`);
  }
  return hash.digest('hex').slice(0, 20);
}
