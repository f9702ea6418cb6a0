// What the documentation tells people to type is typed here, line by line, in a copy of the example study.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'glovebox-docs-'));
const study = join(folder, 'winter-pressures');
cpSync(join(root, 'studies/winter-pressures'), study, {
  recursive: true,
  filter: (path) => !/winter-pressures\/(output|metadata)(\/|$)/.test(path),
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const pages = [
  'README.md',
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
  ...readdirSync(join(root, 'docs/guides'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/guides/${name}`),
];

const blocksOf = (page: string): string[] =>
  [...readFileSync(join(root, page), 'utf8').matchAll(/```sh\n(.*?)```/gs)].map(([, block = '']) => block);

/** The lines of a page's shell blocks that call the command line, comments taken off. */
const commandsOf = (page: string): string[] =>
  blocksOf(page)
    .flatMap((block) => block.split('\n'))
    .map((line) => line.replace(/\s+#.*$/, '').trim())
    .filter((line) => line.startsWith('./glovebox '));

describe.each(pages.map((page) => [page, commandsOf(page)] as const).filter(([, commands]) => commands.length > 0))(
  '%s',
  (_, commands) => {
    it.each(commands)(
      '%s',
      async (line) => {
        const [program = '', ...args] = line.replaceAll('studies/winter-pressures', study).split(' ');
        const { stdout } = await promisify(execFile)(program, args, { cwd: root });
        expect(stdout).not.toBe('');
      },
      180_000,
    );
  },
);

it('docs/guides/researcher.md runs from its first block to its last, as one session', async () => {
  const codelists = createServer((request, response) => {
    const isDownload = request.url?.endsWith('/download.csv') ?? false;
    response.writeHead(200, { 'content-type': isDownload ? 'text/csv' : 'application/json' });
    response.end(isDownload ? 'code,term\n195967001,Asthma\n' : '{"status": "ok"}');
  });
  codelists.listen(0, '127.0.0.1');
  await once(codelists, 'listening');
  try {
    const site = `http://127.0.0.1:${(codelists.address() as AddressInfo).port}`;
    const home = join(folder, 'home');
    mkdirSync(home);
    const blocks = blocksOf('docs/guides/researcher.md').join('\n');
    const lines = `set -eu\n${blocks.replaceAll('https://www.opencodelists.org', site)}`;
    const env = { ...process.env, HOME: home, GLOVEBOX_CODELISTS_URL: site };
    const { stdout } = await promisify(execFile)('/bin/sh', ['-c', lines], { cwd: root, env }).catch(
      (error: { stdout?: string; stderr?: string }) => {
        throw new Error(`the session failed:\n${error.stdout ?? ''}\n${error.stderr ?? ''}`, { cause: error });
      },
    );
    expect(stdout).toContain('=> plot_measures\n   Completed successfully\n');
    expect(stdout).toContain('Codelists OK: 1 checked.\n');
    expect(existsSync(join(home, 'asthma/output/measures.png'))).toBe(true);
  } finally {
    codelists.close();
  }
}, 180_000);

it('docs/guides/backend-operations.md runs as one session against a site', async () => {
  const site = spawn(process.execPath, ['packages/site/dist/main.js', '--data', join(folder, 'site'), '--port', '0'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  try {
    const [line] = (await once(createInterface(site.stdout), 'line')) as [string];
    const { listening } = JSON.parse(line) as { listening: string };
    const tokenFile = join(folder, 'site/admin-token');
    const body = JSON.stringify({ slug: 'tpp', name: 'TPP', isSynthetic: true });
    const headers = { authorization: `Bearer ${readFileSync(tokenFile, 'utf8').trim()}` };
    await fetch(`${listening}/api/backends`, { method: 'POST', headers, body });
    const lines = blocksOf('docs/guides/backend-operations.md')
      .join('\n')
      .replaceAll('https://jobs.example.org', listening)
      .replaceAll('$HOME/.glovebox-token', tokenFile);
    const env = { ...process.env, PATH: `${root}:${process.env['PATH']}` };
    const { stdout } = await promisify(execFile)('/bin/sh', ['-c', `set -eu\n${lines}`], { cwd: folder, env });
    expect(stdout).toContain('maintenance  off (setting: automatic)\n');
    expect(stdout.trimEnd().split('\n').slice(-6)).toContain('  paused       no');
  } finally {
    const ended = once(site, 'exit');
    site.kill('SIGTERM');
    await ended;
  }
}, 180_000);

it.each(pages)('%s links only to files that exist', (page) => {
  const links = [...readFileSync(join(root, page), 'utf8').matchAll(/\]\((?!https?:|#)([^)#]+)[^)]*\)/g)].map(
    ([, path = '']) => path,
  );
  const broken = links.filter((path) => {
    try {
      readdirSync(join(root, page, '..', path));
      return false;
    } catch (error) {
      return (error as NodeJS.ErrnoException).code !== 'ENOTDIR';
    }
  });
  expect(broken).toEqual([]);
});
