// A command as an agent runs it, from its start to its finished file, with the most memory that it had.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clock, megabytes, print } from './timing.js';

export interface CommandRun {
  readonly glovebox: string;
  readonly directory: string;
  readonly definition: string;
  readonly args?: readonly string[];
  readonly database: string;
}

/** Runs generate-measures into a csv.gz and prints how long it took. */
export async function wholeCommand({
  glovebox,
  directory,
  definition,
  args = [],
  database,
}: CommandRun): Promise<void> {
  const output = join(tmpdir(), `glovebox-bench-${process.pid}.csv.gz`);
  const time = clock();
  const words = ['ehrql', 'generate-measures', definition, '--output', output, '--dsn', `duckdb:${database}`];
  const child = spawn(glovebox, [...words, ...(args.length > 0 ? ['--', ...args] : [])], {
    cwd: directory,
    env: { ...process.env, EHRQL_PERMISSIONS: '["appointments"]' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let [peak, log] = [0, ''];
  child.stderr.on('data', (text: Buffer) => (log += text.toString()));
  const watch = setInterval(() => (peak = Math.max(peak, peakOf(child.pid!))), 50);
  const code = await new Promise<number | null>((done) => child.on('exit', done));
  clearInterval(watch);
  const size = existsSync(output) ? statSync(output).size : 0;
  rmSync(output, { force: true });
  if (code !== 0) throw new Error(`the command failed with exit code ${code}\n${log}`);
  print('whole command to csv.gz', `${time().seconds.toFixed(2)} s, ${megabytes(size / 1024)}`);
  print('peak memory of the command', megabytes(peak));
}

/** The most memory that a process has had, in kilobytes; 0 when it is gone. */
function peakOf(pid: number): number {
  try {
    return Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
