import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { session, type Session } from '../../testing.js';
import { digestOf } from '@glovebox/pipeline';

const asthma = 'code,term\r\n195967001,Asthma\r\n';
const files = new Map<string, { readonly status?: number; readonly type: string; readonly body: string }>();
let upstream = '{"status": "ok"}';
let asked = '';
let server: Server;
let site = '';

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
};

beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.url === '/api/v1/check/') {
      void bodyOf(request).then((text) => {
        asked = text;
        response.end(upstream);
      });
      return;
    }
    const file = files.get(request.url ?? '') ?? { status: 404, type: 'text/html', body: 'not here' };
    response.writeHead(file.status ?? 200, { 'content-type': file.type }).end(file.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  site = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  files.set('/codelist/org/asthma/v1/download.csv', { type: 'text/csv', body: asthma });
  files.set('/codelist/user/ann/copd/abcd1234/download.csv', { type: 'text/csv; charset=utf-8', body: 'code\n1\n' });
  files.set('/codelist/org/page/v1/download.csv', { type: 'text/html', body: '<p>A page</p>' });
  files.set('/codelist/org/new/v1/download.csv', { status: 400, type: 'text/html', body: 'This is a draft version' });
  files.set('/codelist/org/broken/v1/download.csv', { status: 500, type: 'text/html', body: 'oh' });
});
afterAll(() => server.close());
beforeEach(() => void vi.stubEnv('GITHUB_WORKFLOW', undefined));
afterEach(() => {
  upstream = '{"status": "ok"}';
  vi.unstubAllEnvs();
});

const codelists = (s: Session, verb: string, ...words: string[]) =>
  s.run('codelists', verb, ...words, '--project-dir', 'FOLDER/', '--site', site);
const text = (s: Session, name: string): string => readFileSync(join(s.folder, 'codelists', name), 'utf8');
const inFolder = (s: Session): string[] => readdirSync(join(s.folder, 'codelists')).sort();

describe('glovebox codelists add', () => {
  it.each(['', '#full-list', 'download.csv', '?x=1'])('takes the address with "%s" at its end', async (end) => {
    const s = session();
    const { exitCode, out } = await codelists(s, 'add', `${site}/codelist/org/asthma/v1/${end}`);
    expect(exitCode).toBe(0);
    expect(out).toContain('Added org/asthma/v1 to codelists/codelists.txt\nWrote codelists/org-asthma.csv\n');
    expect(text(s, 'codelists.txt')).toBe('org/asthma/v1\n');
    expect(text(s, 'org-asthma.csv')).toBe(asthma);
    const manifest = JSON.parse(text(s, 'codelists.json')) as { files: Record<string, unknown> };
    expect(manifest.files).toEqual({
      'org-asthma.csv': {
        id: 'org/asthma/v1',
        url: `${site}/codelist/org/asthma/v1/`,
        downloaded_at: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}Z$/) as string,
        sha: digestOf('code,term\n195967001,Asthma'),
      },
    });
  });

  it.each([
    ['/codelist/org/none/v1/', 'No codelist was found at'],
    ['/codelist/org/page/v1/', 'No codelist was found at'],
    ['/codelist/org/new/v1/', 'is a draft'],
    ['/codelist/org/broken/v1/', 'the site answered 500'],
    ['/codelist/org/asthma/', 'is not the address of a version of a codelist'],
    ['/codelist/org/../../etc/', 'is not the address of a version of a codelist'],
    ['/codelist/org/asthma/v1/', 'is there twice'],
    ['/codelist/org/asthma/v2/', 'is there in two versions, v1 and v2'],
  ])('leaves everything as it was when %s fails', async (path, message) => {
    const s = session();
    await codelists(s, 'add', `${site}/codelist/org/asthma/v1/`);
    const before = inFolder(s).map((name) => text(s, name));
    const { exitCode, error } = await codelists(s, 'add', `${site}${path}`);
    expect({ exitCode, error }).toEqual({ exitCode: 1, error: expect.stringContaining(message) as string });
    expect(error).toContain('\n  next: ');
    expect(inFolder(s).map((name) => text(s, name))).toEqual(before);
  });

  it('makes no folder when the site can not be reached, and takes no address of another site', async () => {
    const s = session();
    const far = await s.run(
      'codelists',
      'add',
      'http://127.0.0.1:1/codelist/a/b/c/',
      '--project-dir',
      'FOLDER/',
      '--site',
      'http://127.0.0.1:1',
    );
    expect(far).toMatchObject({ exitCode: 1, error: expect.stringContaining('could not be downloaded') as string });
    expect((await codelists(s, 'add', 'https://example.org/codelist/a/b/c/')).exitCode).toBe(1);
    expect(existsSync(join(s.folder, 'codelists'))).toBe(false);
  });

  it('takes the site from the environment', async () => {
    vi.stubEnv('GLOVEBOX_CODELISTS_URL', `${site}/`);
    const s = session();
    const url = `${site}/codelist/user/ann/copd/abcd1234/`;
    expect((await s.run('codelists', 'add', url, '--project-dir', 'FOLDER/')).exitCode).toBe(0);
    expect(inFolder(s)).toEqual(['codelists.json', 'codelists.txt', 'user-ann-copd.csv']);
  });
});

