// What goes wrong around a site and its agents without anybody being killed: messages that are lost, doubled, late or out of
// order, connections that stay open and carry nothing, clocks that are set, disks that are full or can't be written, two agents
// with one identity. Afterwards: every job ended once, the events say why, and no good output is missing, partial or changed.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { canFollow, isFinal, type JobPageView } from '../packages/record/src/index.js';
import { startUnreliableProxy, type Mishap, type UnreliableProxy } from '../packages/testkit/src/index.js';
import { manifestDigests, readOutputs } from './faults/outputs.js';
import { chance } from './faults/random.js';
import { startAgent, startSite, type Process, type SiteProcess } from './faults/site-and-agents.js';
import { register } from './testing/register.js';
import { type RequestMade, SiteApi, untilEnded } from './testing/site-api.js';
import { commitFiles, makeRepository } from './testing/study-repository.js';
import { until } from './testing/until.js';

const patience = 180;
const random = chance();

const step = `import hashlib, sys
name, *inputs = sys.argv[1:]
digest = name.encode()
for path in inputs:
    digest += open(path, "rb").read()
for _ in range(100_000):
    digest = hashlib.sha256(digest).digest()
open(f"output/{name}.csv", "w").write(digest.hex() + "\\n")
print("all is written", flush=True)
`;
const action = (name: string, needs: string, input: string) => `  ${name}:
    run: python:latest analysis/step.py ${name} ${input}
    needs: [${needs}]
    outputs:
      moderately_sensitive:
        made: output/${name}.csv
`;
const files = {
  'project.yaml': `version: "4"\nactions:\n${action('first', '', '')}${action('second', 'first', 'output/first.csv')}${action('alone', '', '')}`,
  'analysis/step.py': step,
  'output/.gitkeep': '',
};

function made(name: string, input = ''): string {
  let digest: Buffer = Buffer.from(name + input);
  for (let round = 0; round < 100_000; round += 1) digest = createHash('sha256').update(digest).digest();
  return `${digest.toString('hex')}\n`;
}
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const expected = {
  'output/first.csv': sha256(made('first')),
  'output/second.csv': sha256(made('second', made('first'))),
  'output/alone.csv': sha256(made('alone')),
};

let data: string;
let site: SiteProcess;
let api: SiteApi;
let token: string;
let commit: string;
let agents: Process[] = [];
let proxy: UnreliableProxy | undefined;
/** A disk of its own, which takes root. */
let disk: string;

beforeAll(async () => {
  console.log(`seed ${random.seed}; the same choices again with GLOVEBOX_FAULT_SEED=${random.seed}`);
  data = mkdtempSync(join(tmpdir(), 'glovebox-unreliable-'));
  disk = join(data, 'disk');
  mkdirSync(disk);
  execFileSync('/usr/bin/mount', ['-t', 'tmpfs', '-o', 'size=64m,mode=700', 'tmpfs', disk]);
  const repository = join(data, 'repositories/study');
  makeRepository(repository);
  commit = commitFiles(repository, files);
  site = await startSite(data, 4);
  const admin = new SiteApi(site.address, site.adminToken);
  token = String((await admin.make('/api/backends', { slug: 'tpp', name: 'TPP' }))['token']);
  const names = ['messages', 'open', 'clock', 'full', 'unwritable', 'twins'];
  const workspaces = Object.fromEntries(names.map((name) => [name, repository]));
  api = await register(admin, { workspaces, backends: ['tpp'] });
}, 120_000);

afterEach(async () => {
  for (const agent of agents) await agent.stop();
  agents = [];
  await proxy?.close();
  proxy = undefined;
});

afterAll(async () => {
  await site?.stop();
  execFileSync('/usr/bin/umount', ['--lazy', disk]);
  rmSync(data, { recursive: true, force: true });
});

const agentFolder = (name: string): string => join(data, 'agents', name);

async function agentAt(name: string, address = site.address, dataFolder = agentFolder(name)): Promise<Process> {
  const agent = await startAgent(data, { name, site: address, token, dataFolder });
  agents.push(agent);
  return agent;
}

const ask = (workspace: string, actions = ['run_all']): Promise<RequestMade> =>
  api.request(workspace, { backend: 'tpp', commit, actions, force: true });

async function pagesOf(...requests: RequestMade[]): Promise<JobPageView[]> {
  const pages: JobPageView[] = [];
  for (const request of requests) {
    for (const { identifier } of (await untilEnded(api, request, patience)).jobs) {
      pages.push(await api.jobPage(request, identifier));
    }
  }
  return pages;
}

