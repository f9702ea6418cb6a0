// Studies for tests: a git repository on this machine, and commits of given files in it.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export type StudyFiles = Readonly<Record<string, string>>;

export function git(folder: string, ...args: string[]): string {
  const who = ['-c', 'user.name=Test', '-c', 'user.email=test@example.org', '-c', 'commit.gpgsign=false'];
  const env = { PATH: process.env['PATH'] ?? '/usr/bin:/bin', HOME: folder, GIT_CONFIG_NOSYSTEM: '1' };
  return execFileSync('git', ['-C', folder, ...who, ...args], { encoding: 'utf8', env }).trim();
}

export function makeRepository(folder: string): void {
  mkdirSync(folder, { recursive: true });
  git(folder, 'init', '--quiet', '--initial-branch=main', '--template=', '.');
}

/** Commits exactly these files, in place of all before. @returns the commit */
export function commitFiles(folder: string, files: StudyFiles): string {
  for (const name of readdirSync(folder)) if (name !== '.git') rmSync(join(folder, name), { recursive: true });
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  git(folder, 'add', '--all', '.');
  git(folder, 'commit', '--quiet', '--allow-empty', '--message', 'x');
  return git(folder, 'rev-parse', 'HEAD');
}
