// Kills the site, the agent, actions and the database of the real platform with SIGKILL at random moments, and then holds what
// has to be true all the same: each job ended once, as its events tell, and nothing of any output is missing, partial or changed.
//
// A few dozen times with the embedded database, which dies with the site; `npm run faults` does it hundreds of times, on a
// PostgreSQL server too (script/faults/campaign.mjs sets the environment that is read here).
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { canFollow, isFinal, type JobPageView, type JobView } from '../packages/record/src/index.js';
import type { Manifest } from '../packages/execution/src/index.js';
import { openStore } from '../packages/store/src/index.js';
import { startPostgres, type PostgresServer } from '../packages/testkit/src/index.js';
import { manifestDigests, readOutputs } from './faults/outputs.js';
import { processesWith } from './faults/processes.js';
import { chance } from './faults/random.js';
import { expectedOutputs, studyFiles } from './faults/study.js';
import { type Havoc, type Kills, wreakHavoc } from './faults/chaos.js';
import { type Platform, root, startPlatform } from './testing/platform.js';
import { register } from './testing/register.js';
import { SiteApi, untilEnded } from './testing/site-api.js';
import { commitFiles, makeRepository } from './testing/study-repository.js';

const total = Number(process.env['GLOVEBOX_FAULT_KILLS'] ?? 30);
const onServer = process.env['GLOVEBOX_FAULT_DATABASE'] === 'postgres';
const shares = onServer ? { site: 0.2, agent: 0.3, database: 0.2 } : { site: 0.33, agent: 0.33, database: 0 };
const part = (share: number): number => Math.floor(total * share);
const shared = { site: part(shares.site), agent: part(shares.agent), database: part(shares.database) };
const wantedKills: Kills = { ...shared, action: total - shared.site - shared.agent - shared.database };
const workspaces = ['one', 'two'];
/** What is waited for takes longer the busier the machine is; this is only how long until it is taken to be stuck. */
const patience = total > 100 ? 600 : 180;
const random = chance();

const data = mkdtempSync(join(tmpdir(), 'glovebox-faults-'));
const agentFolder = join(data, 'secure/tpp');
let platform: Platform;
let server: PostgresServer | undefined;
let expected: Readonly<Record<string, Readonly<Record<string, string>>>>;
let havoc: Havoc;
/** Every job with its page, as the public sees them after everything has ended. */
const pages: JobPageView[] = [];
/** The manifests of what was good before the first kill. */
let before: ReadonlyMap<string, string>;

beforeAll(
  async () => {
    console.log(`seed ${random.seed}; the same choices again with GLOVEBOX_FAULT_SEED=${random.seed}`);
    if (onServer) {
      server = await startPostgres({ isKilled: true });
      process.env['GLOVEBOX_DATABASE_URL'] = server.url;
    }
    const start = () => startPlatform(data, '--patients', '300', '--lease-seconds', '6');
    platform = await start();
    const repository = join(data, 'repositories/study');
    makeRepository(repository);
    const commit = commitFiles(repository, studyFiles);
    const admin = new SiteApi(platform.site, platform.adminToken);
    const repositories = Object.fromEntries(workspaces.map((workspace) => [workspace, repository]));
    const api = await register(admin, { workspaces: repositories, backends: ['tpp'] });

    const ask = { backend: 'tpp', commit, actions: ['run_all'], force: true };
    const first = await api.request('one', ask);
    const { jobs } = await untilEnded(api, first, patience);
    const ends = jobs.map(({ identifier, action, code, reason }) => ({ identifier, action, code, reason }));
    expect(ends).toEqual(ends.map((end) => ({ ...end, code: 'succeeded', reason: null })));
    before = manifestDigests(agentFolder);
    const undisturbed = [...readOutputs(agentFolder).jobs.values()].map(({ manifest }) => manifest);
    const digests = undisturbed.map(({ action, outputs }) => [action, digestsOf(outputs)] as const);
    expected = { ...Object.fromEntries(digests), ...expectedOutputs(datasetOf(repository)) };

    havoc = await wreakHavoc(
      { platform, api, workspaces, agentFolder, commit, ...(server ? { databaseServer: server.process } : {}) },
      random,
      wantedKills,
    );
    // At last everything at once, while requests are open.
    await platform.kill();
    platform = await start();
    const again = api.at(platform.site);
    const last = workspaces.map((workspace) => again.request(workspace, ask));
    for (const request of [first, ...havoc.requests, ...(await Promise.all(last))]) {
      for (const { identifier } of (await untilEnded(again, request, patience)).jobs) {
        pages.push(await again.jobPage(request, identifier));
      }
    }
    expect(await platform.stop()).toBe(0);
  },
  60_000 + total * 30_000,
);

