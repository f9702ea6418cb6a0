// Real git repositories in temporary folders; the remote is a local path, which the tests allow.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ProblemError } from '@glovebox/record';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openMirror, takeLock, type Mirror } from './index.js';

let root: string;
let origin: string;
let mirror: Mirror;

const git = (...args: string[]) =>
  execFileSync('git', ['-C', origin, '-c', 'user.name=A', '-c', 'user.email=a@example.org', ...args], {
    encoding: 'utf8',
  }).trim();

function commit(files: Readonly<Record<string, string | Buffer | null>>): string {
  for (const [path, content] of Object.entries(files)) {
    const full = join(origin, path);
    if (content === null) rmSync(full);
    else {
      mkdirSync(dirname(full), { recursive: true });
      writeFileSync(full, content);
    }
  }
  git('add', '-A');
  git('commit', '-q', '--allow-empty', '-m', 'change');
  return git('rev-parse', 'HEAD');
}

const open = (url = origin) =>
  openMirror({
    folder: join(root, 'mirrors'),
    url,
    allowed: { addresses: ['https://github.com/opensafely/'], localFolders: [root] },
  });

const codesOf = async (work: Promise<unknown>): Promise<string[]> => {
  const error: unknown = await work.then(
    () => undefined,
    (e: unknown) => e,
  );
  return error instanceof ProblemError ? error.problems.map((p) => p.code) : [String(error)];
};

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'glovebox-repository-'));
  origin = join(root, 'origin');
  mkdirSync(origin);
  execFileSync('git', ['init', '-q', '-b', 'main', origin]);
  mirror = await open();
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

test('the newest commit of a branch is found, with slashes in its name too', async () => {
  const first = commit({ 'project.yaml': 'version: 5\n' });
  git('branch', 'people/ada');
  const second = commit({ 'project.yaml': 'version: 4\n' });
  expect(await mirror.resolveBranch('main')).toBe(second);
  expect(await mirror.resolveBranch('people/ada')).toBe(first);
});

test('a file is read as it was at the commit, and one that is absent, a folder or a link is undefined', async () => {
  symlinkSync('/etc/passwd', join(origin, 'link'));
  const first = commit({ 'a b/project.yaml': 'one\n' });
  const second = commit({ 'a b/project.yaml': 'two\n' });
  await mirror.fetchCommit(second);
  expect((await mirror.readFile(first, 'a b/project.yaml'))?.toString()).toBe('one\n');
  expect((await mirror.readFile(second, 'a b/project.yaml'))?.toString()).toBe('two\n');
  for (const path of ['missing', 'a b', 'link', '../x', '/etc/passwd', '', '.git/config', ':(glob)**', '*']) {
    expect(await mirror.readFile(second, path)).toBeUndefined();
  }
});

test('a file above the limit is a problem, not a full memory', async () => {
  const made = commit({ 'big.txt': 'x'.repeat(2000) });
  await mirror.fetchCommit(made);
  expect(await codesOf(mirror.readFile(made, 'big.txt', 1000))).toEqual(['file-too-large']);
});

test('a commit that does not exist, or is on no branch, is refused', async () => {
  commit({ a: '1' });
  git('checkout', '-q', '--detach');
  const loose = commit({ a: 'from a pull request' });
  git('update-ref', 'refs/pull/1/head', loose);
  git('checkout', '-q', 'main');
  expect(await codesOf(mirror.fetchCommit(loose))).toEqual(['commit-missing']);
  expect(await mirror.exists('0'.repeat(40))).toBe(false);
  expect(await codesOf(mirror.fetchCommit('--upload-pack=touch x'))).toEqual(['commit-malformed']);
  expect(await codesOf(mirror.resolveBranch('--exec'))).toEqual(['branch-missing']);
  expect(await codesOf(mirror.resolveBranch('main~1'))).toEqual(['branch-missing']);
});

test('a commit that was used stays readable after a force-push', async () => {
  const base = commit({ a: '1' });
  const used = commit({ a: '2' });
  await mirror.fetchCommit(used);
  git('reset', '-q', '--hard', base);
  commit({ a: '3' });
  await mirror.resolveBranch('main');
  expect((await mirror.readFile(used, 'a'))?.toString()).toBe('2');
  expect(await mirror.exists(used)).toBe(true);
});

