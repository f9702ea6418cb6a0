// What a person sees on a terminal: the list that redraws itself while actions run, and lines where nobody watches.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, it, vi } from 'vitest';
import { session } from '../../testing.js';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });
const root = fileURLToPath(new URL('../../../../../', import.meta.url));
beforeAll(() => void execFileSync(process.execPath, [join(root, 'script/build.mjs')]));

const action = (name: string, script: string): string =>
  `  ${name}:\n    run: python:v2 ${script}\n    outputs: {moderately_sensitive: {o: ${name}.txt}}\n`;
const files = {
  'project.yaml': `version: "5.0"\nactions:\n${action('first', 'w.py first')}${action('second', 'w.py second')}${action('slow', 's.py')}`,
  'w.py': 'import sys\nopen(f"{sys.argv[1]}.txt", "w").write("x")\n',
  's.py': 'import time\ntime.sleep(600)\n',
};

/** @param onText called with all that was printed so far, and a function that types */
async function onTerminal(
  folder: string,
  words: string,
  onText: (out: string, type: (text: string) => void) => void,
  kind = 'xterm',
) {
  // Without exec a shell may stand between, and some end with 130 of their own after Ctrl-C.
  const run = `${root}glovebox run ${words} --project-dir ${folder}`;
  const command = `stty cols 100 rows 30; exec /usr/bin/env TERM=${kind} ${run}`;
  const child = spawn('/usr/bin/script', ['-qec', command, '/dev/null'], { stdio: ['pipe', 'pipe', 'pipe'] });
  let out = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
    onText(out, (typed) => void child.stdin.write(typed));
  });
  const [exitCode] = (await once(child, 'close')) as [number];
  return { exitCode, out: out.replaceAll('\r\n', '\n') };
}

it('draws a line for each action and takes the list away before it sums up', async () => {
  const s = session(files);
  const { exitCode, out } = await onTerminal(s.folder, 'first second', () => undefined);
  expect(exitCode).toBe(0);
  expect(out).toMatch(/> first +0 s {2}Preparing your code and workspace files\n/);
  expect(out).toContain('\u001b[1A\u001b[2K');
  expect(out).toMatch(/of 2 done, \d running/);
  expect(out).not.toContain('first: Running');
  expect(out.slice(out.lastIndexOf('running\n'))).toContain('=> second\n   Completed successfully\n');
});

it('ends with 1 and leaves nothing behind when Ctrl-C is pressed', async () => {
  const s = session(files);
  let hasTyped = false;
  const { exitCode, out } = await onTerminal(s.folder, 'slow', (text, type) => {
    if (hasTyped || !/> slow .* Running/.test(text)) return;
    hasTyped = true;
    type('\u0003');
  });
  expect({ exitCode, out }).toEqual({ exitCode: 1, out: expect.stringContaining('Killed by user') as string });
  expect(existsSync(join(s.folder, 'metadata/glovebox/work'))).toBe(false);
});

it('prints lines with times on a terminal too when asked to', async () => {
  const s = session(files);
  const { out } = await onTerminal(s.folder, 'first --timestamps', () => undefined);
  expect(out).toMatch(/\n\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}Z first: Running\n/);
});

it('prints lines on a terminal that can not go back', async () => {
  const s = session(files);
  const { out } = await onTerminal(s.folder, 'first', () => undefined, 'dumb');
  expect(out).toContain('\nfirst: Running\n');
  expect(out).not.toContain('\u001b');
});