/** Each job ended once, by steps that are allowed, and its last event says how. */
function expectHistory(pages: readonly JobPageView[]): void {
  for (const { job, events } of pages) {
    const codes = events.map(({ code }) => code);
    const story = `${job.action}: ${codes.join(' ')}`;
    expect(
      events.filter(({ state }) => isFinal(state)),
      story,
    ).toHaveLength(1);
    expect(events.at(-1), story).toMatchObject({ state: job.state, code: job.code });
    for (const [i, to] of codes.slice(1).entries()) expect(canFollow(codes[i] ?? 'succeeded', to), story).toBe(true);
  }
}

/** The view shows exactly the right contents, and everything that is kept is whole. */
async function expectOutputs(folder: string, workspace: string, wanted: Readonly<Record<string, string>> = expected) {
  // A job counts here a moment after the site has taken its report.
  await until('no report waits for an answer', 60, () => readOutputs(folder).reports.length === 0);
  const { objects, view, reviewers } = readOutputs(folder);
  for (const [name, digest] of objects) expect(name).toBe(digest);
  const shown = Object.entries(view(workspace)).map(([path, { sha256: digest }]) => [path, digest] as const);
  expect(Object.fromEntries(shown)).toEqual(wanted);
  expect(reviewers(workspace)).toEqual(wanted);
}

const endings = (pages: readonly JobPageView[]) => pages.map(({ job }) => [job.action, job.code, job.reason]);
const good = [
  ['first', 'succeeded', null],
  ['second', 'succeeded', null],
  ['alone', 'succeeded', null],
];

test('messages that are lost, doubled, late or out of order', { timeout: 400_000 }, async () => {
  const mishaps: readonly Mishap[] = ['twice', 'again-late', 'late', 'lost', 'answer-lost'];
  proxy = await startUnreliableProxy(site.address, (path) => {
    // What nobody gets is a lease that is lost, and a job is given up after five of those.
    const isQuestion = path.endsWith('/leases');
    if (random.number(isQuestion ? 6 : 2) !== 0) return 'none';
    return random.one(mishaps);
  });
  await agentAt('messages', proxy.address);
  const requests = [];
  for (let i = 0; i < 3; i++) {
    const request = await ask('messages');
    requests.push(request);
    await untilEnded(api, request, patience);
  }
  const pages = await pagesOf(...requests);
  expectHistory(pages);
  for (const { job } of pages) {
    if (job.code === 'dependency_failed') continue;
    expect([job.code, job.reason]).toSatisfy(
      ([code, reason]) => code === 'succeeded' || (code === 'job_error' && reason === 'agent_lost'),
    );
  }
  console.log(`mishaps: ${JSON.stringify(proxy.counts)}`);
  expect(Object.values(proxy.counts).filter((count) => count > 0).length).toBeGreaterThan(3);
  await expectOutputs(agentFolder('messages'), 'messages');
});

test('connections that stay open and carry nothing', { timeout: 400_000 }, async () => {
  proxy = await startUnreliableProxy(site.address, () => 'none');
  await agentAt('open', proxy.address);
  const before = await pagesOf(await ask('open'));
  const good0 = manifestDigests(agentFolder('open'));
  const request = await ask('open');
  await until('a job runs', patience, async () =>
    (await api.requestPage(request)).jobs.some((j) => j.state === 'running'),
  );
  proxy.stopForwarding();
  // The site takes the leases back: it hears nothing.
  await until('the site has taken a job back', patience, async () =>
    (await api.requestPage(request)).jobs.some(({ code }) => code === 'waiting_on_new_task'),
  );
  proxy.resume();
  const pages = [...before, ...(await pagesOf(request))];
  expectHistory(pages);
  expect(endings(pages)).toEqual([...good, ...good]);
  expect(pages.some(({ events }) => events.some(({ code }) => code === 'waiting_on_new_task'))).toBe(true);
  await expectOutputs(agentFolder('open'), 'open');
  for (const [job, digest] of good0) expect(manifestDigests(agentFolder('open')).get(job)).toBe(digest);
});

