// What an action costs beside its own work: an action that does nothing, from request to finished job, beside the same program
// started by hand. `npm run bench:action -- --jobs 20`. Starts a platform of its own with a tiny database and removes it.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Api } from '../demo-api.mjs';
import { startPlatform } from '../demo-platform.mjs';

const { values } = parseArgs({ options: { jobs: { type: 'string', default: '20' } } });
const jobs = Number(values.jobs);
const data = mkdtempSync(join(tmpdir(), 'glovebox-bench-'));
const repository = join(data, 'repositories', 'idle');
const program = "open('output/nothing.csv', 'w').write('a\\n')\n";

function makeStudy() {
  const outputs = '{highly_sensitive: {nothing: output/nothing.csv}}';
  mkdirSync(join(repository, 'output'), { recursive: true });
  writeFileSync(join(repository, 'nothing.py'), program);
  writeFileSync(join(repository, 'output', 'keep.txt'), '');
  writeFileSync(
    join(repository, 'project.yaml'),
    `version: 4\nactions:\n  nothing:\n    run: python:v2 nothing.py\n    outputs: ${outputs}\n`,
  );
  const git = (...args) =>
    execFileSync('git', ['-C', repository, '-c', 'user.name=Bench', '-c', 'user.email=b@example.org', ...args]);
  git('init', '--quiet', '--initial-branch=main');
  git('add', '.');
  git('commit', '--quiet', '--message', 'An action that does nothing');
}

async function register(admin) {
  await admin.post('/api/organisations', { slug: 'bench', name: 'Bench' });
  await admin.post('/api/projects', { slug: 'bench', name: 'Bench', organisation: 'bench' });
  await admin.post('/api/workspaces', { name: 'idle', project: 'bench', repository, branch: 'main' });
  const { token } = await admin.post('/api/people', {
    username: 'bench',
    name: 'Bench',
    roles: ['researcher'],
    projects: ['bench'],
    backends: ['tpp'],
  });
  return new Api(admin.site, token);
}

/** Milliseconds from the request's creation to the end of its only job, by the site's own clock. */
async function runOnce(api) {
  const made = await api.post('/api/workspaces/idle/job-requests', { backend: 'tpp', actions: ['nothing'] });
  for (;;) {
    const { jobs: list } = await api.page(new URL(made.url).pathname);
    const [job] = list;
    if (job.state === 'failed') throw new Error(`the job failed: ${job.message}`);
    if (job.completedAt) return Date.parse(job.completedAt) - Date.parse(job.createdAt);
    await pause(20);
  }
}

function byHand() {
  const start = performance.now();
  execFileSync('/usr/bin/python3', ['nothing.py'], { cwd: repository });
  return performance.now() - start;
}

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

makeStudy();
const platform = await startPlatform({ data, port: '0', patients: '100' });
try {
  const api = await register(new Api(platform.site, await platform.adminToken()));
  await runOnce(api);
  const whole = [];
  const alone = [];
  for (let i = 0; i < jobs; i++) {
    whole.push(await runOnce(api));
    alone.push(byHand());
  }
  const [job, process_] = [median(whole), median(alone)];
  console.log(`${jobs} jobs that do nothing, one after the other (medians)`);
  console.log(`  from request to finished job  ${job.toFixed(0)} ms (slowest ${Math.max(...whole).toFixed(0)} ms)`);
  console.log(`  the same program by hand      ${process_.toFixed(0)} ms`);
  console.log(`  beyond its process            ${(job - process_).toFixed(0)} ms`);
} finally {
  await platform.stop();
  rmSync(data, { recursive: true, force: true });
}
