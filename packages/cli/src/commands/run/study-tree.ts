// The files of a study's folder, each with the digest that git would give it, so that what an action was made from is compared
// here as it is on a backend. What actions declare to make is left out: it comes in as their outputs.
import { lstat, readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { anyPatternMatcher, blobDigest, codeTree, type CodeTree, type Pipeline } from '@glovebox/pipeline';
import { leftOut } from './study-code.js';

/** Files that go away meanwhile, or may not be read, are left out: copying the study will say what is wrong with them. */
export async function studyTree(folder: string, { actions }: Pipeline): Promise<CodeTree> {
  const isOutput = anyPatternMatcher(
    actions.flatMap(({ outputs }) => Object.values(outputs).flatMap((level) => Object.values(level))),
  );
  const files: [string, string][] = [];
  async function look(path: string): Promise<void> {
    const stat = await lstat(join(folder, path));
    if (stat.isDirectory()) return lookInside(path);
    if (isOutput(path)) return;
    if (stat.isFile()) files.push([path, blobDigest(await readFile(join(folder, path)))]);
    else if (stat.isSymbolicLink()) files.push([path, blobDigest(Buffer.from(await readlink(join(folder, path))))]);
  }
  async function lookInside(path: string): Promise<void> {
    for (const name of await readdir(join(folder, path))) {
      const inner = path === '' ? name : `${path}/${name}`;
      if (!leftOut.has(inner)) await look(inner).catch(() => undefined);
    }
  }
  await lookInside('');
  return codeTree(files);
}
