// Against the site's own process, since what the commands say has to be what it answers.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { session } from '../../testing.js';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });
const root = fileURLToPath(new URL('../../../../../', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'glovebox-admin-'));
const tokenFile = join(folder, 'public/admin-token');
let siteProcess: ChildProcess;
let site = '';

beforeAll(async () => {
  execFileSync(process.execPath, [join(root, 'script/build.mjs')]);
  const words = [join(root, 'packages/site/dist/main.js'), '--data', join(folder, 'public'), '--port', '0'];
  siteProcess = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'ignore'] });
  const [line] = (await once(createInterface(siteProcess.stdout!), 'line')) as [string];
  site = (JSON.parse(line) as { listening: string }).listening;
  const token = execFileSync('/usr/bin/cat', [tokenFile], { encoding: 'utf8' }).trim();
  const added = await fetch(`${site}/api/backends`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    body: JSON.stringify({ slug: 'tpp', name: 'TPP', isSynthetic: true }),
  });
  expect(added.status).toBe(201);
});
afterAll(async () => {
  const ended = once(siteProcess, 'exit');
  siteProcess.kill('SIGTERM');
  await ended;
  rmSync(folder, { recursive: true, force: true });
});

const admin = (...words: string[]) => session().run('admin', ...words, '--site', site, '--token-file', tokenFile);

describe('glovebox admin', () => {
  it('pauses and resumes a backend, and says what state it is in', async () => {
    const paused = await admin('backend', 'pause', 'tpp');
    expect(paused).toMatchObject({ exitCode: 0, error: '' });
    expect(paused.out).toMatch(/^tpp: TPP\n {2}agent {8}never heard of\n {2}paused {7}since \d{4}-/);
    expect(paused.out).toContain('\nNext: glovebox admin backend resume tpp\n');
    expect((await admin('backend', 'pause', 'tpp')).out).toMatch(/^Nothing changed\.\n/);
    expect((await admin('backend', 'resume', 'tpp')).out).toContain('  paused       no\n');
    const { status } = JSON.parse((await admin('backend', 'status', 'tpp', '--json')).out) as { status: object };
    expect(status).toMatchObject({ slug: 'tpp', pausedSince: null });
  });

  it('sets maintenance, and prepares a restart until it is resumed', async () => {
    expect((await admin('backend', 'maintenance', 'tpp', 'on')).out).toMatch(/maintenance {2}since .* \(setting: on\)/);
    expect((await admin('backend', 'maintenance', 'tpp', 'off')).out).toContain('maintenance  off (setting: off)');
    expect((await admin('backend', 'maintenance', 'tpp', 'perhaps')).exitCode).toBe(2);
    const reboot = await admin('backend', 'reboot', 'tpp');
    expect(reboot.out).toMatch(/^Stopping 0 jobs; /);
    expect(reboot.out).toContain('Next: restart the machine, then: glovebox admin backend resume tpp\n');
    expect((await admin('backend', 'resume', 'tpp')).out).toContain('  restart      not prepared\n');
  });

  it('shows and sets what actions take up of the pools, and passes on what of it will not work', async () => {
    const file = join(folder, 'scheduling.json');
    const set = (text: string) => {
      writeFileSync(file, text);
      return admin('backend', 'scheduling', 'tpp', file);
    };
    expect(await admin('backend', 'scheduling', 'tpp')).toEqual({ exitCode: 0, out: '{}\n', error: '' });
    const wanted = { pools: { database: 1, other: 2 }, rules: [{ action: 'model.*', weight: 3 }] };
    const answer = await set(JSON.stringify(wanted));
    expect(JSON.parse(answer.out)).toEqual(wanted);
    expect(answer.error).toContain('note: model.*: the weight 3 is more than the whole pool "other" of 2');
    expect(JSON.parse((await admin('backend', 'scheduling', 'tpp')).out)).toEqual(wanted);
    expect((await set('{"pools": 1}')).error).toContain('pools');
    expect((await set('[]')).error).toContain('scheduling.json holds no JSON object.');
    expect((await set('{')).exitCode).toBe(1);
    expect((await admin('backend', 'scheduling', 'tpp', '/nowhere')).error).toContain('There is no file /nowhere.');
    expect(JSON.parse((await admin('backend', 'scheduling', 'tpp')).out)).toEqual(wanted);
  });

  it('passes on what the site refuses', async () => {
    expect((await admin('backend', 'pause', 'nowhere')).error).toContain('nowhere');
    expect((await admin('backend', 'pause', '../people')).exitCode).toBe(1);
    const missing = await admin('job', 'kill', 'zzzzzzzzzzzzzzzz');
    expect(missing).toMatchObject({ exitCode: 1, error: expect.stringContaining('zzzzzzzzzzzzzzzz') as string });
    const wrong = join(folder, 'wrong');
    writeFileSync(wrong, 'nonsense\n', { mode: 0o600 });
    const refused = await session().run('admin', 'backend', 'status', 'tpp', '--site', site, '--token-file', wrong);
    expect(refused).toMatchObject({ exitCode: 1, out: '' });
    expect(refused.error).not.toContain('nonsense');
  });

  it('takes no token from arguments or from a file that others read, and sends none over a plain connection', async () => {
    const open = join(folder, 'open');
    writeFileSync(open, 'secret-token\n');
    chmodSync(open, 0o644);
    const status = ['admin', 'backend', 'status', 'tpp'];
    const tries: readonly (readonly [readonly string[], string])[] = [
      [['--token-file', tokenFile], 'No site is named.'],
      [['--site', site], "No file with a person's token is named."],
      [['--site', site, '--token-file', join(folder, 'none')], "can't be read, or holds no token"],
      [['--site', site, '--token-file', open], `chmod 600 ${open}`],
      [['--site', 'http://jobs.example.org', '--token-file', tokenFile], 'is not the address of a site'],
      [['--site', `${site}/api`, '--token-file', tokenFile], 'is not the address of a site'],
      [['--site', 'http://127.0.0.1:1', '--token-file', tokenFile], 'http://127.0.0.1:1 does not answer'],
    ];
    for (const [words, message] of tries) {
      const { exitCode, error } = await session().run(...status, ...words);
      expect({ exitCode, error }).toEqual({ exitCode: 1, error: expect.stringContaining(message) as string });
      expect(error).toContain('\n  next: ');
    }
    expect((await session().run(...status, '--token', 'x')).exitCode).toBe(2);
  });

  it('does not follow a redirect with the token, and shows no control characters of an answer', async () => {
    let seen = 0;
    const odd = createServer((request, response) => {
      seen += 1;
      if (request.url?.includes('/moved/')) return response.writeHead(307, { location: '/elsewhere' }).end();
      if (request.url?.includes('/html/')) return response.end('<html>');
      return response.writeHead(422).end('{"problems": [{"code": "x", "message": "bad \\u001b[2J thing"}]}');
    });
    odd.listen(0, '127.0.0.1');
    await once(odd, 'listening');
    const there = `http://127.0.0.1:${(odd.address() as AddressInfo).port}`;
    const ask = (backend: string) =>
      session().run('admin', 'backend', 'status', backend, '--site', there, '--token-file', tokenFile);
    expect((await ask('moved')).error).toContain('does not answer');
    expect(seen).toBe(1);
    expect((await ask('html')).error).toContain('not as a Glovebox site does');
    expect((await ask('x')).error).toBe('bad [2J thing\n');
    odd.close();
  });
});
