// What a confined command gets, and how its end is told. What it must not get is in escape.test.ts.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProblemError, type ConfinedCommand } from '@glovebox/record';
import { afterAll, expect, test } from 'vitest';
import { bubblewrapSandbox, runTrusted } from '../index.js';
import { descendants } from './tree.js';

const sandbox = bubblewrapSandbox();
const root = mkdtempSync(join(tmpdir(), 'glovebox-sandbox-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const limits = { memoryBytes: 2 ** 29, processes: 60, fileBytes: 2 ** 24, wallSeconds: 30 };

async function run(argv: readonly [string, ...string[]], more: Partial<ConfinedCommand> = {}) {
  let output = '';
  const result = await sandbox.run({
    argv,
    cwd: '/tmp',
    env: { HOME: '/tmp', PATH: '/usr/bin' },
    mounts: sandbox.systemMounts(),
    limits,
    onOutput: (chunk) => (output += chunk.toString()),
    ...more,
  });
  return { ...result, output };
}

const sh = (script: string, more: Partial<ConfinedCommand> = {}) => run(['/bin/sh', '-c', script], more);

test('confinement works on this machine', async () => {
  expect(await sandbox.probe()).toBeUndefined();
});

test('the exit code of a command is told', async () => {
  expect(await sh('exit 0')).toMatchObject({ ended: 'exited', exitCode: 0 });
  expect(await sh('exit 3')).toMatchObject({ ended: 'exited', exitCode: 3 });
});

test('both outputs arrive, and standard input is what was given', async () => {
  const seen: string[] = [];
  await run(['/bin/sh', '-c', 'cat; echo wrong >&2'], {
    stdin: 'given\n',
    onOutput: (chunk, stream) => seen.push(`${stream}: ${chunk.toString()}`),
  });
  expect(seen.sort()).toEqual(['stderr: wrong\n', 'stdout: given\n']);
});

test('a command sees the environment that it was given and nothing else', async () => {
  process.env.GLOVEBOX_TEST_SECRET = 'secret';
  const { output } = await run(['/usr/bin/env'], { env: { A: '1' } });
  delete process.env.GLOVEBOX_TEST_SECRET;
  expect(output.split('\n').filter((l) => l && !l.startsWith('PWD='))).toEqual(['A=1']);
});

test('a mount for reading can be read, a mount for writing keeps what was written', async () => {
  const given = join(root, 'given');
  const kept = join(root, 'kept');
  mkdirSync(given);
  mkdirSync(kept);
  writeFileSync(join(given, 'in.txt'), 'in');
  const mounts = [
    ...sandbox.systemMounts(),
    { from: given, to: '/workspace/given', access: 'read' },
    { from: kept, to: '/workspace/kept', access: 'write' },
  ] as const;
  const script =
    'cat given/in.txt > kept/out.txt && ! touch given/new 2>/dev/null && ! echo x 2>/dev/null >> given/in.txt';
  expect(await sh(script, { cwd: '/workspace', mounts })).toMatchObject({ ended: 'exited', exitCode: 0 });
  expect(readFileSync(join(kept, 'out.txt'), 'utf8')).toBe('in');
});

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

test('a program that does not exist, or a missing mount, is a problem rather than an exit code', async () => {
  await expect(run(['/usr/bin/no-such-program'])).rejects.toThrow(ProblemError);
  const mounts = [...sandbox.systemMounts(), { from: join(root, 'none'), to: '/x', access: 'read' as const }];
  await expect(sh('true', { mounts })).rejects.toThrow('does not exist on this machine');
});

test('more memory than allowed ends the command, counting all its processes together', async () => {
  const one = 'import time; x = b"x" * 120_000_000; time.sleep(20)';
  const alone = await run(['/usr/bin/python3', '-c', 'x = [b"x" * 10**7 * i for i in range(1000)]']);
  expect(alone.ended).toBe('memory');
  const together = await sh(`for i in 1 2 3 4 5 6; do python3 -c '${one}' & done; wait`);
  expect(together.ended).toBe('memory');
  expect(together.usage.peakMemoryBytes).toBeGreaterThan(limits.memoryBytes);
});

test('memory that forks share is counted once', async () => {
  const script =
    'import os, time\nx = b"x" * 200_000_000\nfor i in range(6):\n  if os.fork() == 0: time.sleep(0.5); os._exit(0)\nfor i in range(6): os.wait()';
  expect(await run(['/usr/bin/python3', '-c', script])).toMatchObject({ ended: 'exited', exitCode: 0 });
});

test('files in the private /tmp count as memory', async () => {
  const result = await sh(
    'for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do head -c 16000000 /dev/zero > /tmp/$i; done; python3 -c "x = b\'x\' * 350_000_000; import time; time.sleep(20)"',
  );
  expect(result.ended).toBe('memory');
});

test('a command that takes too long is ended', async () => {
  const result = await sh('sleep 30', { limits: { ...limits, wallSeconds: 0.3 } });
  expect(result.ended).toBe('time');
  expect(result.usage.wallSeconds).toBeLessThan(5);
});

test('too many processes end the command', async () => {
  const result = await sh('for i in $(seq 1 200); do sleep 20 & done; wait');
  expect(result.ended === 'killed' || (result.ended === 'exited' && result.exitCode !== 0)).toBe(true);
});

test('a file that grows too large ends the command that writes it', async () => {
  const result = await run(['/usr/bin/dd', 'if=/dev/zero', 'of=/tmp/x', 'bs=1M', 'count=30']);
  expect(result).toMatchObject({ ended: 'killed', signal: 'SIGXFSZ' });
});

test('a signal from inside is told by name', async () => {
  expect(await sh('kill -SEGV $$')).toMatchObject({ ended: 'killed', signal: 'SIGSEGV' });
});

test('cancelling ends every process, also those that left their session, before the result is given', async () => {
  const stop = new AbortController();
  const script = 'setsid sleep 1000 & (sleep 1000 & sleep 1000) & echo ready; wait';
  const result = await sh(script, {
    signal: stop.signal,
    onOutput: () => stop.abort(),
  });
  expect(result.ended).toBe('cancelled');
  expect(descendants(process.pid, 10_000).filter((pid) => isSleep(pid))).toEqual([]);
});

test('a command that was cancelled before it started does not start', async () => {
  expect(await sh('touch /tmp/x', { signal: AbortSignal.abort() })).toMatchObject({ ended: 'cancelled' });
});

test('an action that does nothing costs little', async () => {
  await sh('true');
  const before = performance.now();
  for (let i = 0; i < 10; i++) await sh('true');
  expect((performance.now() - before) / 10).toBeLessThan(250);
});

test('processor time and memory are measured', async () => {
  const { usage } = await run(['/usr/bin/python3', '-c', 'x = b"x" * 50_000_000\nfor i in range(8_000_000): pass']);
  expect(usage.cpuSeconds).toBeGreaterThan(0.05);
  expect(usage.peakMemoryBytes).toBeGreaterThan(50_000_000);
});

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
