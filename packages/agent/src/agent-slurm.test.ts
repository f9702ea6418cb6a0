// The agent as a process of its own, with a real Slurm cluster of one node as its executor: what runs on a node comes back,
// and what a killed agent left there is ended by the next one.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { newIdentifier } from '@glovebox/record';
import { startTestCluster, type TestCluster } from '@glovebox/testkit';
import type { RunDefinition } from '@glovebox/wire';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FakeSite } from './testing/fake-site.js';

const projectRoot = fileURLToPath(new URL('../../../', import.meta.url));
const started = await startTestCluster();
const skipped = typeof started === 'string' ? started : undefined;
if (skipped !== undefined) console.warn(`The agent is not tested with Slurm here: ${skipped}.`);
const cluster = started as TestCluster;
const root = mkdtempSync(join(tmpdir(), 'glovebox-agent-slurm-'));
const study = join(root, 'study');
const site = new FakeSite();
let agent: ChildProcess | undefined;
let output = '';

beforeAll(async () => {
  if (skipped !== undefined) return;
  execFileSync(process.execPath, [join(projectRoot, 'script/build.mjs')], { stdio: 'ignore' });
  mkdirSync(study);
  execFileSync('git', ['init', '-q', '-b', 'main', study]);
  const configuration = {
    site: await site.start(),
    tokenFile: join(root, 'token'),
    dataFolder: join(root, 'data'),
    glovebox: join(root, 'glovebox'),
    allowedRepositories: [study],
    executor: 'slurm',
    slurm: { configuration: cluster.configurationFile, partition: 'all' },
    limits: { memoryBytes: 2 ** 29, processes: 60, fileBytes: 2 ** 26, wallSeconds: 600, processors: 1 },
  };
  writeFileSync(join(root, 'token'), `${site.token}\n`);
  writeFileSync(join(root, 'agent.json'), JSON.stringify(configuration));
});
afterAll(async () => {
  await kill();
  site.stop();
  if (skipped === undefined) await cluster.stop();
  rmSync(root, { recursive: true, force: true });
});

function start(): void {
  agent = spawn(process.execPath, [join(projectRoot, 'packages/agent/dist/main.js'), join(root, 'agent.json')], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [agent.stdout!, agent.stderr!]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      site.change();
    });
  }
}

async function kill(): Promise<void> {
  if (!agent || agent.exitCode !== null || agent.signalCode !== null) return;
  agent.kill('SIGKILL');
  await once(agent, 'exit');
  await site.until(() => site.openPolls === 0);
}

function definition(script: string): RunDefinition {
  writeFileSync(join(study, 'run.py'), `import os, time\nos.makedirs('output', exist_ok=True)\n${script}`);
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', study, '-c', 'user.name=A', '-c', 'user.email=a@example.org', ...args], {
      encoding: 'utf8',
    });
  git('add', '-A');
  git('commit', '-q', '-m', 'x');
  return {
    job: newIdentifier(),
    request: newIdentifier(),
    workspace: 'winter',
    repository: study,
    branch: 'main',
    commit: git('rev-parse', 'HEAD').trim(),
    action: 'make',
    image: 'python',
    tag: 'latest',
    args: ['run.py'],
    outputs: { highly_sensitive: { table: 'output/*.csv' } },
    inputs: {},
    usesDatabase: false,
    permissions: [],
    requests: {},
  };
}

const logOf = (run: RunDefinition): string => {
  const file = join(root, 'data/outputs/jobs', run.job, 'log.txt');
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
};
const reportOf = (run: RunDefinition, fence = 1) => site.reportOf(site.offer(run, fence));
const queue = () => cluster.ask('squeue', '--noheader', '--format=%j');

describe.skipIf(skipped)(skipped === undefined ? 'with Slurm' : `with Slurm (skipped: ${skipped})`, () => {
  test(
    'an action runs on a node, and what a killed agent left there is ended by the next',
    { timeout: 180_000 },
    async () => {
      start();
      const endless = definition("print('begun on the node', flush=True)\ntime.sleep(3000)");
      site.offer(endless);
      await expect.poll(() => logOf(endless), { timeout: 60_000 }).toContain('begun on the node');
      await kill();
      expect(queue()).toContain(endless.job);

      start();
      const table = definition("open('output/a.csv', 'w').write('1')");
      const report = await site.reportOf(site.offer(table));
      expect(report).toMatchObject({
        outcome: { code: 'succeeded' },
        outputs: [{ name: 'table', files: 1, bytes: 1 }],
        runtime: { version: expect.stringMatching(/^3\./) as string },
        usage: { memoryLimitMegabytes: 537 },
      });
      expect(output).toContain('ended what was left running');
      expect(queue()).not.toContain(endless.job);
      expect(site.backendReports.at(-1)).toMatchObject({ executor: 'slurm', limits: { processors: 1 } });
      expect(readdirSync(join(root, 'data/slurm'))).toEqual([]);
      expect(logOf(table)).toContain(`runtime_packages: ${report.runtime?.packages}\n`);
      expect(readdirSync(join(root, 'data/runtimes'))).toContain(`${report.runtime?.packages}.txt`);
    },
  );

  test(
    'an action whose node is lost is reported so that it is tried again, and then runs from the start',
    { timeout: 180_000 },
    async () => {
      const run = definition("open('output/half.csv', 'w').write('1')\nprint('begun', flush=True)\ntime.sleep(3000)");
      const lost = site.offer(run);
      await expect.poll(() => logOf(run), { timeout: 60_000 }).toContain('begun');
      const node = cluster.ask('sinfo', '--noheader', '--format=%n').trim();
      cluster.ask('scontrol', 'update', `nodename=${node}`, 'state=down', 'reason=test');
      const { outcome, outputs, manifest } = await site.reportOf(lost);
      expect({ outcome, outputs, manifest }).toEqual({
        outcome: { code: 'job_error', reason: 'executor_lost' },
        outputs: [],
      });
      cluster.ask('scontrol', 'update', `nodename=${node}`, 'state=resume');
      const { commit } = definition("open('output/whole.csv', 'w').write('2')");
      expect(await reportOf({ ...run, commit }, 2)).toMatchObject({
        outcome: { code: 'succeeded' },
        outputs: [{ name: 'table', files: 1 }],
      });
      expect(queue()).toBe('');
    },
  );
});
