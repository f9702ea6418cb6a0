// What a program of this machine is, for the record of a job that it runs: its version, and a digest of the list of packages
// that are installed for it. The list itself stays inside, in a file named by that digest.
//
// Asking R takes seconds, so it is asked again only when the program, or a folder that it loads packages from, has changed.
// A program that does not answer is told without them, and asked again the next time.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { newIdentifier, type ImageIdentity } from '@glovebox/record';

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
  /** The program and the folders of its packages, as they were before it was asked. */
  readonly stamp: string;
  readonly folders: readonly string[];
}

async function stampOf(paths: readonly string[]): Promise<string> {
  const times = paths.map(async (path) => (await stat(path).catch(() => undefined))?.mtimeMs ?? 0);
  return (await Promise.all(times)).join(' ');
}

export interface Programs {
  /** @param program absolute path, from the operator's configuration */
  identify(program: string): Promise<ImageIdentity>;
}

/** @param folder for the lists of packages */
export function openPrograms(folder: string): Programs {
  const known = new Map<string, Promise<Known>>();

  async function keep(packages: string): Promise<string> {
    const digest = createHash('sha256').update(packages).digest('hex');
    const file = join(folder, `${digest}.txt`);
    if (existsSync(file)) return digest;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const partial = `${file}.${newIdentifier()}`;
    await writeFile(partial, packages, { mode: 0o600 });
    await rename(partial, file);
    return digest;
  }

  async function ask(program: string): Promise<Known> {
    const [version, installed] = await Promise.all([
      versionOf(program).catch(() => undefined),
      installedFor(program).catch(() => undefined),
    ]);
    const folders = installed?.folders ?? [];
    const stamp = await stampOf([program, ...folders]);
    const digest = installed && (await keep(installed.packages).catch(() => undefined));
    const identity = {
      ...(version === undefined ? {} : { version }),
      ...(digest === undefined ? {} : { packages: digest }),
    };
    return { identity, stamp: version === undefined ? '' : stamp, folders };
  }

  return {
    async identify(program) {
      const last = await known.get(program);
      if (last && last.stamp === (await stampOf([program, ...last.folders]))) return last.identity;
      // Somebody else may have asked meanwhile.
      const isAsked = last === undefined && known.has(program);
      const asked = isAsked ? known.get(program)! : ask(program);
      known.set(program, asked);
      return (await asked).identity;
    },
  };
}