describe('glovebox codelists update', () => {
  it('makes the folder what the list says, and changes nothing the second time', async () => {
    const s = session({
      'codelists/codelists.txt': '# mine\n\n org/asthma/v1/ \nuser/ann/copd/abcd1234',
      'codelists/old.csv': 'x',
    });
    const { exitCode, out } = await codelists(s, 'update');
    expect(exitCode).toBe(0);
    expect(out).toBe(
      'downloaded org/asthma/v1\ndownloaded user/ann/copd/abcd1234\nremoved    codelists/old.csv\n\n2 codelists up to date.\n',
    );
    const manifest = text(s, 'codelists.json');
    expect((await codelists(s, 'update')).out).toContain('unchanged  org/asthma/v1\n');
    expect(text(s, 'codelists.json')).toBe(manifest);
  });

  it('reports every line and every download that is wrong, and keeps the files', async () => {
    const lines = session({ 'codelists/codelists.txt': 'org/x\na-b/c/1\na/b-c/1\na/b/../d\n' });
    const { error } = await codelists(lines, 'update');
    expect(error).toContain('codelists/codelists.txt:1:1: "org/x" is no codelist');
    expect(error).toContain('would both be the file a-b-c.csv');
    expect(error).toContain('codelists/codelists.txt:4:1: ');
    const downloads = session({
      'codelists/codelists.txt': 'org/none/v1\norg/broken/v1\norg/asthma/v1\n',
      'codelists/old.csv': 'x',
    });
    const failed = await codelists(downloads, 'update');
    expect(failed.error).toContain(`No codelist was found at ${site}/codelist/org/none/v1/`);
    expect(failed.error).toContain('the site answered 500');
    expect(inFolder(downloads)).toEqual(['codelists.txt', 'old.csv']);
  });

  it('touches nothing through a link, and says when there is no list', async () => {
    const s = session();
    expect((await codelists(s, 'update')).error).toContain('There is no folder codelists');
    const elsewhere = mkdtempSync(join(tmpdir(), 'glovebox-codelists-'));
    writeFileSync(join(elsewhere, 'own.csv'), 'x');
    writeFileSync(join(elsewhere, 'codelists.txt'), '');
    symlinkSync(elsewhere, join(s.folder, 'codelists'));
    expect((await codelists(s, 'update')).error).toContain('is a link');
    expect(existsSync(join(elsewhere, 'own.csv'))).toBe(true);
    const empty = session({ 'codelists/README.md': '' });
    expect((await codelists(empty, 'update')).error).toContain('There is no file codelists/codelists.txt');
  });
});

