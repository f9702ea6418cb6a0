// What only a cluster has: a queue, nodes that fail, a controller that is away, jobs that outlive whoever asked for them.
// What every executor holds is in ../contract.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CommandLost, type ConfinedCommand } from '@glovebox/record';
import { startTestCluster, type TestCluster } from '@glovebox/testkit';
import { afterAll, describe, expect, test } from 'vitest';
import { slurmSandbox } from '../index.js';
import { namesOf } from './cluster.js';
import { endOf } from './run-job.js';

const started = await startTestCluster();
const skipped = typeof started === 'string' ? started : undefined;
const cluster = started as TestCluster;
const root = mkdtempSync(join(tmpdir(), 'glovebox-sandbox-'));
afterAll(async () => {
  rmSync(root, { recursive: true, force: true });
  if (skipped === undefined) await cluster.stop();
});

const pace = { lookMilliseconds: 50, askMilliseconds: 200, settleMilliseconds: 0 };
const optionsOf = (owner: string) => ({
  owner,
  folder: join(root, owner),
  configurationFile: cluster.configurationFile,
  pace,
});
const sandboxOf = (owner: string, more: object = {}) => slurmSandbox({ ...optionsOf(owner), ...more });

const command = (script: string, more: Partial<ConfinedCommand> = {}): ConfinedCommand => ({
  argv: ['/bin/sh', '-c', script],
  cwd: '/tmp',
  env: {},
  mounts: sandboxOf('mounts').systemMounts(),
  limits: { memoryBytes: 2 ** 28, processes: 30, fileBytes: 2 ** 20, wallSeconds: 60 },
  ...more,
});

/** Runs a command that goes on until `act`, called at its first output, has ended it. */
async function during(owner: string, act: () => unknown, more: Partial<ConfinedCommand> = {}) {
  let acted: unknown;
  let hasBegun = false;
  const onOutput = () => {
    if (!hasBegun) acted = act();
    hasBegun = true;
  };
  const outcome = await sandboxOf(owner)
    .run(command('echo; sleep 1000', { onOutput, ...more }))
    .catch((error: unknown) => error as Error);
  return { outcome, acted };
}

const queue = (format: string) => cluster.ask('squeue', '--noheader', `--format=${format}`).trim();
const cancelAll = () => cluster.ask('scancel', '--state=RUNNING', '--quiet');

test("without Slurm's programs, or a controller that answers, the probe says what is missing", async () => {
  const missing = slurmSandbox({ owner: 'a', folder: root, programs: '/nonexistent' });
  expect(await missing.probe()).toMatchObject({
    code: 'slurm-missing',
    message: expect.stringContaining('sbatch') as string,
  });
});

test.each([
  ['OUT_OF_MEMORY', { ended: 'memory' }],
  ['TIMEOUT', { ended: 'time' }],
  ['DEADLINE', { ended: 'time' }],
  ['CANCELLED', { ended: 'killed' }],
])('a job that Slurm ended as %s, without a word of its node, is told as what it means', (state, end) => {
  expect(endOf({ state, reason: '' }, { wallSeconds: 1 }, '')).toMatchObject(end);
});

test.each(['NODE_FAIL', 'PREEMPTED', 'BOOT_FAIL', 'REVOKED', 'unknown to the cluster'])(
  'a job that ended as %s, without a word of its node, was lost and may be run again',
  (state) => {
    expect(() => endOf({ state, reason: 'None' }, { wallSeconds: 1 }, 'words')).toThrow(CommandLost);
  },
);

test.each(['FAILED', 'COMPLETED'])(
  'a job that ended as %s, without a word of its node, is a fault and no outcome of the command',
  (state) => {
    expect(() => endOf({ state, reason: 'None' }, { wallSeconds: 1 }, 'words')).toThrow(`${state} (None): words`);
  },
);

