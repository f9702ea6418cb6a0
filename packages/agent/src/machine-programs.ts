// What a program of this machine is, for the record of a job that it ran: its version, and a digest of the packages that are
// installed for it. Asked once at start; a program that does not answer is told without them.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { promisify } from 'node:util';
import type { ImageIdentity } from '@glovebox/record';

const run = promisify(execFile);
const options = {
  env: { PATH: '/usr/local/bin:/usr/bin:/bin', LANG: 'C.UTF-8', HOME: '/nonexistent' },
  timeout: 30_000,
};

const listPython =
  'import importlib.metadata as m; print("\\n".join(sorted({f"{d.metadata[\'Name\']} {d.version}" for d in m.distributions()})))';
const listR = 'p <- installed.packages()[, c("Package", "Version")]; cat(sort(paste(p[, 1], p[, 2])), sep = "\\n")';

const listing = (program: string): readonly string[] | undefined => {
  const name = basename(program);
  if (/^python[\d.]*$/.test(name)) return ['-I', '-c', listPython];
  return name === 'Rscript' ? ['--vanilla', '-e', listR] : undefined;
};

async function versionOf(program: string): Promise<string | undefined> {
  const { stdout, stderr } = await run(program, ['--version'], options);
  return /\b\d+(?:\.\d+){1,3}\b/.exec(`${stdout} ${stderr}`)?.[0];
}

async function packagesOf(program: string): Promise<string | undefined> {
  const words = listing(program);
  if (!words) return undefined;
  const { stdout } = await run(program, [...words], { ...options, maxBuffer: 16 * 2 ** 20 });
  return createHash('sha256').update(stdout).digest('hex');
}

/** @param program absolute path, from the operator's configuration */
export async function identifyProgram(program: string): Promise<ImageIdentity> {
  const [version, packages] = await Promise.all([
    versionOf(program).catch(() => undefined),
    packagesOf(program).catch(() => undefined),
  ]);
  return { ...(version === undefined ? {} : { version }), ...(packages === undefined ? {} : { packages }) };
}
