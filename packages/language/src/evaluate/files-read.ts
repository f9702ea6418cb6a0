// What a definition read of the study, for whoever decides whether its result can be used again. The answer comes from the
// definition's own process, so a path is only opened here when it is inside the folders that the definition was shown.
import { createHash } from 'node:crypto';
import { createReadStream, realpathSync, statSync } from 'node:fs';
import { dirname, resolve, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';

export interface FileRead {
  /** Relative to the working folder where it is below it. */
  readonly path: string;
  /** False for a file that was looked for and was not there: should it come to be, the definition may mean something else. */
  readonly isThere: boolean;
  /** SHA-256 in hexadecimal, when digests were asked for and the file is there. */
  readonly digest?: string;
}

interface Request {
  readonly file: string;
  readonly directory: string;
  readonly withDigests?: boolean;
}

/** @param answer of the loader, untrusted; @param place gives a path as the caller knows it */
export async function filesRead(
  answer: Readonly<Record<string, unknown>>,
  place: (path: string) => string,
  request: Request,
): Promise<{ readonly files: readonly FileRead[]; readonly listsFolders: boolean }> {
  const there = strings(answer['files']).map((path) => ({ path: place(path), isThere: true }));
  const absent = strings(answer['absent']).map((path) => ({ path: place(path), isThere: false }));
  const files: FileRead[] = [];
  // One by one: a hostile answer names any number of files, any number of times.
  for (const file of there) files.push(request.withDigests ? await withDigest(file, request) : file);
  return { files: [...files, ...absent], listsFolders: answer['lists_folders'] !== false };
}

async function withDigest(file: FileRead, { file: definition, directory }: Request): Promise<FileRead> {
  const roots = [resolve(directory), dirname(resolve(directory, definition))].map((root) => realpathSync(root));
  try {
    const path = realpathSync(resolve(directory, file.path));
    // Reading what is no file may never end.
    if (!roots.some((root) => path.startsWith(root + sep)) || !statSync(path).isFile()) return file;
    const hash = createHash('sha256');
    await pipeline(createReadStream(path), hash);
    return { ...file, digest: hash.digest('hex') };
  } catch {
    // It went away since: without a digest nothing is the same as it.
    return file;
  }
}

const strings = (value: unknown): readonly string[] =>
  Array.isArray(value) ? [...new Set(value.filter((item): item is string => typeof item === 'string'))] : [];