test('only repositories that are allowed are opened', async () => {
  const outside = mkdtempSync(join(tmpdir(), 'glovebox-outside-'));
  symlinkSync(outside, join(root, 'way-out'));
  for (const url of [
    outside,
    `file://${outside}`,
    join(root, 'way-out'),
    join(root, '..'),
    join(root, 'none'),
    'https://github.com/others/x',
    'https://github.com/opensafely-evil/x',
  ]) {
    expect(await codesOf(open(url))).toEqual(['repository-not-allowed']);
  }
  for (const url of [
    'http://github.com/opensafely/x',
    'ssh://git@github.com/opensafely/x',
    'ext::sh -c x',
    '-x',
    'https://u:secret@github.com/opensafely/x',
    'https://github.com/opensafely/../others/x/..',
    'https://github.com/opensafely',
    'git@github.com:opensafely/x',
    'https://github.com/opensafely/x?a=b',
    'https://github.com/opensafely/-x',
  ]) {
    const codes = await codesOf(open(url));
    expect(['repository-address-wrong', 'repository-not-allowed']).toContain(codes[0]);
  }
  const error = await open('https://u:secret@github.com/opensafely/x').catch((e: unknown) => e);
  expect(String(error)).not.toContain('secret');
  rmSync(outside, { recursive: true });
});

test('a repository that is not there is unreachable, in words', async () => {
  mkdirSync(join(root, 'empty'));
  const broken = await open(join(root, 'empty'));
  expect(await codesOf(broken.resolveBranch('main'))).toEqual(['repository-unreachable']);
});

test('a comparison tells added, deleted, renamed, binary and large files apart, with the text of both sides', async () => {
  const from = commit({
    'keep.py': 'a\nb\nc\n',
    'gone.py': 'x\ny\n',
    'old name.py': 'l1\nl2\nl3\nl4\n',
    'b.png': Buffer.from([0, 1, 2]),
  });
  const to = commit({
    'keep.py': 'a\nB\nc\nd\n',
    'gone.py': null,
    'old name.py': null,
    'new\tname.py': 'l1\nl2\nl3\nl4\n',
    'b.png': Buffer.from([0, 9]),
    'big.csv': 'z\n'.repeat(400_000),
    'é.md': 'new\n',
  });
  await mirror.fetchCommit(to);
  const { files, unlisted } = await mirror.compare(from, to);
  const by = Object.fromEntries(files.map((f) => [f.path, f]));
  expect(unlisted).toBe(0);
  expect(Object.keys(by).sort()).toEqual(['b.png', 'big.csv', 'gone.py', 'keep.py', 'new\tname.py', 'é.md']);
  expect(by['keep.py']).toMatchObject({
    status: 'modified',
    added: 2,
    deleted: 1,
    before: 'a\nb\nc\n',
    after: 'a\nB\nc\nd\n',
    isBinary: false,
  });
  expect(by['gone.py']).toMatchObject({ status: 'deleted', before: 'x\ny\n', after: null });
  expect(by['new\tname.py']).toMatchObject({ status: 'renamed', previousPath: 'old name.py', added: 0, deleted: 0 });
  expect(by['b.png']).toMatchObject({ isBinary: true, added: null, before: null, after: null });
  expect(by['big.csv']).toMatchObject({ isTooLarge: true, added: 400_000, after: null });
  expect(by['é.md']).toMatchObject({ status: 'added', after: 'new\n' });
});

test('a comparison lists at most as many files as asked and says how many more there are', async () => {
  const from = commit({ a: '1' });
  const to = commit(Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`f${i}`, `${i % 10}`])));
  await mirror.fetchCommit(to);
  const { files, unlisted } = await mirror.compare(from, to, { files: 10, bytesPerFile: 100, bytesInAll: 5 });
  expect(files).toHaveLength(10);
  expect(unlisted).toBe(2);
  expect(files.filter((f) => f.isTooLarge)).toHaveLength(5);
});

test('a checkout has every committed file as it was committed and no .git', async () => {
  const made = commit({
    'analysis/x.R': 'cat(1)\n',
    'output/old.csv': 'a\n',
    '.gitattributes': '*.R text eol=crlf\noutput export-ignore\n',
    'empty.txt': '',
  });
  writeFileSync(join(origin, 'untracked'), 'no');
  await mirror.fetchCommit(made);
  const folder = join(root, 'checkout');
  expect(await mirror.checkOut(made, folder)).toEqual({ files: 4, refusedLinks: [] });
  expect(readdirSync(folder).sort()).toEqual(['.gitattributes', 'analysis', 'empty.txt', 'output']);
  expect(readFileSync(join(folder, 'analysis/x.R'), 'utf8')).toBe('cat(1)\n');
});