describe.skipIf(skipped)(skipped === undefined ? 'slurm' : `slurm (skipped: ${skipped})`, () => {
  test('a cluster that is not known here, or whose controller does not answer, is named by the probe', async () => {
    const none = await sandboxOf('a', { configurationFile: join(root, 'none.conf') }).probe();
    expect(none).toMatchObject({
      code: 'cluster-unreachable',
      message: expect.stringContaining('none.conf') as string,
    });
    const configurationFile = join(root, 'slurm.conf');
    const text = readFileSync(cluster.configurationFile, 'utf8').replace(/^SlurmctldPort=.*$/m, 'SlurmctldPort=1');
    writeFileSync(configurationFile, text);
    const silent = await sandboxOf('a', { configurationFile }).probe();
    expect(silent).toMatchObject({
      code: 'cluster-unreachable',
      message: expect.stringContaining('contact') as string,
    });
  });

  test('a job that the cluster does not take is a problem that says why', async () => {
    const refused = sandboxOf('a', { partition: 'no-such' }).run(command('true'));
    await expect(refused).rejects.toMatchObject({ problems: [{ code: 'cluster-refused' }] });
    await expect(refused).rejects.toThrow(/partition/i);
    expect(readdirSync(join(root, 'a'))).toEqual([]);
  });

  test('the probe refuses limits that no node could ever give', async () => {
    const largest = { memoryBytes: 2 ** 28, processes: 30, fileBytes: 1, processors: 1000 };
    expect(await sandboxOf('a', { largest }).probe()).toMatchObject({ code: 'cluster-refused' });
    const fitting = sandboxOf('a', { largest: { ...largest, processors: 2, wallSeconds: 86_400 } });
    expect(await fitting.probe()).toBeUndefined();
  });

  test('a probe gives up when no node is free in time, and leaves nothing in the queue', async () => {
    const node = cluster.ask('sinfo', '--noheader', '--format=%n').trim();
    cluster.ask('scontrol', 'update', `nodename=${node}`, 'state=drain', 'reason=test');
    const refused = await sandboxOf('a', { longestTrialWaitSeconds: 0.5 }).probe();
    cluster.ask('scontrol', 'update', `nodename=${node}`, 'state=resume');
    expect(refused).toMatchObject({ code: 'cluster-busy' });
    expect(queue('%j')).toBe('');
  });

  test('the allocation is as large as the limits, its name tells the job, and nothing of the command is told to Slurm', async () => {
    process.env['GLOVEBOX_TEST_SECRET'] = 'secret';
    const { acted } = await during(
      'names',
      () => {
        const shown = cluster.ask('scontrol', 'show', 'job', '--oneliner');
        cancelAll();
        return shown;
      },
      {
        job: 'job-1 $(x)',
        env: { LICENCE: 'secret' },
        limits: { memoryBytes: 2 ** 28, processes: 30, fileBytes: 1, wallSeconds: 600, processors: 2 },
      },
    );
    delete process.env['GLOVEBOX_TEST_SECRET'];
    const shown = String(acted);
    expect(shown).toContain(`JobName=${namesOf('names')}job-1---x--`);
    expect(shown).toContain('NumCPUs=2');
    expect(shown).toContain('mem=512M');
    expect(shown).toContain('TimeLimit=00:12:00');
    expect(shown).toContain('Requeue=0');
    for (const word of ['secret', 'sleep', 'LICENCE']) expect(shown).not.toContain(word);
  });

  test('a job that somebody cancels at the cluster was killed', async () => {
    const { outcome } = await during('cancelled', cancelAll);
    expect(outcome).toMatchObject({ ended: 'killed' });
  });

  test('a command whose node fails was lost, and may be run again', async () => {
    const node = cluster.ask('sinfo', '--noheader', '--format=%n').trim();
    const { outcome } = await during('node', () =>
      cluster.ask('scontrol', 'update', `nodename=${node}`, 'state=down', 'reason=test'),
    );
    cluster.ask('scontrol', 'update', `nodename=${node}`, 'state=resume');
    expect(outcome).toBeInstanceOf(CommandLost);
    expect(outcome).toMatchObject({ message: expect.stringContaining('NODE_FAIL') as string });
  });

  test('a controller that goes away under a running command changes nothing', async () => {
    let output = '';
    let resumed: Promise<unknown> | undefined;
    const result = await sandboxOf('away').run(
      command('echo begun; sleep 1; echo end; exit 3', {
        onOutput: (chunk) => {
          output += chunk.toString();
          resumed ??= cluster.stopController();
        },
      }),
    );
    await resumed;
    await expect(sandboxOf('away').run(command('true'))).rejects.toThrow('could not be submitted');
    await cluster.startController();
    expect({ ...result, output }).toMatchObject({ ended: 'exited', exitCode: 3, output: 'begun\nend\n' });
  });

  test('what a process that was killed left in the cluster is ended at the next start, and only that', async () => {
    const built = fileURLToPath(new URL('../../dist/index.js', import.meta.url));
    const program = `
import { slurmSandbox } from ${JSON.stringify(built)};
const run = { ...${JSON.stringify(command('echo; sleep 1000'))}, onOutput: () => process.stdout.write('begun') };
await slurmSandbox(${JSON.stringify(optionsOf('dead'))}).run(run);`;
    const agent = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await new Promise((begun) => agent.stdout.once('data', begun));
    agent.kill('SIGKILL');
    let removed: number | undefined;
    let left = '';
    const { outcome } = await during('other', async () => {
      removed = await sandboxOf('dead').removeLeftovers();
      left = queue('%j');
      cancelAll();
    });
    expect(removed).toBe(1);
    expect(left).toContain(namesOf('other'));
    expect(left).not.toContain(namesOf('dead'));
    expect(readdirSync(join(root, 'dead'))).toEqual([]);
    expect(await sandboxOf('dead').removeLeftovers()).toBe(0);
    expect(outcome).toMatchObject({ ended: 'killed' });
  });
});
