import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProblemError } from '@glovebox/record';
import { afterAll, expect, test } from 'vitest';
import { readConfiguration } from './configuration.js';

const root = mkdtempSync(join(tmpdir(), 'glovebox-configuration-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
writeFileSync(join(root, 'token'), 'secret\n');

const proper = { site: 'http://127.0.0.1:1/', tokenFile: join(root, 'token'), dataFolder: root, glovebox: '/x' };

function read(document: unknown) {
  const path = join(root, 'agent.json');
  writeFileSync(path, typeof document === 'string' ? document : JSON.stringify(document));
  return readConfiguration(path);
}

const problemsOf = async (document: unknown): Promise<string> => {
  const error: unknown = await read(document).catch((e: unknown) => e);
  return error instanceof ProblemError ? error.message : 'no problem';
};

test('a short configuration is filled with defaults', async () => {
  expect(await read({ ...proper, allowedRepositories: ['/studies', 'https://github.com/opensafely/'] })).toMatchObject({
    site: 'http://127.0.0.1:1',
    token: 'secret',
    database: null,
    allowedFolders: ['/studies'],
    allowedAddresses: ['https://github.com/opensafely/'],
    executor: { kind: 'bubblewrap' },
    runtimes: { r: '/usr/bin/Rscript', python: '/usr/bin/python3' },
    places: { database: 2, other: 2 },
  });
});

test('everything that is wrong is told at once', async () => {
  const text = await problemsOf({
    ...proper,
    site: 'ftp://x',
    glovebox: 'relative',
    limits: { memory: 1 },
    places: { other: -1 },
    extra: 1,
    database: { path: '/x', release: 'A B' },
  });
  for (const key of ['"site"', '"glovebox"', 'limits.memory', '"other"', '"extra"', '"release"'])
    expect(text).toContain(key);
});

test('a file that is no JSON object, or a token that is not there, is a problem', async () => {
  expect(await problemsOf('{')).toContain("can't be read as JSON");
  expect(await problemsOf('[]')).toContain("can't be read as JSON");
  expect(await problemsOf({ ...proper, tokenFile: join(root, 'none') })).toContain('token of the backend');
});

const digest = `sha256:${'0a'.repeat(32)}`;

test('images of the Docker executor are named by digest, with the interpreter in them', async () => {
  const images = {
    r: { name: 'study/r', digest },
    'python:v2': { name: 'study/python', digest, program: '/opt/venv/bin/python' },
  };
  expect(await read({ ...proper, executor: 'docker', images })).toMatchObject({
    executor: { kind: 'docker', socketPath: '/var/run/docker.sock', processors: 2 },
    runtimes: {
      r: { image: `study/r@${digest}`, program: '/usr/bin/Rscript' },
      'python:v2': { image: `study/python@${digest}`, program: '/opt/venv/bin/python' },
    },
  });
});

test('what means nothing with the executor, or names no image by digest, is a problem', async () => {
  const image = { name: 'study/r', digest };
  const docker = { ...proper, executor: 'docker' };
  expect(await problemsOf({ ...proper, executor: 'podman' })).toContain('"executor"');
  expect(await problemsOf({ ...proper, images: { r: image } })).toContain('"images" that means nothing');
  expect(await problemsOf({ ...docker, images: { r: image }, runtimes: {} })).toContain('"runtimes" that means');
  expect(await problemsOf(docker)).toContain('"images"');
  expect(await problemsOf({ ...docker, images: {} })).toContain('"images"');
  expect(await problemsOf({ ...docker, images: { r: { ...image, digest: 'v2' } } })).toContain('"digest"');
  expect(await problemsOf({ ...docker, images: { r: { ...image, name: '--x' } } })).toContain('"name"');
  expect(await problemsOf({ ...docker, images: { julia: image } })).toContain('"program"');
  expect(await problemsOf({ ...docker, images: { r: 'study/r' } })).toContain('"r"');
  expect(await problemsOf({ ...docker, images: { r: image }, docker: { processors: 0 } })).toContain('"processors"');
});