afterAll(async () => {
  await platform?.stop();
  await server?.stop();
  rmSync(data, { recursive: true, force: true });
});

/** What the extraction writes when nothing disturbs it. */
function datasetOf(study: string): string {
  const { path } = JSON.parse(readFileSync(join(agentFolder, 'agent.json'), 'utf8')).database as { path: string };
  const output = join(data, 'dataset.csv');
  const args = ['ehrql', 'generate-dataset', 'analysis/dataset.py', '--dsn', path, '--output', output];
  execFileSync(join(root, 'glovebox'), args, { cwd: study, stdio: 'ignore' });
  return readFileSync(output, 'utf8');
}

const digestsOf = (outputs: Manifest['outputs']) =>
  Object.fromEntries(outputs.map(({ path, sha256 }) => [path, sha256]));
const wasCancelled = ({ request }: JobPageView): boolean =>
  [...havoc.cancelled].some((path) => path.endsWith(`/${request.workspace}/${request.number}`));
const nameOf = ({ request, job }: JobPageView): string => `${request.workspace}/${request.number} ${job.action}`;
const wasKilled = ({ identifier }: JobView): boolean => havoc.killedActions.some(({ job }) => job === identifier);
/** What `glovebox ehrql` starts to see whether it can confine a definition; it then refuses, and its exit code is the end. */
const isTrial = (command: string): boolean => command.includes('/bin/cat /proc/self/status');
const isProgram = (command: string): boolean =>
  !isTrial(command) && /^(\S*\/)?(bwrap|node|python3[\d.]*|R)( |$)/.test(command);
const timesStarted = ({ events }: JobPageView): number => events.filter(({ code }) => code === 'initiated').length;

test('so many processes were killed: sites, agents, actions and the database', () => {
  const { site, agent, action, database } = havoc.kills;
  const killed = `${site} sites, ${agent} agents, ${action} processes of actions, ${database} of the database`;
  const requests = `${havoc.requests.length + 3} requests (${havoc.cancelled.size} cancelled) of ${pages.length} jobs`;
  console.log(`seed ${random.seed}: killed ${killed}; ${requests}`);
  expect(havoc.kills).toEqual(wantedKills);
  expect(site + agent + action + database).toBe(total);
});

test('every job ended exactly once, by steps that the transition table allows', () => {
  for (const page of pages) {
    const states = page.events.map(({ state }) => state);
    expect(states.filter(isFinal), nameOf(page)).toHaveLength(1);
    expect(page.events.at(-1), nameOf(page)).toMatchObject({ state: page.job.state, code: page.job.code });
    const codes = page.events.map(({ code }) => code);
    for (const [i, to] of codes.slice(1).entries()) {
      expect(canFollow(codes[i] ?? 'succeeded', to), `${nameOf(page)}: ${codes.join(' ')}`).toBe(true);
    }
  }
});