test('links that lead out of a checkout are refused, also through each other, and those inside are kept', async () => {
  mkdirSync(join(origin, 'a/b/c'), { recursive: true });
  const links: Record<string, string> = {
    'a/b/c/up': '../../..',
    sly: 'a/b/c/up/../..',
    absolute: '/etc/passwd',
    parent: '../../../etc/passwd',
    inside: 'project.yaml',
    later: 'output/x.csv',
    dangling: '../nothing',
    loop: 'loop',
  };
  for (const [path, target] of Object.entries(links)) symlinkSync(target, join(origin, path));
  const made = commit({ 'project.yaml': 'x' });
  await mirror.fetchCommit(made);
  const folder = join(root, 'checkout');
  const { refusedLinks } = await mirror.checkOut(made, folder);
  expect(refusedLinks).toEqual(['absolute', 'dangling', 'parent', 'sly']);
  expect(existsSync(join(folder, 'inside'))).toBe(true);
  expect(lstatSync(join(folder, 'later')).isSymbolicLink()).toBe(true);
});

test('a tree made by hand to write through a link or into .git is checked out without doing so', async () => {
  commit({ a: '1' });
  const blob = (text: string) =>
    execFileSync('git', ['-C', origin, 'hash-object', '-w', '--stdin'], { input: text, encoding: 'utf8' }).trim();
  const tree = (entries: string) =>
    execFileSync('git', ['-C', origin, 'mktree', '--missing'], { input: entries, encoding: 'utf8' }).trim();
  const payload = blob('owned');
  const inner = tree(`100644 blob ${payload}\towned\n`);
  const hook = tree(`100644 blob ${payload}\tpost-checkout\n`);
  const outside = join(root, 'outside');
  mkdirSync(outside);
  // One name twice, as a link and as a folder, and a folder called .GIT.
  const raw = Buffer.concat(
    (
      [
        ['120000', 'd', blob(outside)],
        ['40000', 'd', inner],
        ['40000', '.GIT', hook],
      ] as const
    ).map(([mode, name, id]) => Buffer.concat([Buffer.from(`${mode} ${name}\0`), Buffer.from(id, 'hex')])),
  );
  const evil = execFileSync('git', ['-C', origin, 'hash-object', '-w', '-t', 'tree', '--literally', '--stdin'], {
    input: raw,
    encoding: 'utf8',
  }).trim();
  const made = git('commit-tree', evil, '-m', 'evil');
  git('update-ref', 'refs/heads/evil', made);
  await mirror.fetchCommit(made);
  const folder = join(root, 'checkout');
  await mirror.checkOut(made, folder).catch(() => undefined);
  expect(readdirSync(outside)).toEqual([]);
  expect(existsSync(join(folder, '.GIT'))).toBe(false);
});

test('ancestry is told in both directions', async () => {
  const first = commit({ a: '1' });
  const second = commit({ a: '2' });
  await mirror.fetchCommit(second);
  expect(await mirror.isAncestor(first, second)).toBe(true);
  expect(await mirror.isAncestor(second, first)).toBe(false);
  expect(await mirror.isAncestor(first, first)).toBe(true);
});

test('many openings and fetches at the same time all succeed, also past the lock files of a killed git', async () => {
  const made = commit({ a: '1' });
  const mirrors = await Promise.all(Array.from({ length: 6 }, () => open()));
  await Promise.all(mirrors.map((m) => m.fetchCommit(made)));
  const folder = readdirSync(join(root, 'mirrors')).find((n) => n.endsWith('.git'))!;
  writeFileSync(join(root, 'mirrors', folder, 'packed-refs.lock'), '');
  writeFileSync(join(root, 'mirrors', folder, 'refs/heads/main.lock'), '');
  const next = commit({ a: '2' });
  expect(await mirror.resolveBranch('main')).toBe(next);
});

test('nothing that a repository configures is run', async () => {
  const mark = join(root, 'ran');
  const made = commit({ a: '1', '.gitattributes': 'a filter=evil diff=evil\n' });
  git('config', 'uploadpack.packObjectsHook', `touch ${mark}`);
  git('config', 'core.fsmonitor', `touch ${mark}`);
  await mirror.fetchCommit(made);
  await mirror.checkOut(made, join(root, 'checkout'));
  await mirror.compare(made, made);
  expect(existsSync(mark)).toBe(false);
});

test('a lock held by a process that was killed is free again', async () => {
  const file = join(root, 'agent.lock');
  const holder = spawn('flock', ['--no-fork', file, 'cat'], { stdio: ['pipe', 'pipe', 'ignore'] });
  holder.stdin.write('.');
  await once(holder.stdout, 'data');
  expect(await takeLock(file, false)).toBeUndefined();
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  const lock = await takeLock(file, false);
  expect(lock).toBeDefined();
  expect(await takeLock(file, false)).toBeUndefined();
  await lock?.release();
});