test('clocks that are set forwards and back, on either side', { timeout: 400_000 }, async () => {
  const agent = await agentAt('clock');
  const year = 365 * 86_400;
  const pages: JobPageView[] = [];
  for (const [ofSite, ofAgent] of [
    [year, 0],
    [-year, year],
    [0, -2 * year],
    [3600, -3600],
  ] as const) {
    const request = await ask('clock');
    await until('a job runs', patience, async () =>
      (await api.requestPage(request)).jobs.some(({ state }) => state !== 'pending'),
    );
    site.setClock(ofSite);
    agent.setClock(ofAgent);
    pages.push(...(await pagesOf(request)));
  }
  site.setClock(0);
  expectHistory(pages);
  expect(endings(pages)).toEqual([...good, ...good, ...good, ...good]);
  // No lease ran out because of a clock.
  for (const { events } of pages) expect(events.map(({ code }) => code)).not.toContain('waiting_on_new_task');
  await expectOutputs(agentFolder('clock'), 'clock');
  const { view } = readOutputs(agentFolder('clock'));
  const last = pages.slice(-3).map(({ job }) => job.identifier);
  expect(new Set(Object.values(view('clock')).map(({ job }) => job))).toEqual(new Set(last));
});

test('a disk that others fill', { timeout: 400_000 }, async () => {
  const folder = join(disk, 'full');
  await agentAt('full', site.address, folder);
  const before = await pagesOf(await ask('full'));
  expect(endings(before)).toEqual(good);
  const digests = manifestDigests(folder);
  const filler = join(disk, 'filler');
  const { bavail, bsize } = statfsSync(disk);
  writeFileSync(filler, Buffer.alloc(bavail * bsize - 4096));
  const during = await pagesOf(await ask('full', ['alone']));
  expect(during.map(({ job }) => [job.code, job.reason])).toEqual([['job_error', 'disk_full']]);
  rmSync(filler);
  const after = await pagesOf(await ask('full'));
  expect(endings(after)).toEqual(good);
  expectHistory([...before, ...during, ...after]);
  await expectOutputs(folder, 'full');
  for (const [job, digest] of digests) expect(manifestDigests(folder).get(job)).toBe(digest);
});

test('a disk that can only be read', { timeout: 400_000 }, async () => {
  const folder = join(disk, 'unwritable');
  await agentAt('unwritable', site.address, folder);
  const before = await pagesOf(await ask('unwritable'));
  await expectOutputs(folder, 'unwritable');
  execFileSync('/usr/bin/mount', ['-o', 'remount,ro', disk]);
  let during: JobPageView[];
  try {
    during = await pagesOf(await ask('unwritable', ['alone']));
  } finally {
    execFileSync('/usr/bin/mount', ['-o', 'remount,rw', disk]);
  }
  expect(during.map(({ job }) => [job.code, job.reason])).toEqual([['job_error', 'disk_unwritable']]);
  const after = await pagesOf(await ask('unwritable'));
  expect(endings(after)).toEqual(good);
  expectHistory([...before, ...during, ...after]);
  await expectOutputs(folder, 'unwritable');
});

test('two agents with one identity, each with a folder of its own', { timeout: 400_000 }, async () => {
  await agentAt('twin-one');
  await agentAt('twin-two');
  const pages = [];
  for (let i = 0; i < 3; i++) pages.push(...(await pagesOf(await ask('twins'))));
  expectHistory(pages);
  const byJob = new Map(pages.map((page) => [page.job.identifier, page.job]));
  for (const { job } of pages) {
    // What the one made is not with the other, and the job that needs it says so.
    const isMissing = job.action === 'second' && job.code === 'job_error' && job.reason === 'input_missing';
    if (!isMissing) expect(job.code, job.action).toBe('succeeded');
  }
  const folders = ['twin-one', 'twin-two'].map(agentFolder);
  for (const folder of folders) {
    await until('no report waits for an answer', 60, () => readOutputs(folder).reports.length === 0);
    const { jobs, objects, view } = readOutputs(folder);
    for (const [name, digest] of objects) expect(name).toBe(digest);
    for (const job of jobs.keys()) expect(byJob.has(job)).toBe(true);
    if (!existsSync(join(folder, 'outputs/workspaces/twins'))) continue;
    for (const [path, { sha256: digest }] of Object.entries(view('twins'))) {
      expect(digest, path).toBe(expected[path as keyof typeof expected]);
    }
  }
  // No job was kept by both.
  const kept = folders.flatMap((folder) => [...readOutputs(folder).jobs.keys()]);
  expect(new Set(kept).size).toBe(kept.length);
});