describe('glovebox codelists check', () => {
  async function checked(): Promise<Session> {
    const s = session();
    await codelists(s, 'add', `${site}/codelist/org/asthma/v1/`);
    return s;
  }

  it('passes when all agree, whatever the line endings, and sends the site what it needs', async () => {
    const s = await checked();
    writeFileSync(join(s.folder, 'codelists/org-asthma.csv'), asthma.replaceAll('\r\n', '\n').trimEnd());
    expect(await codelists(s, 'check')).toEqual({ exitCode: 0, out: 'Codelists OK: 1 checked.\n', error: '' });
    expect(Object.fromEntries(new URLSearchParams(asked))).toEqual({
      codelists: 'org/asthma/v1\n',
      manifest: text(s, 'codelists.json'),
    });
    expect((await codelists(session(), 'check')).exitCode).toBe(0);
  });

  it.each([
    ['codelists.txt', 'org/asthma/v1\norg/b/2\n', 'codelists.txt is not what was downloaded last.\n  added: org/b/2\n'],
    ['own.csv', 'x', 'are not those that were downloaded.\n  added: own.csv\n'],
    ['org-asthma.csv', 'code\n', 'were changed after they were downloaded.\n  changed: org-asthma.csv\n'],
    [
      'codelists.json',
      '{"files": {"a": 1}}',
      'codelists/codelists.json: codelists/codelists.json is not what glovebox writes.',
    ],
    ['codelists.json', '', 'is not what glovebox writes.'],
  ])('finds a difference in %s', async (name, content, message) => {
    const s = await checked();
    writeFileSync(join(s.folder, 'codelists', name), content);
    const { exitCode, error } = await codelists(s, 'check');
    expect(exitCode).toBe(1);
    expect(error).toContain(message);
    expect(error).toContain('Run `glovebox codelists update`, look at the changes, and commit them.');
  });

  it('finds missing files', async () => {
    const s = await checked();
    rmSync(join(s.folder, 'codelists/org-asthma.csv'));
    expect((await codelists(s, 'check')).error).toContain('\n  removed: org-asthma.csv\n');
    rmSync(join(s.folder, 'codelists/codelists.json'));
    expect((await codelists(s, 'check')).error).toContain('There is no file codelists/codelists.json.');
  });

  it('passes on what the site says, which fails no workflow', async () => {
    const s = await checked();
    upstream = '{"status": "error", "data": {"added": [], "removed": [], "changed": ["org-asthma.csv"]}}';
    const outdated = await codelists(s, 'check');
    expect(outdated).toMatchObject({
      exitCode: 1,
      error: expect.stringContaining('\n  changed: org-asthma.csv\n') as string,
    });
    vi.stubEnv('GITHUB_WORKFLOW', 'checks');
    expect(await codelists(s, 'check')).toMatchObject({
      exitCode: 0,
      error: expect.stringContaining('warning: ') as string,
    });
    vi.unstubAllEnvs();
    upstream = '{"status": "error", "data": {"error": "org/asthma/v1 is unknown"}}';
    expect((await codelists(s, 'check')).error).toContain('refused to check the codelists: org/asthma/v1 is unknown');
  });

  it.each(['<html>', '{}', 'null'])('passes with a note when the site answers %s', async (answer) => {
    const s = await checked();
    upstream = answer;
    const { exitCode, error } = await codelists(s, 'check');
    expect(exitCode).toBe(0);
    expect(error).toContain('note: ');
  });
});

describe('glovebox codelists check-upstream', () => {
  it('asks the site alone, and fails where that says so or says nothing', async () => {
    const s = session({ 'codelists/codelists.txt': 'org/asthma/v1\n', 'codelists/own.csv': 'x' });
    expect((await codelists(s, 'check-upstream')).error).toContain('There is no file codelists/codelists.json.');
    writeFileSync(join(s.folder, 'codelists/codelists.json'), '{"files": {}}');
    expect((await codelists(s, 'check-upstream')).out).toBe('Codelists are current: 1 checked.\n');
    upstream = '{"status": "error", "data": {"added": ["org-asthma.csv"], "removed": [], "changed": []}}';
    const outdated = await codelists(s, 'check-upstream');
    expect(outdated.exitCode).toBe(1);
    expect(outdated.error).toContain('\n  added: org-asthma.csv\n  next: Run `glovebox codelists update`');
    upstream = '<html>';
    const silent = await codelists(s, 'check-upstream');
    expect(silent).toMatchObject({ exitCode: 1, error: expect.stringContaining('could not be asked') as string });
    vi.stubEnv('GITHUB_WORKFLOW', 'checks');
    expect(await codelists(s, 'check-upstream')).toMatchObject({
      exitCode: 0,
      error: expect.stringContaining('warning: ') as string,
    });
  });
});

describe('digestOf', () => {
  it('takes no notice of line endings and the last one, but of empty lines', () => {
    expect(digestOf('a\r\nb\r\n')).toBe(digestOf('a\nb'));
    expect(digestOf('a\rb')).toBe(digestOf('a\nb\n'));
    expect(digestOf('a\n\n')).not.toBe(digestOf('a\n'));
    expect(digestOf('code,term')).toBe('ca8d45a9f93452e38c2f85c1b7e660855ed507a1');
  });
});
