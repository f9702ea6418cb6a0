// What a program of this machine is, for the record of a job that it runs: its version, and a digest of the list of packages
// that are installed for it. The list itself stays inside, in a file named by that digest.
//
// Asking R takes seconds, so it is asked again only when the program, or a folder that it loads packages from, has changed; what
// it said is kept from one start to the next, in programs.json beside the lists.
// A program that does not answer is told without them, and asked again the next time.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { writeWhole } from './files.js';
import type { ImageIdentity } from '@glovebox/record';

const run = promisify(execFile);
const options = {
  env: { PATH: '/usr/local/bin:/usr/bin:/bin', LANG: 'C.UTF-8', HOME: '/nonexistent' },
  timeout: 120_000,
  maxBuffer: 16 * 2 ** 20,
};

// Both print `folder<tab>path` for where packages are loaded from, and `package<tab>name version` for each.
const listPython = `
import importlib.metadata as m, sys
for folder in sys.path: print("folder", folder, sep="\\t")
for line in sorted({f"{d.metadata['Name']} {d.version}" for d in m.distributions()}): print("package", line, sep="\\t")`;
const listR = `
cat(paste0("folder\\t", .libPaths()), sep = "\\n", fill = FALSE); cat("\\n")
p <- installed.packages()[, c("Package", "Version"), drop = FALSE]
cat(paste0("package\\t", sort(unique(paste(p[, 1], p[, 2])))), sep = "\\n")`;

const listing = (program: string): readonly string[] | undefined => {
  const name = basename(program);
  if (/^python[\d.]*$/.test(name)) return ['-I', '-c', listPython];
  return name === 'Rscript' ? ['--vanilla', '-e', listR] : undefined;
};

async function versionOf(program: string): Promise<string | undefined> {
  const { stdout, stderr } = await run(program, ['--version'], options);
  return /\b\d+(?:\.\d+){1,3}\b/.exec(`${stdout} ${stderr}`)?.[0];
}

interface Installed {
  readonly folders: readonly string[];
  /** A line for each: name and version. */
  readonly packages: string;
}

async function installedFor(program: string): Promise<Installed | undefined> {
  const words = listing(program);
  if (!words) return undefined;
  const { stdout } = await run(program, [...words], options);
  const lines = stdout.split('\n').map((line) => line.split('\t'));
  const told = (kind: string) => lines.flatMap(([first, second]) => (first === kind && second ? [second] : []));
  return {
    folders: told('folder'),
    packages: told('package')
      .map((line) => `${line}\n`)
      .join(''),
  };
}

interface Known {
  readonly identity: ImageIdentity;
  /** The program and the folders of its packages, as they were when it was asked. */
  readonly stamp: string;
  readonly folders: readonly string[];
}

/** Which file, how large, and when it and its entry were changed last; the question too, which may be another in a later version. */
async function stampOf(program: string, folders: readonly string[]): Promise<string> {
  const stats = [program, ...folders].map((path) => stat(path).catch(() => undefined));
  const parts = (await Promise.all(stats)).map((s) => (s ? `${s.ino}:${s.size}:${s.mtimeMs}:${s.ctimeMs}` : ''));
  const question = createHash('sha256')
    .update((listing(program) ?? []).join('\0'))
    .digest('hex');
  return [question.slice(0, 16), ...parts].join(' ');
}

export interface Programs {
  /** @param program absolute path, from whoever operates this machine */
  identify(program: string): Promise<ImageIdentity>;
}

/** What an earlier process was told; whatever in it can't be used is asked for again. */
async function readKept(file: string): Promise<Readonly<Record<string, Known>>> {
  try {
    const kept = JSON.parse(await readFile(file, 'utf8')) as Record<string, Known>;
    return Object.fromEntries(Object.entries(kept).filter(([, { folders }]) => Array.isArray(folders)));
  } catch {
    return {};
  }
}

/** @param folder for the lists of packages */
export function openPrograms(folder: string): Programs {
  const keptFile = join(folder, 'programs.json');
  const listOf = (digest: string): string => join(folder, `${digest}.txt`);
  let kept: Promise<Readonly<Record<string, Known>>> | undefined;
  const known = new Map<string, Promise<Known>>();

  async function keepList(packages: string): Promise<string> {
    const digest = createHash('sha256').update(packages).digest('hex');
    if (!existsSync(listOf(digest))) await writeWhole(listOf(digest), packages, folder);
    return digest;
  }

  async function keep(program: string, told: Known): Promise<void> {
    kept = Promise.resolve({ ...(await kept), [program]: told });
    await writeWhole(keptFile, JSON.stringify(await kept, null, 1), folder);
  }

  async function ask(program: string): Promise<Known> {
    const [version, installed] = await Promise.all([
      versionOf(program).catch(() => undefined),
      installedFor(program).catch(() => undefined),
    ]);
    const folders = installed?.folders ?? [];
    const stamp = await stampOf(program, folders);
    const digest = installed && (await keepList(installed.packages).catch(() => undefined));
    const identity = {
      ...(version === undefined ? {} : { version }),
      ...(digest === undefined ? {} : { packages: digest }),
    };
    if (version === undefined) return { identity, stamp: '', folders };
    // Where it can't be kept it is asked again at the next start.
    await keep(program, { identity, stamp, folders }).catch(() => undefined);
    return { identity, stamp, folders };
  }

  async function lastOf(program: string): Promise<Known | undefined> {
    const last = (await known.get(program)) ?? (await (kept ??= readKept(keptFile)))[program];
    if (last === undefined || last.stamp !== (await stampOf(program, last.folders))) return undefined;
    const { packages } = last.identity;
    return packages === undefined || existsSync(listOf(packages)) ? last : undefined;
  }

  return {
    async identify(program) {
      const before = known.get(program);
      const last = await lastOf(program);
      if (last) return last.identity;
      // Somebody else may have asked meanwhile.
      const meanwhile = known.get(program);
      const asked = meanwhile !== undefined && meanwhile !== before ? meanwhile : ask(program);
      known.set(program, asked);
      return (await asked).identity;
    },
  };
}
