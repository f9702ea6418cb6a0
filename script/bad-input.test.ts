// Everything that a study can get wrong, done through the real platform: each ends as a refusal that names the place and what
// would be accepted, or as a failed job with the right public words and the details in its log inside; and nothing else on
// the platform notices.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { failureReasons, statusCodes } from '../packages/record/src/index.js';
import { diskCases, endless, type FailingCase, failingCases, good, refusedCases } from './bad-input/cases.js';
import { actionProcesses } from './faults/processes.js';
import { type Platform, root, startPlatform } from './testing/platform.js';
import { project, register } from './testing/register.js';
import { type RequestMade, SiteApi, untilEnded } from './testing/site-api.js';
import { commitFiles, makeRepository } from './testing/study-repository.js';
import { until } from './testing/until.js';

const cramped = 'cramped';
const limits = { memoryBytes: 200_000_000, processes: 60, fileBytes: 2 ** 30, wallSeconds: 60 };

const data = mkdtempSync(join(tmpdir(), 'glovebox-bad-input-'));
const crampedFolder = join(data, 'cramped');
const repository = join(data, 'repositories/study');
const vanishing = join(data, 'repositories/vanishing');
const agentFolders = {
  tpp: join(data, 'secure/tpp'),
  cramped: join(crampedFolder, 'agent'),
};

/** A disk of 48 MB of its own, which takes root. */
function mountSmallDisk(): boolean {
  mkdirSync(crampedFolder);
  try {
    execFileSync('/usr/bin/mount', ['-t', 'tmpfs', '-o', 'size=48m,mode=700', 'tmpfs', crampedFolder], {
      stdio: 'ignore',
    });
    return true;
  } catch {
    return false;
  }
}
const hasSmallDisk = mountSmallDisk();

const allCases = [...failingCases, ...diskCases];
const workspaceOf = (index: number): string => `case-${index}`;
let platform: Platform;
let agent: ChildProcess;
let api: SiteApi;
let admin: SiteApi;
const commits = new Map<unknown, string>();

async function startCrampedAgent(): Promise<ChildProcess> {
  const { token } = await admin.make('/api/backends', { slug: cramped, name: 'Cramped' });
  writeFileSync(join(data, 'cramped-token'), String(token), { mode: 0o600 });
  const configuration = {
    site: platform.site,
    backend: cramped,
    tokenFile: join(data, 'cramped-token'),
    dataFolder: agentFolders.cramped,
    glovebox: join(root, 'glovebox'),
    allowedRepositories: [join(data, 'repositories')],
    limits,
  };
  writeFileSync(join(data, 'cramped.json'), JSON.stringify(configuration));
  return spawn(process.execPath, [join(root, 'packages/agent/dist/main.js'), join(data, 'cramped.json')], {
    stdio: 'ignore',
  });
}

beforeAll(async () => {
  platform = await startPlatform(data, '--patients', '300');
  admin = new SiteApi(platform.site, platform.adminToken);
  agent = await startCrampedAgent();
  for (const folder of [repository, vanishing]) makeRepository(folder);
  for (const one of [...refusedCases, ...allCases]) commits.set(one, commitFiles(repository, one.files));
  for (const files of [endless, good]) commits.set(files, commitFiles(repository, files));
  const names = ['good', 'endless', 'refused', ...allCases.map((_, index) => workspaceOf(index))];
  const workspaces = { ...Object.fromEntries(names.map((name) => [name, repository])), vanishing };
  api = await register(admin, { workspaces, backends: ['tpp', cramped] });
}, 120_000);

afterAll(async () => {
  if (agent && agent.exitCode === null) {
    agent.kill('SIGTERM');
    await once(agent, 'exit');
  }
  await platform?.stop();
  if (hasSmallDisk) execFileSync('/usr/bin/umount', ['--lazy', crampedFolder]);
  rmSync(data, { recursive: true, force: true });
});

const ask = (
  workspace: string,
  commit: string | undefined,
  backend = 'tpp',
  actions: readonly string[] = ['run_all'],
) => api.post(`/api/workspaces/${workspace}/job-requests`, { backend, commit, actions, force: true });

