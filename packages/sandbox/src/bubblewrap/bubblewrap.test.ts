// What only commands confined by bubblewrap get: the programs of this machine. What every executor holds is in ../contract.
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { bubblewrapSandbox, runTrusted } from '../index.js';
import { openCeiling } from './ceiling.js';
import { descendants } from './tree.js';

const sandbox = bubblewrapSandbox();
const root = mkdtempSync(join(tmpdir(), 'glovebox-sandbox-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const limits = { memoryBytes: 2 ** 29, processes: 60, fileBytes: 2 ** 24, wallSeconds: 30 };

async function run(argv: readonly [string, ...string[]], onFirst: () => void = () => undefined) {
  let output = '';
  const result = await sandbox.run({
    argv,
    cwd: '/tmp',
    env: { HOME: '/tmp', PATH: '/usr/bin' },
    mounts: sandbox.systemMounts(),
    limits,
    onOutput: (chunk) => {
      if (output === '') onFirst();
      output += chunk.toString();
    },
  });
  return { ...result, output };
}

test('R, pandas and a picture work with the system mounts alone', async () => {
  const r = await run([
    '/usr/bin/Rscript',
    '-e',
    'library(dplyr); library(ggplot2); ggsave("/tmp/a.png", ggplot(mtcars, aes(mpg, wt)) + geom_point(), width=3, height=3); cat(file.exists("/tmp/a.png"))',
  ]);
  expect(r).toMatchObject({ ended: 'exited', exitCode: 0, output: expect.stringContaining('TRUE') as string });
  expect(
    await run(['/usr/bin/python3', '-c', 'import pandas, scipy, getpass; print(getpass.getuser())']),
  ).toMatchObject({ exitCode: 0, output: 'glovebox\n' });
});

const ceiling = openCeiling(limits);
await ceiling.remove();
test.skipIf(ceiling.folders.length === 0)(
  'as root, the kernel holds ceilings, which are gone with the command',
  async () => {
    const groups = () =>
      ['/sys/fs/cgroup/pids', '/sys/fs/cgroup/memory', '/sys/fs/cgroup']
        .flatMap((parent) => (existsSync(parent) ? readdirSync(parent).map((name) => join(parent, name)) : []))
        .filter((folder) => folder.includes(`/glovebox-${process.pid}-`));
    let held: { readonly processes: number; readonly most: number } | undefined;
    await run(['/bin/sh', '-c', 'echo; sleep 0.3'], () => {
      const folder = groups().find((one) => existsSync(join(one, 'pids.max')));
      if (folder === undefined) return;
      const lines = readFileSync(join(folder, 'cgroup.procs'), 'utf8').trim().split('\n');
      held = { processes: lines.length, most: Number(readFileSync(join(folder, 'pids.max'), 'utf8')) };
    });
    expect(held?.processes).toBeGreaterThanOrEqual(2);
    expect(held?.most).toBeLessThan(limits.processes * 10);
    expect(groups()).toEqual([]);
  },
);

test('a trusted command sees the machine, can confine what it starts, and ends as a whole', async () => {
  let output = '';
  const inner =
    'bwrap --unshare-all --unshare-user --disable-userns --ro-bind / / --proc /proc --dev /dev true && echo confined';
  const command = {
    cwd: root,
    env: { PATH: '/usr/bin', SECRET: 'x' },
    limits,
    onOutput: (chunk: Buffer) => void (output += chunk.toString()),
  };
  const result = await runTrusted({ ...command, argv: ['/bin/sh', '-c', `pwd; ${inner}; exit 14`] });
  expect({ ...result, output }).toMatchObject({ ended: 'exited', exitCode: 14, output: `${root}\nconfined\n` });
  const stop = new AbortController();
  const ended = await runTrusted({
    ...command,
    argv: ['/bin/sh', '-c', 'setsid sleep 1000 & echo; wait'],
    signal: stop.signal,
    onOutput: () => stop.abort(),
  });
  expect(ended.ended).toBe('cancelled');
  expect(descendants(process.pid, 10_000).filter((pid) => isSleep(pid))).toEqual([]);
});

function isSleep(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'sleep';
  } catch {
    return false;
  }
}
