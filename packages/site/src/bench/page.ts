// Measures the server time of the public pages with many requests in the database.
// Run: npm run bench:page -- [REQUESTS]     (default 10000; --requests REQUESTS means the same)
// Prints one line a page: the first answer, then the median and the slowest of the following ones, each of another request.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createController } from '@glovebox/controller';
import { readPipeline } from '@glovebox/pipeline';
import { newIdentifier, systemClock, systemMonotonic } from '@glovebox/record';
import { makeSetting, pipelineText, testStore } from '@glovebox/testkit';
import { pino } from 'pino';
import { createServer } from '../server.js';
import { createStudies } from '../studies.js';
import { copyRequest } from './many-requests.js';

const { values, positionals } = parseArgs({ options: { requests: { type: 'string' } }, allowPositionals: true });
const requests = Number(values.requests ?? positionals[0] ?? 10_000);
if (!Number.isInteger(requests) || requests < 1) throw new Error('a whole number of requests from 1 would be accepted');
const folder = mkdtempSync(join(tmpdir(), 'glovebox-bench-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));

const repository = join(folder, 'repositories', 'study');
mkdirSync(repository, { recursive: true });
const git = (...args: string[]): string =>
  execFileSync('git', ['-C', repository, '-c', 'user.name=a', '-c', 'user.email=a@example.org', ...args], {
    encoding: 'utf8',
  }).trim();
const text = pipelineText([
  { name: 'extract', usesDatabase: true },
  { name: 'measures', usesDatabase: true },
  { name: 'clean', needs: ['extract', 'measures'] },
  ...['count', 'draw', 'model', 'table', 'check'].map((name) => ({ name, needs: ['clean'] })),
]);
git('init', '--quiet', '-b', 'main');
writeFileSync(join(repository, 'project.yaml'), text);
git('add', '--all');
git('commit', '--quiet', '-m', 'the study');
const commit = git('rev-parse', 'HEAD');

const store = await testStore();
const setting = await makeSetting(store, systemClock(), { repository });
const controller = createController({ db: store.db, clock: systemClock, monotonic: systemMonotonic, leaseSeconds: 60 });
const { pipeline } = readPipeline(text, 'project.yaml');
if (!pipeline) throw new Error('the pipeline of the benchmark is wrong');
const { workspace, backend, person } = setting;
const { number } = await controller.createJobRequest({
  identifier: newIdentifier(),
  workspace,
  backend,
  person,
  commit,
  study: { pipeline, files: new Map(), reads: new Map(), codelistProblems: [] },
  pipelineText: text,
  actions: ['run_all'],
  force: false,
});
const agent = newIdentifier();
const places = { agent, freeDatabase: 9, freeOther: 9 };
for (let leases = await controller.leaseTasks(backend, places); leases.length > 0;) {
  for (const { task, fence } of leases) {
    const outcome = { code: 'succeeded' as const, excludedFiles: 0 };
    await controller.applyResult(backend, task, { agent, fence, outcome, outputs: [] });
  }
  leases = await controller.leaseTasks(backend, places);
}
await copyRequest(store.db, number, requests - 1);
await store.maintain();

const studies = createStudies({
  folder: join(folder, 'mirrors'),
  allowed: { addresses: [], localFolders: [join(folder, 'repositories')] },
});
const app = createServer({ db: store.db, controller, studies, clock: systemClock, log: pino({ level: 'silent' }) });

async function measure(what: string, pathOf: (i: number) => string): Promise<void> {
  const times: number[] = [];
  for (let i = 0; i < 60; i += 1) {
    const begun = performance.now();
    const response = await app.request(pathOf(i));
    await response.text();
    times.push(performance.now() - begun);
    if (response.status !== 200) throw new Error(`${pathOf(i)} answered ${response.status}`);
  }
  const [first = 0, ...rest] = times;
  rest.sort((a, b) => a - b);
  const [median = 0, slowest = 0] = [rest[Math.floor(rest.length / 2)], rest.at(-1)];
  const row = [first, median, slowest].map((time) => `${time.toFixed(1)} ms`.padStart(10));
  process.stdout.write(`${what.padEnd(28)}${row.join('')}\n`);
}

const { project, workspace: name } = setting.names;
const someNumber = (i: number) => number + Math.floor(((requests - 1) * (i + 1)) / 61);
process.stdout.write(`${requests} requests, ${requests * pipeline.actions.length} jobs\n`);
process.stdout.write(`${''.padEnd(28)}${['first', 'median', 'slowest'].map((word) => word.padStart(10)).join('')}\n`);
await measure('job request page', (i) => `/${project}/${name}/${someNumber(i)}`);
await measure('job request page as JSON', (i) => `/${project}/${name}/${someNumber(i)}.json`);
await measure('event log', (i) => `/event-log?before=${Math.max(1, requests - 25 * i)}`);
await measure('home', () => '/');
await store.close();