async function run(workspace: string, files: unknown, backend = 'tpp'): Promise<RequestMade> {
  const body = { backend, commit: commits.get(files), actions: ['run_all'], force: true };
  return api.request(workspace, body);
}

async function expectGoodRuns(): Promise<void> {
  for (const backend of ['tpp', cramped]) {
    const page = await untilEnded(api, await run('good', good, backend), 30);
    expect(page.jobs.map(({ code, reason }) => [code, reason])).toEqual([['succeeded', null]]);
  }
}

async function expectFailure(one: Omit<FailingCase, 'files'>, request: RequestMade): Promise<void> {
  const { jobs } = await untilEnded(api, request, 60);
  const [job] = jobs;
  const log = readFileSync(
    join(agentFolders[one.isCramped ? 'cramped' : 'tpp'], 'outputs/jobs', job?.identifier ?? '', 'log.txt'),
    'utf8',
  );
  expect([job?.code, job?.reason], log).toEqual([one.code, one.reason]);
  const words: { message: string; hint?: string } =
    one.reason === null ? statusCodes[one.code] : failureReasons[one.reason];
  expect(job?.message).toContain(words.message);
  if (one.hint) expect(job?.hint).toMatch(one.hint);
  else expect(job?.hint).toBe(words.hint ?? null);
  for (const expression of one.log) expect(log).toMatch(expression);
}

test.each(refusedCases.map((one) => [one.name, one] as const))('%s is refused with its place', async (_, one) => {
  const { status, body } = await ask('refused', commits.get(one), 'tpp', one.actions);
  expect(status).toBe(422);
  const found = body.problems?.find(({ code }) => code.includes(one.problem.code));
  expect(found, JSON.stringify(body)).toBeDefined();
  expect([found?.place?.path, found?.place?.line]).toEqual([one.problem.path, one.problem.line]);
  expect(`${found?.message} ${found?.hint ?? ''}`).toMatch(one.problem.words);
});

test('a commit that does not exist is refused', async () => {
  const { status, body } = await ask('refused', 'a'.repeat(40));
  expect([status, body.problems?.[0]?.code]).toEqual([422, 'commit-missing']);
  expect(body.problems?.[0]?.hint).toContain('Push');
});

test('a repository that is not allowed is refused, and so is one that has gone', async () => {
  for (const address of ['https://example.org/a/b', '/etc', 'file:///etc', 'ssh://example.org/a/b']) {
    const { status, body } = await admin.post('/api/workspaces', {
      name: 'foreign',
      project,
      repository: address,
      branch: 'main',
    });
    expect([address, status], JSON.stringify(body)).toEqual([address, 422]);
    expect(body.problems?.[0]?.code).toMatch(/^repository-/);
  }
  renameSync(vanishing, `${vanishing}-gone`);
  const { status, body } = await ask('vanishing', undefined);
  expect([status, body.problems?.[0]?.code]).toEqual([422, 'repository-unreachable']);
});

const table = (cases: readonly FailingCase[]) =>
  cases.map((one) => [one.name, one, workspaceOf(allCases.indexOf(one))] as const);

async function runAndExpect(one: FailingCase, workspace: string): Promise<void> {
  await expectFailure(one, await run(workspace, one, one.isCramped ? cramped : 'tpp'));
}

test.each(table(failingCases))(
  '%s fails with its reason in public and its details inside',
  (_, one, workspace) => runAndExpect(one, workspace),
  90_000,
);

// Only root can mount a small disk.
test.skipIf(!hasSmallDisk).each(table(diskCases))(
  '%s fails with its reason in public and its details inside',
  (_, one, workspace) => runAndExpect(one, workspace),
  90_000,
);

test('an action that is killed from outside fails with that reason', async () => {
  const request = await run('endless', endless);
  const agentProcess = await platform.process('agent');
  const job = (await api.requestPage(request)).jobs[0]?.identifier;
  const victim = await until('its Python runs', 30, () =>
    actionProcesses(agentProcess).find((one) => one.job === job && one.command.startsWith('/usr/bin/python3')),
  );
  process.kill(victim.pid, 'SIGKILL');
  await expectFailure({ name: '', code: 'nonzero_exit', reason: 'killed', log: [/stopped from outside/] }, request);
});

test('after all that a good request succeeds on each backend', expectGoodRuns, 60_000);
