// The command as a process of its own, with pipes and on a terminal, since what it starts has its input and output.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startTestEngine, type TestEngine } from '@glovebox/testkit';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { session } from '../../testing.js';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });
const glovebox = fileURLToPath(new URL('../../../../../glovebox', import.meta.url));
const started = await startTestEngine();
const skipped = typeof started === 'string' ? started : undefined;
const engine = started as TestEngine;
const folder = mkdtempSync(join(tmpdir(), 'glovebox-exec-'));

beforeAll(() => {
  execFileSync(process.execPath, [fileURLToPath(new URL('../../../../../script/build.mjs', import.meta.url))]);
  const lines = [
    'import os, sys',
    'print(sys.argv[1:], os.getcwd(), os.environ["HOME"], os.environ["OPENSAFELY_BACKEND"], os.environ.get("SECRET"))',
    'open("made.txt", "w").write("x")',
    'sys.exit(7)',
  ];
  writeFileSync(join(folder, 'a.py'), `${lines.join('\n')}\n`);
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  if (skipped === undefined) await engine.stop();
});

interface Ended {
  readonly exitCode: number;
  readonly out: string;
}

/** @param typed what comes on standard input, a piece whenever the text before it has been printed */
async function run(program: string, words: readonly string[], typed: readonly (readonly [string, string])[] = []) {
  const env = { ...process.env, SECRET: 'of-the-caller', DOCKER_HOST: `unix://${engine.socketPath}` };
  const child = spawn(program, words, { cwd: folder, env, stdio: ['pipe', 'pipe', 'pipe'] });
  let out = '';
  const waiting = [...typed];
  function answer(): void {
    const [after = '', text = ''] = waiting[0] ?? [];
    if (waiting.length === 0 || !out.includes(after)) return;
    waiting.shift();
    child.stdin.write(text);
    if (waiting.length === 0 && program === glovebox) child.stdin.end();
    answer();
  }
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      out += text;
      answer();
    });
  }
  if (typed.length === 0) child.stdin.end();
  answer();
  const [exitCode] = (await once(child, 'close')) as [number];
  return { exitCode, out } satisfies Ended;
}
const exec = (...words: string[]) => run(glovebox, ['exec', ...words]);
// Without exec a shell may stand between, and some end with 130 of their own after Ctrl-C.
const onTerminal = (command: string, typed: readonly (readonly [string, string])[]) =>
  run('/usr/bin/script', ['-qec', `exec ${glovebox} exec ${command}`, '/dev/null'], typed);

