// The demo: starts the platform, registers who and what takes part, requests the example study's actions, shows how they get on.
//
// Everything goes through the site's API, as it would for a researcher elsewhere; the demo never looks into the secure zone.
// The first run requests the study at its first commit and again at its second, so that there is something to compare; a later
// run only makes a new request. All state is in the data folder, and a platform that already runs from it is used as it is.
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Api, ApiRefusal } from './demo-api.mjs';
import { followRequest } from './demo-progress.mjs';
import { noteKeptDatabase, PlatformFailure, startPlatform } from './demo-platform.mjs';
import { makeStudyHistory } from './demo-study.mjs';
import { build } from './build.mjs';

const usage = `usage: script/demo [--once] [--break] [--patients N] [--data DIR] [--port N]

  --once         stop when the requests have ended; exit 0 when every job succeeded
  --break        then request a commit with mistakes in it, to see how failing jobs are shown
  --patients N   size of the synthetic database when it is made (100000)
  --data DIR     where everything is kept (.glovebox/demo)
  --port N       port of the site on this machine (8090; 0 picks a free one)
`;

const workspace = 'winter-pressures';
const researcher = 'amara-lindqvist';

/** @returns {{once: boolean, broken: boolean, patients: string | undefined, data: string, port: string}} */
function readArguments() {
  const { values } = parseArgs({
    options: {
      once: { type: 'boolean', default: false },
      break: { type: 'boolean', default: false },
      patients: { type: 'string' },
      data: { type: 'string', default: '.glovebox/demo' },
      port: { type: 'string', default: '8090' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    process.exit(0);
  }
  return { ...values, broken: values.break, data: resolve(values.data) };
}

/** Who takes part: one person for each role. Sending the same again changes nothing. */
async function register(admin, repository) {
  await admin.post('/api/organisations', { slug: 'example-institute', name: 'Example Institute of Primary Care' });
  await admin.post('/api/projects', {
    slug: 'winter-workload',
    name: 'What general practice is asked for in winter',
    organisation: 'example-institute',
    permissions: ['appointments'],
  });
  await admin.post('/api/workspaces', {
    name: workspace,
    project: 'winter-workload',
    repository,
    branch: 'main',
    purpose: 'Appointments, respiratory illness and prescribing in winter, compared with summer.',
  });
  const works = { projects: ['winter-workload'], backends: ['tpp'] };
  await admin.post('/api/people', {
    username: researcher,
    name: 'Amara Lindqvist',
    roles: ['researcher'],
    ...works,
  });
  await admin.post('/api/people', {
    username: 'tomasz-adeyemi',
    name: 'Tomasz Adeyemi',
    roles: ['output-checker'],
    ...works,
  });
  await admin.post('/api/people', { username: 'priya-oconnor', name: 'Priya O’Connor', roles: ['staff'] });
  const { token } = await admin.post(`/api/people/${researcher}/token`, {});
  return new Api(admin.site, token);
}

/** The requests of this run, oldest first. A first run has two, so that the second is compared with the first. */
function plan(history, isFirst, broken) {
  const everything = { actions: ['run_all'], force: true };
  const requests = [{ commit: history.second, ...everything, expected: {} }];
  if (isFirst) requests.unshift({ commit: history.first, ...everything, expected: {} });
  if (broken)
    requests.push({ commit: history.mistakes, actions: Object.keys(mistakes), force: false, expected: mistakes });
  return requests;
}

/** What becomes of the actions at the commit with mistakes: see demo-study.mjs. The other actions are reused. */
const mistakes = {
  generate_app_viz: 'nonzero_exit',
  generate_app_summary: 'succeeded',
  generate_pre_processing: 'unmatched_patterns',
  generate_measures_viz: 'dependency_failed',
};

/** Requests, follows to the end, says whether each job ended as it should. */
async function runRequest(api, { commit, actions, force, expected }) {
  const made = await api.post(`/api/workspaces/${workspace}/job-requests`, { backend: 'tpp', commit, actions, force });
  process.stdout.write(`\nJob request ${made.number}: ${made.url}\n`);
  const { jobs } = await followRequest(api, new URL(made.url).pathname);
  const surprises = jobs.filter((job) => job.code !== (expected[job.action] ?? 'succeeded'));
  for (const job of surprises) process.stdout.write(`  not as expected: ${job.action}: ${job.message}\n`);
  const areMistakes = Object.keys(expected).length > 0;
  if (surprises.length === 0)
    process.stdout.write(
      areMistakes ? '  It failed as it should: the page says how.\n' : `  All ${jobs.length} jobs succeeded.\n`,
    );
  return jobs.length > 0 && surprises.length === 0;
}

/** A run that was cut short leaves jobs behind. They go on now; actions that run already would not be started again. */
async function finishEarlier(api, { number, jobCounts }) {
  if (jobCounts.pending + jobCounts.running === 0) return;
  process.stdout.write(`\nJob request ${number} of an earlier run goes on first\n`);
  await followRequest(api, `/winter-workload/${workspace}/${number}`);
}

async function main() {
  const options = readArguments();
  await build();
  const repository = join(options.data, 'repositories', workspace);
  const history = await makeStudyHistory(repository);
  await noteKeptDatabase(options);
  const platform = await startPlatform(options);
  let isFine = true;
  try {
    const admin = new Api(platform.site, await platform.adminToken());
    const api = await register(admin, repository);
    const earlier = await api.jobRequests('winter-workload', workspace);
    for (const request of earlier) await finishEarlier(api, request);
    const isFirst = earlier.length === 0;
    for (const request of plan(history, isFirst, options.broken)) isFine = (await runRequest(api, request)) && isFine;
    process.stdout.write(`\nPublic pages: ${platform.site}/winter-workload/${workspace}\n`);
    if (!options.once && !platform.wasRunning) {
      process.stdout.write('The platform stays up until Ctrl-C.\n');
      await platform.untilStopped();
    }
  } catch (error) {
    // Whatever fails because the platform was stopped is no news.
    if (!platform.isInterrupted()) throw error;
  } finally {
    if (options.once || !platform.wasRunning) await platform.stop();
  }
  return platform.isInterrupted() ? process.exitCode : isFine ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  const isUsage = error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
  const isExpected = error instanceof ApiRefusal || error instanceof PlatformFailure;
  if (!isUsage && !isExpected) throw error;
  process.stderr.write(`${error.message}\n${isUsage ? `\n${usage}` : ''}`);
  process.exitCode = isUsage ? 2 : 1;
}
