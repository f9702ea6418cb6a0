// What a confined command gets, and how its end is told, in every executor. What it must not get is in escape.test.ts.
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProblemError, type ConfinedCommand } from '@glovebox/record';
import { afterAll, describe, expect, test } from 'vitest';
import { executors, titleOf } from './testing.js';

const limits = { memoryBytes: 2 ** 29, processes: 60, fileBytes: 2 ** 24, wallSeconds: 30 };

/** Processes of the whole machine with this word among their arguments. */
function processesWith(word: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'latin1').split('\0').includes(word);
    } catch {
      return false;
    }
  });
}

describe.each(executors)('$name', (executor) => {
  const { sandbox, image } = executor;
  const root = mkdtempSync(join(tmpdir(), 'glovebox-sandbox-'));
  afterAll(async () => {
    rmSync(root, { recursive: true, force: true });
    await executor.stop();
  });

  async function run(argv: readonly [string, ...string[]], more: Partial<ConfinedCommand> = {}) {
    let output = '';
    const result = await sandbox.run({
      argv,
      ...(image === undefined ? {} : { image }),
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

  describe.skipIf(executor.skipped)(titleOf(executor), () => {
    test('confinement works on this machine', async () => {
      expect(await sandbox.probe()).toBeUndefined();
    });

    test('the exit code of a command is told', async () => {
      expect(await sh('exit 0')).toMatchObject({ ended: 'exited', exitCode: 0 });
      expect(await sh('exit 3')).toMatchObject({ ended: 'exited', exitCode: 3 });
    });

    test('both outputs arrive, and standard input is what was given', async () => {
      const seen = { stdout: '', stderr: '' };
      await run(['/bin/sh', '-c', 'cat; echo wrong >&2'], {
        stdin: 'given\n',
        onOutput: (chunk, stream) => (seen[stream] += chunk.toString()),
      });
      expect(seen).toEqual({ stdout: 'given\n', stderr: 'wrong\n' });
    });

    test('a command that was given no input finds none, and one that does not read its input ends all the same', async () => {
      expect(await sh('cat; echo end')).toMatchObject({ exitCode: 0, output: 'end\n' });
      expect(await sh('exit 4', { stdin: 'x'.repeat(10 ** 6) })).toMatchObject({ ended: 'exited', exitCode: 4 });
    });

    test('a large output arrives whole and in order', async () => {
      let bytes = 0;
      let isInOrder = true;
      let last = '';
      const result = await run(['/usr/bin/seq', '1', '1000000'], {
        onOutput: (chunk) => {
          bytes += chunk.length;
          const lines = (last + chunk.toString('latin1')).split('\n');
          last = lines.pop() ?? '';
          isInOrder &&= lines.every((line, i) => i === 0 || Number(line) === Number(lines[i - 1]) + 1);
        },
      });
      expect({ bytes, isInOrder, exitCode: 'exitCode' in result && result.exitCode }).toEqual({
        bytes: 6_888_896,
        isInOrder: true,
        exitCode: 0,
      });
    });

    test('a command that prints without end is ended by its time, and what it printed arrives', async () => {
      let bytes = 0;
      const result = await run(['/usr/bin/yes'], {
        limits: { ...limits, wallSeconds: 1 },
        onOutput: (chunk) => void (bytes += chunk.length),
      });
      expect(['time', 'killed']).toContain(result.ended);
      expect(bytes).toBeGreaterThan(10 ** 6);
    });

    test('a command sees the environment that it was given and nothing of this process', async () => {
      process.env.GLOVEBOX_TEST_SECRET = 'secret';
      const { output } = await run(['/usr/bin/env'], { env: { A: '1' } });
      delete process.env.GLOVEBOX_TEST_SECRET;
      const names = output
        .split('\n')
        .filter((line) => !executor.addedToEnvironment.includes(line.split('=')[0] ?? ''));
      expect(names.filter(Boolean)).toEqual(['A=1']);
    });

    test('a mount for reading can be read, a mount for writing keeps what was written', async () => {
      const given = join(root, 'given');
      const kept = join(root, 'kept');
      mkdirSync(given);
      mkdirSync(join(kept, 'below'), { recursive: true });
      writeFileSync(join(given, 'in.txt'), 'in');
      writeFileSync(join(kept, 'below', 'code.txt'), 'old');
      const mounts = [
        ...sandbox.systemMounts(),
        { from: given, to: '/workspace/given', access: 'read' },
        { from: kept, to: '/workspace/kept', access: 'write' },
      ] as const;
      const script =
        'cat given/in.txt > kept/out.txt && echo new > kept/below/code.txt && ! touch given/new 2>/dev/null && ! echo x 2>/dev/null >> given/in.txt';
      expect(await sh(script, { cwd: '/workspace', mounts })).toMatchObject({ ended: 'exited', exitCode: 0 });
      expect(readFileSync(join(kept, 'out.txt'), 'utf8')).toBe('in');
      expect(readFileSync(join(kept, 'below', 'code.txt'), 'utf8')).toBe('new\n');
      expect(statSync(join(given, 'in.txt')).size).toBe(2);
    });

    test('what is written anywhere else is gone with the command', async () => {
      expect(await sh('echo x > /tmp/left; echo x > /dev/shm/left; echo x > /left')).toMatchObject({ exitCode: 2 });
      expect(await sh('ls -A /tmp /dev/shm')).toMatchObject({ output: '/dev/shm:\n\n/tmp:\n' });
    });

    test('a program can be made and run in /tmp, as compilers of packages do', async () => {
      const script = 'printf "#!/bin/sh\\necho made" > /tmp/p && chmod +x /tmp/p && /tmp/p';
      expect(await sh(script)).toMatchObject({ exitCode: 0, output: 'made\n' });
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
      expect(together.usage.peakMemoryBytes).toBeGreaterThanOrEqual(limits.memoryBytes);
      expect(together.usage.wallSeconds).toBeLessThan(15);
    });

    test('the memory that it holds is told while it runs', async () => {
      const stop = new AbortController();
      const result = await run(['/usr/bin/python3', '-c', 'x = b"x" * 200_000_000; import time; time.sleep(60)'], {
        signal: stop.signal,
        onMemory: (bytes) => bytes > 190_000_000 && bytes < limits.memoryBytes && stop.abort(),
      });
      expect(result.ended).toBe('cancelled');
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

    test('more processor time than allowed ends the command, counting all its processes together', async () => {
      const busy = 'import os\nos.fork(); os.fork()\nwhile True: pass';
      const result = await run(['/usr/bin/python3', '-c', busy], { limits: { ...limits, cpuSeconds: 1 } });
      expect(result.ended).toBe('time');
      expect(result.usage.wallSeconds).toBeLessThan(limits.wallSeconds);
      const little = await sh('true', { limits: { ...limits, cpuSeconds: 60 } });
      expect(little).toMatchObject({ ended: 'exited', exitCode: 0 });
    });

    test('a command that may keep one processor busy gets the time of one, however many processes it has', async () => {
      const busy = `
import os, time
began = time.monotonic()
for i in range(4):
    if os.fork() == 0:
        while time.monotonic() - began < 1.5: pass
        os._exit(0)
for i in range(4): os.wait()
used = os.times()
print((used.children_user + used.children_system) / (time.monotonic() - began))`;
      const { output } = await run(['/usr/bin/python3', '-c', busy], { limits: { ...limits, processors: 1 } });
      expect(Number(output)).toBeGreaterThan(0);
      expect(Number(output)).toBeLessThan(1.3);
    });

    test('too many processes end the command', async () => {
      const result = await sh('for i in $(seq 1 200); do sleep 20 & done; wait');
      expect(result.ended === 'killed' || (result.ended === 'exited' && result.exitCode !== 0)).toBe(true);
    });

    test('a file that grows too large ends the command that writes it', async () => {
      const result = await run(['/usr/bin/dd', 'if=/dev/zero', 'of=/tmp/x', 'bs=1M', 'count=30']);
      expect(result).toMatchObject({ ended: 'killed', signal: 'SIGXFSZ' });
    });

    test('a signal from inside is told by name, and is no lack of memory', async () => {
      expect(await sh('kill -SEGV $$')).toMatchObject({ ended: 'killed', signal: 'SIGSEGV' });
      expect(await sh('kill -KILL $$')).toMatchObject({ ended: 'killed', signal: 'SIGKILL' });
    });

    test('cancelling ends every process, also those that left their session, before the result is given', async () => {
      const stop = new AbortController();
      const mark = `${1000 + Math.random() * 1000}`;
      const script = `setsid sleep ${mark} & (sleep ${mark} & sleep ${mark}) & echo ready; wait`;
      const result = await sh(script, {
        signal: stop.signal,
        onOutput: () => stop.abort(),
      });
      expect(result.ended).toBe('cancelled');
      expect(processesWith(mark)).toEqual([]);
    });

    test('what a command leaves running ends with it', async () => {
      const mark = `${2000 + Math.random() * 1000}`;
      const script = `setsid sleep ${mark} > /dev/null 2>&1 & echo started`;
      expect(await sh(script)).toMatchObject({ ended: 'exited', exitCode: 0, output: 'started\n' });
      expect(processesWith(mark)).toEqual([]);
    });

    test('a command that was cancelled before it started does not start', async () => {
      const folder = mkdtempSync(join(root, 'cancelled-'));
      const mounts = [...sandbox.systemMounts(), { from: folder, to: '/workspace', access: 'write' }] as const;
      const result = await sh('touch /workspace/x', { mounts, signal: AbortSignal.abort() });
      expect(result).toMatchObject({ ended: 'cancelled' });
      expect(readdirSync(folder)).toEqual([]);
    });

    test('a command can be cancelled at any moment of its start', { timeout: 180_000 }, async () => {
      for (const milliseconds of [0, 5, 20, 60, 120]) {
        const result = await sh('sleep 60', { signal: AbortSignal.timeout(milliseconds) });
        expect(result.ended).toBe('cancelled');
        expect(result.usage.wallSeconds).toBeLessThan(executor.isQueued ? 30 : 5);
      }
    });

    test('an action that does nothing costs little', { timeout: 120_000 }, async () => {
      await sh('true');
      const before = performance.now();
      for (let i = 0; i < 10; i++) await sh('true');
      expect((performance.now() - before) / 10).toBeLessThan(executor.idleMilliseconds);
    });

    test('processor time and memory are measured', async () => {
      const { usage } = await run([
        '/usr/bin/python3',
        '-c',
        'import time\nx = b"x" * 50_000_000\nwhile time.process_time() < 2: pass',
      ]);
      expect(usage.cpuSeconds).toBeGreaterThan(0.05);
      expect(usage.peakMemoryBytes).toBeGreaterThan(50_000_000);
    });
  });
});