test('only jobs whose own processes were killed failed, and those that need them', () => {
  for (const page of pages) {
    const { job } = page;
    const what = `${nameOf(page)} ${job.identifier} ${JSON.stringify(havoc.killedActions.filter((k) => k.job === job.identifier))}`;
    // A job can have ended before its request was cancelled.
    if (job.code === 'cancelled_by_user') expect(wasCancelled(page), what).toBe(true);
    else if (wasKilled(job)) {
      // A process that is killed after its last line may have done all there was to do, and one that was killed in a run that
      // was lost for another reason says nothing about the next run. What it wrote is looked at below.
      if (job.code === 'succeeded') continue;
      // Launchers (glovebox, R) are shells that fork and call `readlink` and the like before they become the program. When one
      // of those is hit, the shell goes on or gives up as it sees fit, and what it says is the reason.
      const hit = havoc.killedActions.filter((killed) => killed.job === job.identifier);
      if (job.code === 'nonzero_exit' && hit.some(({ command }) => !isProgram(command))) continue;
      expect([job.code, job.reason], what).toEqual(['nonzero_exit', 'killed']);
    } else if (job.code === 'dependency_failed') {
      const cause = pages.find((other) => other.job.identifier === job.cause?.identifier);
      expect(cause?.job, what).toMatchObject({ state: 'failed' });
      expect(cause?.job.code, what).not.toBe('dependency_failed');
    } else if (job.reason === 'agent_lost') {
      expect(timesStarted(page), what).toBe(5);
    } else {
      expect(job.code, what).toBe('succeeded');
    }
  }
  expect(pages.filter(({ job }) => job.reason === 'killed').length).toBeGreaterThan(0);
});

test('what both sides keep agrees, and every output of a succeeded job has exactly the right content', async () => {
  const { jobs, objects } = readOutputs(agentFolder);
  const store = await openStore(server ? { url: server.url } : { dataFolder: join(data, 'public') });
  const rows = await store.db.selectFrom('jobs').select(['identifier', 'code', 'manifest']).execute();
  await store.close();
  for (const [name, digest] of objects) expect(name).toBe(digest);
  expect(rows).toHaveLength(pages.length);
  for (const { identifier, code, manifest } of rows) {
    const kept = jobs.get(identifier);
    if (code === 'dependency_failed') expect(kept, identifier).toBeUndefined();
    if (code !== 'succeeded' && code !== 'nonzero_exit') continue;
    expect(kept?.digest, identifier).toBe(manifest);
    expect(kept?.manifest.outcome.code, identifier).toBe(code);
    if (code !== 'succeeded') continue;
    const outputs = digestsOf(kept!.manifest.outputs);
    expect(outputs, identifier).toEqual(expected[kept!.manifest.action]);
    for (const digest of Object.values(outputs)) expect(objects.has(digest)).toBe(true);
  }
  expect(new Set(rows.map(({ identifier }) => identifier))).toEqual(new Set(pages.map(({ job }) => job.identifier)));
  for (const job of jobs.keys()) expect(rows.map(({ identifier }) => identifier)).toContain(job);
});

test('nothing half-done is left, and each workspace shows its newest good outputs', () => {
  const { objects, jobs, leftovers, view } = readOutputs(agentFolder);
  expect(leftovers).toEqual([]);
  const wanted = new Set([...jobs.values()].flatMap(({ manifest }) => manifest.outputs.map(({ sha256 }) => sha256)));
  expect(new Set(objects.keys())).toEqual(wanted);
  for (const workspace of workspaces) {
    const shown = view(workspace);
    const files = Object.assign({}, ...Object.values(expected)) as Record<string, string>;
    expect(Object.keys(shown).sort()).toEqual(Object.keys(files).sort());
    for (const [path, { sha256, job, action }] of Object.entries(shown)) {
      expect(sha256, path).toBe(files[path]);
      const newest = pages
        .filter(
          ({ request, job: one }) =>
            request.workspace === workspace && one.action === action && one.state === 'succeeded',
        )
        .at(-1);
      expect(job, path).toBe(newest?.job.identifier);
    }
  }
});

test('what was good before is as it was', () => {
  const now = manifestDigests(agentFolder);
  for (const [job, digest] of before) expect(now.get(job)).toBe(digest);
});

test('no process is left behind', () => {
  expect(processesWith(data)).toEqual([]);
});