describe('glovebox exec', () => {
  it('runs a script in this folder with an environment of its own, and ends with its exit code', async () => {
    expect(await exec('python:v2', 'a.py', 'one', '--two')).toEqual({
      exitCode: 7,
      out: "['one', '--two'] /workspace /tmp expectations None\n",
    });
    expect(existsSync(join(folder, 'made.txt'))).toBe(true);
    const given = await exec('-e', 'HOME=/workspace', '-e', 'SECRET', 'python', 'a.py');
    expect(given.out).toBe('[] /workspace /workspace expectations of-the-caller\n');
  });

  it('starts programs by their names, and another than the usual one', async () => {
    expect((await exec('python:v2', 'python', '-c', 'print(6 * 7)')).out).toBe('42\n');
    expect((await exec('python:v2', 'ls')).out).toContain('a.py\n');
    expect((await exec('--entrypoint', '/usr/bin/head', 'python:v2', '-n1', 'a.py')).out).toBe('import os, sys\n');
    expect((await exec('-v', 'r:v2', '-e', 'cat(1 + 1)')).out).toBe(
      'bubblewrap, programs of this machine: /usr/bin/Rscript -e cat(1 + 1)\n2',
    );
  });

  it('is another user inside when told so', async () => {
    const id = async (...words: string[]) => (await exec(...words, 'python:v2', 'id', '-u')).out;
    const usual = await id();
    expect(usual).toMatch(/^\d+\n$/);
    expect(await id('-u', 'none')).toBe(usual);
    expect(await id('--user', '1234')).toBe('1234\n');
    expect((await exec('-u', '0:77', 'python:v2', 'id', '-g')).out).toBe('77\n');
    expect((await session().run('exec', '-u', 'root', 'python:v2', 'id')).exitCode).toBe(2);
  });

  it('reads what is piped into it', async () => {
    expect(await run(glovebox, ['exec', 'python:v2', '-'], [['', 'print(input is not None)\n']])).toEqual({
      exitCode: 0,
      out: 'True\n',
    });
  });

  it('has no network, and no more memory than it may', async () => {
    const socket = 'import socket; socket.create_connection(("127.0.0.1", 1), 2)';
    expect((await exec('python:v2', '-c', socket)).exitCode).toBe(1);
    const listing = await exec(
      'python:v2',
      '-c',
      'import os; print(os.listdir("/sys/class/net") if os.path.exists("/sys/class/net") else [])',
    );
    expect(listing.out).toMatch(/^\[('lo')?\]\n$/);
    expect((await exec('-m', '200M', 'python:v2', '-c', 'b"x" * (900 * 2**20)')).exitCode).toBe(137);
  });

  it('is an interpreter to type into on a terminal, where Ctrl-C interrupts what runs and no more', async () => {
    const { exitCode, out } = await onTerminal('python:v2', [
      ['>>> ', 'import time; print("sleep" + "ing"); time.sleep(600)\n'],
      ['sleeping', '\u0003'],
      ['KeyboardInterrupt', 'raise SystemExit(5)\n'],
    ]);
    expect({ exitCode, out }).toEqual({ exitCode: 5, out: expect.stringContaining('KeyboardInterrupt') as string });
  });

  it('runs ehrQL itself', async () => {
    const { exitCode, error } = await session().run('exec', 'ehrql:v1', 'generate-dataset', 'nowhere.py');
    expect({ exitCode, error }).toEqual({ exitCode: 2, error: expect.stringContaining('nowhere.py') as string });
    expect((await session().run('exec', 'ehrql', '--help')).out).toContain('Usage: glovebox ehrql');
  });

  it('says what stands for images here when it knows none of that name', async () => {
    const tries: readonly (readonly [readonly string[], string])[] = [
      [
        ['sqlrunner:v1', 'x'],
        'Nothing stands for the image sqlrunner:v1 here; with bubblewrap there is ehrql, r, python.',
      ],
      [['--executor', 'bubblewrap', 'Python'], '"Python" names no image'],
      [['python:v2;ls'], '"python:v2;ls" names no image'],
    ];
    for (const [words, message] of tries) {
      const { exitCode, error } = await session().run('exec', ...words);
      expect({ exitCode, error }).toEqual({ exitCode: 1, error: expect.stringContaining(message) as string });
      expect(error).toContain('\n  next: ');
    }
    expect((await session().run('exec')).exitCode).toBe(2);
    expect((await session().run('exec', '-e', '=x', 'python')).exitCode).toBe(2);
  });
});

describe.skipIf(skipped)(skipped === undefined ? 'docker' : `docker (skipped: ${skipped})`, () => {
  it('runs in the image of that name, and names the one that is missing', async () => {
    const [name = '', digest = ''] = engine.image.split('@');
    expect(digest).toMatch(/^sha256:/);
    const environment = { DOCKER_HOST: `unix://${engine.socketPath}` };
    for (const [key, value] of Object.entries(environment)) vi.stubEnv(key, value);
    vi.stubEnv('GLOVEBOX_IMAGES', `${name.split('/')[0]}/`);
    const missing = await session().run('exec', '--executor', 'docker', 'python:v9', 'x');
    expect(missing.error).toContain(`neither glovebox-test/python:v9 nor python:v9.\n  next: glovebox pull python:v9`);
    const words = ['--executor', 'docker', 'python:latest'];
    const ran = await exec(...words, 'a.py', 'one');
    expect(ran).toEqual({ exitCode: 7, out: "['one'] /workspace /tmp expectations None\n" });
    const typed = await onTerminal(words.join(' '), [
      ['>>> ', 'import time; print("sleep" + "ing"); time.sleep(600)\n'],
      ['sleeping', '\u0003'],
      ['KeyboardInterrupt', 'raise SystemExit(5)\n'],
    ]);
    expect(typed.exitCode).toBe(5);
    vi.unstubAllEnvs();
  });
});
