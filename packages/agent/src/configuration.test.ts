import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProblemError } from '@glovebox/record';
import { afterAll, expect, test } from 'vitest';
import { readConfiguration } from './configuration.js';
import { environmentFor } from './task.js';

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

test('a cluster is named by what Slurm knows of it, and gives each action two processors unless told otherwise', async () => {
  expect(await read({ ...proper, executor: 'slurm' })).toMatchObject({
    executor: { kind: 'slurm' },
    runtimes: { r: '/usr/bin/Rscript', python: '/usr/bin/python3' },
    limits: { processors: 2 },
  });
  const slurm = { configuration: '/etc/slurm/slurm.conf', partition: 'long', account: 'research' };
  expect(await read({ ...proper, executor: 'slurm', slurm, limits: { processors: 8 } })).toMatchObject({
    executor: { configurationFile: '/etc/slurm/slurm.conf', partition: 'long', account: 'research' },
    limits: { processors: 8 },
  });
  const slurmOf = (more: object) => problemsOf({ ...proper, executor: 'slurm', ...more });
  expect(await slurmOf({ slurm: { partition: 'a b' } })).toContain('"partition"');
  expect(await slurmOf({ slurm: { partition: '' } })).toContain('"partition"');
  expect(await slurmOf({ slurm: { configuration: 'slurm.conf' } })).toContain('"configuration"');
  expect(await slurmOf({ slurm: { queue: 'x' } })).toContain('"slurm.queue"');
  expect(await slurmOf({ images: {} })).toContain('"images" that means nothing');
  expect(await problemsOf({ ...proper, slurm })).toContain('"slurm" that means nothing');
});

test('limits on processors and on their time are there when they are asked for', async () => {
  const { limits } = await read({ ...proper, limits: { processors: 3, cpuSeconds: 60 } });
  expect(limits).toMatchObject({ processors: 3, cpuSeconds: 60 });
  expect(Object.keys((await read(proper)).limits)).not.toContain('processors');
  expect(await problemsOf({ ...proper, limits: { processors: 0, cpuSeconds: 0.5 } })).toMatch(
    /"processors".*"cpuSeconds"|"cpuSeconds".*"processors"/s,
  );
});

test('Stata is offered with a licence alone, and only its own actions get it', async () => {
  const runtimes = { 'stata-mp': '/usr/local/stata/stata-mp' };
  expect(await problemsOf({ ...proper, runtimes })).toContain('without a licence');
  expect(await problemsOf({ ...proper, runtimes, stataLicenceFile: join(root, 'none') })).toContain(
    "licence of Stata can't",
  );
  writeFileSync(join(root, 'licence'), 'key of Stata\n');
  const configuration = await read({ ...proper, runtimes, stataLicenceFile: join(root, 'licence'), backend: 'tpp' });
  expect(environmentFor('stata-mp', configuration)).toEqual({
    OPENSAFELY_BACKEND: 'tpp',
    STATA_LICENSE: 'key of Stata',
  });
  expect(environmentFor('r', configuration)).toEqual({ OPENSAFELY_BACKEND: 'tpp' });
  expect(environmentFor('stata-mp', await read(proper))).toEqual({ OPENSAFELY_BACKEND: 'glovebox' });
});

const guide = readFileSync(new URL('../../../docs/guides/operator.md', import.meta.url), 'utf8');
const examples = [...guide.matchAll(/```json\n(.*?)```/gs)].map(([, text = '']) => JSON.parse(text) as object);

test.each(examples.map((example) => [example]))(
  'the guide shows a configuration that is accepted: %o',
  async (example) => {
    const file = join(root, 'token');
    const files = { tokenFile: file, ...('stataLicenceFile' in example ? { stataLicenceFile: file } : {}) };
    expect(await problemsOf({ ...example, ...files })).toBe('no problem');
  },
);

test('the guide shows each executor', () => {
  const kinds = examples.map((example) => ('executor' in example ? example.executor : 'bubblewrap'));
  expect(new Set(kinds)).toEqual(new Set(['bubblewrap', 'docker', 'slurm']));
});
