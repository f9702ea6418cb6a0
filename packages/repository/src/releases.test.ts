// Real git repositories in a temporary folder that stands for an organisation.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openReleases } from './releases.js';

const root = mkdtempSync(join(tmpdir(), 'glovebox-releases-'));
const base = join(root, 'organisation');
const releases = openReleases({ folder: join(root, 'mirrors'), base });
const git = (...args: string[]): string =>
  execFileSync('git', ['-C', join(base, 'tool'), '-c', 'user.name=A', '-c', 'user.email=a@example.org', ...args], {
    encoding: 'utf8',
  }).trim();

function commit(yaml: string): string {
  writeFileSync(join(base, 'tool', 'action.yaml'), yaml);
  git('add', '-A');
  git('commit', '-q', '--allow-empty', '-m', 'change');
  return git('rev-parse', 'HEAD');
}

let [first, second] = ['', ''];
beforeAll(() => {
  mkdirSync(join(base, 'tool'), { recursive: true });
  git('init', '-q', '-b', 'main');
  first = commit('run: python:v2 one.py');
  git('tag', 'v1');
  second = commit('run: python:v2 two.py');
  git('tag', '-a', 'v2', '-m', 'annotated');
  git('checkout', '-q', '-b', 'work');
  commit('run: python:v2 three.py');
  git('tag', 'v3');
  git('checkout', '-q', 'main');
  git('branch', 'v1.5', first);
  git('tag', 'v1.5', second);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

test('a tag, an annotated tag and a branch are found, a branch before a tag', async () => {
  const repository = join(base, 'tool');
  const one = { found: 'release', repository, commit: first, actionYaml: 'run: python:v2 one.py' };
  expect(await releases.find('tool', 'v1')).toEqual(one);
  expect(await releases.find('tool', 'v1.5')).toEqual(one);
  expect(await releases.find('tool', 'v2')).toMatchObject({ commit: second, actionYaml: 'run: python:v2 two.py' });
});

test('what is not merged to main, not there, or outside the organisation is told apart', async () => {
  expect(await releases.find('tool', 'v3')).toMatchObject({ found: 'not-merged' });
  expect(await releases.find('tool', 'v9')).toMatchObject({ found: 'no-release' });
  expect(await releases.find('other', 'v1')).toMatchObject({ found: 'no-repository' });
  expect(await releases.find('../mirrors', 'v1')).toMatchObject({ found: 'no-repository' });
});
