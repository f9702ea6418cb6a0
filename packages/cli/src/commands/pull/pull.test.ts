// A program stands for Docker's own, which would use the network; that it is asked for the right images is what is tested.
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { session, type Session } from '../../testing.js';

afterEach(() => vi.unstubAllEnvs());

/** @param script what `docker` does; its words are written down first */
function withDocker(s: Session, script: string): () => string {
  const program = join(s.folder, 'docker');
  writeFileSync(program, `#!/bin/sh\necho "$@" >> "${s.folder}/asked"\n${script}\n`);
  chmodSync(program, 0o755);
  vi.stubEnv('PATH', `${s.folder}:/usr/bin:/bin`);
  return () => readFileSync(join(s.folder, 'asked'), 'utf8');
}

it('pulls the image that is named, with the usual version when none is', async () => {
  const s = session();
  const asked = withDocker(s, 'exit 0');
  expect((await s.run('pull', 'python')).out).toBe('Fetching python:v2\n');
  await s.run('pull', 'r:v1');
  vi.stubEnv('GLOVEBOX_IMAGES', 'registry.example.org/study/');
  await s.run('pull', 'stata-mp');
  expect(asked()).toBe(
    'pull -- ghcr.io/opensafely-core/python:v2\npull -- ghcr.io/opensafely-core/r:v1\npull -- registry.example.org/study/stata-mp:v1\n',
  );
  expect((await s.run('pull', '--privileged')).exitCode).toBe(2);
  expect((await s.run('pull', 'python:v2 x')).error).toContain('names no image');
});

it('pulls each image of a project once, and none for ehrQL', async () => {
  const action = (name: string, run: string) =>
    `  ${name}:\n    run: ${run}\n    outputs: {highly_sensitive: {o: ${name}.csv}}\n`;
  const actions = [
    action('a', 'ehrql:v1 generate-dataset d.py --output a.csv'),
    action('b', 'r:v2 b.R'),
    action('c', 'r:v2 c.R'),
  ];
  const s = session({ 'project.yaml': `version: "5.0"\nactions:\n${actions.join('')}`, 'bad.yaml': 'version: 9' });
  const asked = withDocker(s, 'exit 0');
  expect((await s.run('pull', '--project', 'FOLDER/project.yaml')).out).toBe('Fetching r:v2\n');
  expect(asked()).toBe('pull -- ghcr.io/opensafely-core/r:v2\n');
  expect((await s.run('pull', '--project', 'FOLDER/bad.yaml')).exitCode).toBe(1);
});

it('pulls newer ones of those that are here, and says when there are none', async () => {
  const s = session();
  const asked = withDocker(
    s,
    '[ "$1" = pull ] || printf "ghcr.io/opensafely-core/r:v1\\nghcr.io/opensafely-core/x:<none>\\n"',
  );
  expect((await s.run('pull')).out).toBe('Fetching r:v1\n');
  expect(asked()).toContain('\npull -- ghcr.io/opensafely-core/r:v1\n');
  const none = session();
  withDocker(none, 'exit 0');
  expect((await none.run('pull')).out).toContain('Next: glovebox pull python:v2');
});

it("says what to do when Docker fails or isn't there", async () => {
  const s = session();
  withDocker(s, 'exit 1');
  expect(await s.run('pull', 'r')).toMatchObject({
    exitCode: 1,
    error: expect.stringContaining('ghcr.io/opensafely-core/r:v2 could not be fetched') as string,
  });
  vi.stubEnv('PATH', '/nonexistent');
  expect((await s.run('pull', 'r')).error).toContain('--executor bubblewrap');
  expect((await s.run('pull')).error).toContain('is not on this machine');
});
