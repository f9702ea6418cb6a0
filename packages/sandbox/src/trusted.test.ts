// Glovebox's own commands, in a process tree of their own.
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { runTrusted } from './trusted.js';

const limits = { memoryBytes: 2 ** 29, processes: 60, fileBytes: 2 ** 20, wallSeconds: 20 };

/** Processes whose command line begins with `program` and holds `mark`, as this machine sees them. */
function processesOf(program: string, mark: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
        return command.startsWith(program) && command.includes(mark);
      } catch {
        return false;
      }
    });
}

test.each([
  ['before it said anything on standard error', ''],
  ['after it said something', 'console.error("so far so good");'],
  ['in the middle of a line', 'process.stderr.write("so far ");'],
])('a command that is killed from outside %s ends as killed, not as one that could not start', async (when, code) => {
  const mark = `killed from outside ${when}`;
  const ended = await runTrusted({
    argv: [process.execPath, '-e', `${code} console.log("ready"); setInterval(() => {}, 1000); // ${mark}`],
    cwd: '/tmp',
    env: { PATH: '/usr/bin:/bin' },
    limits,
    onOutput: (_, stream) => {
      if (stream === 'stdout') for (const pid of processesOf(process.execPath, mark)) process.kill(pid, 'SIGKILL');
    },
  });
  expect(ended).toMatchObject({ ended: 'killed', signal: 'SIGKILL' });
});
