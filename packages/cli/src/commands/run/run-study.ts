// Runs actions one after the other with the same planner, sandbox and checks as a backend, on dummy data. What passes here
// passes there, as far as the data allows.
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  defaultRuntimes,
  openOutputStore,
  reviewLimits,
  runAction,
  type Manifest,
  type OutputStore,
} from '@glovebox/execution';
import { planJobs, readPipeline, type Pipeline, type PlannedJob } from '@glovebox/pipeline';
import { failureReasons, newIdentifier, ProblemError, statusCodes, type Problem, type Sandbox } from '@glovebox/record';
import { bubblewrapSandbox, runTrusted } from '@glovebox/sandbox';
import { CommandFailure, type Terminal } from '../../command-line.js';
import { readStudyFile } from '../pipeline/study-file.js';
import { historyOf, readLocalState, writeLocalState, type LocalState } from './local-state.js';
import { problem } from './problems.js';
import { copyStudyCode } from './study-code.js';

export interface RunOptions {
  readonly actions: readonly string[];
  readonly folder: string;
  readonly force: boolean;
  readonly continueOnError: boolean;
}

interface Study {
  readonly folder: string;
  readonly metadata: string;
  readonly pipeline: Pipeline;
  readonly state: LocalState;
  readonly store: OutputStore;
  readonly sandbox: Sandbox;
  readonly work: string;
  readonly signal: AbortSignal;
}

const glovebox = fileURLToPath(new URL('../../../../../glovebox', import.meta.url));
const limits = { memoryBytes: 4 * 2 ** 30, processes: 512, fileBytes: 16 * 2 ** 30 };
const commit = '0'.repeat(40);

/** @throws CommandFailure with exit code 1 when an action fails or nothing can run */
export async function runStudy(options: RunOptions, terminal: Terminal): Promise<void> {
  const folder = resolve(options.folder);
  const { pipeline, problems } = readPipeline(await readStudyFile(join(folder, 'project.yaml')), 'project.yaml');
  if (!pipeline) throw new CommandFailure(1, problems);
  const sandbox = bubblewrapSandbox();
  const refusal = await sandbox.probe();
  if (refusal) throw new ProblemError(refusal);

  const metadata = join(folder, 'metadata');
  const state = await readLocalState(metadata);
  const plan = planJobs(pipeline, options.actions, options.force, historyOf(state, folder));
  if (plan.problems.length > 0) throw new CommandFailure(1, plan.problems);
  if (plan.jobs.length === 0) {
    terminal.out('All actions already completed successfully.\nUse -f to run them again.\n');
    return;
  }
  const stop = new AbortController();
  const interrupt = (): void => stop.abort();
  process.once('SIGINT', interrupt);
  const work = await mkdtemp(join(tmpdir(), 'glovebox-run-'));
  try {
    const store = await openOutputStore(join(metadata, 'glovebox'));
    const study = { folder, metadata, pipeline, state, store, sandbox, work, signal: stop.signal };
    await runJobs(study, plan.jobs, options.continueOnError, terminal);
  } finally {
    process.off('SIGINT', interrupt);
    await rm(work, { recursive: true, force: true });
  }
}

async function runJobs(
  study: Study,
  jobs: readonly PlannedJob[],
  continueOnError: boolean,
  terminal: Terminal,
): Promise<void> {
  terminal.out(`Running actions: ${jobs.map((job) => job.action.name).join(', ')}\n`);
  const failures: Problem[] = [];
  const failed = new Set<string>();
  for (const job of jobs) {
    const { name } = job.action;
    if (study.signal.aborted || (failures.length > 0 && !continueOnError)) break;
    const cause = job.action.needs.find((need) => failed.has(need));
    if (cause !== undefined) {
      terminal.out(`${name}: not started, because ${cause} failed\n`);
      failed.add(name);
      continue;
    }
    const failure = await runJob(study, job, terminal);
    if (!failure) continue;
    failed.add(name);
    failures.push(failure);
  }
  if (study.signal.aborted) throw new CommandFailure(1, [{ code: 'stopped', message: 'Stopped.' }]);
  if (failures.length > 0) throw new CommandFailure(1, failures);
}

/** @returns what went wrong, if anything */
async function runJob(study: Study, planned: PlannedJob, terminal: Terminal): Promise<Problem | undefined> {
  const { action } = planned;
  const job = newIdentifier();
  terminal.out(`${action.name}: running ${action.run.replace(/\s+/g, ' ').trim()}\n`);
  const result = await runAction(
    {
      job,
      request: job,
      workspace: basename(study.folder),
      action: action.name,
      commit,
      image: action.image,
      tag: action.tag,
      args: action.args,
      outputs: action.outputs,
      inputs: Object.fromEntries(action.needs.map((need) => [need, study.state.get(need)?.job ?? ''])),
    },
    {
      store: study.store,
      sandbox: study.sandbox,
      runtimes: defaultRuntimes,
      limits,
      reviewLimits,
      workFolder: study.work,
      env: { OPENSAFELY_BACKEND: 'expectations' },
      signal: study.signal,
      prepareCode: (folder) => copyStudyCode(study.folder, study.pipeline, folder),
      extract: ({ args, folder, onOutput, signal }) =>
        runTrusted({
          argv: [glovebox, 'ehrql', ...args],
          cwd: folder,
          env: extractionEnvironment(),
          limits,
          onOutput,
          signal,
        }),
    },
  );
  if (result.ended === 'cancelled') return undefined;
  return finish(study, result.manifest, terminal);
}

const extractionEnvironment = (): Record<string, string> => ({
  PATH: process.env['PATH'] ?? '/usr/bin:/bin',
  HOME: process.env['HOME'] ?? '/tmp',
  LANG: 'C.UTF-8',
  OPENSAFELY_BACKEND: 'expectations',
});

async function finish(study: Study, manifest: Manifest, terminal: Terminal): Promise<Problem | undefined> {
  const { action, job, outcome } = manifest;
  const log = join('metadata', `${action.replaceAll('/', '_')}.log`);
  await copyFile(join(study.store.jobFolder(job), 'log.txt'), join(study.folder, log));
  const isGood = outcome.code === 'succeeded';
  const outputs = isGood ? manifest.outputs.map((output) => output.path) : [];
  for (const { path, sha256 } of isGood ? manifest.outputs : []) {
    await mkdir(dirname(join(study.folder, path)), { recursive: true });
    await rm(join(study.folder, path), { force: true });
    await study.store.copyOut(sha256, join(study.folder, path));
  }
  study.state.set(action, { job, state: isGood ? 'succeeded' : 'failed', outputs });
  await writeLocalState(study.metadata, study.state);
  if (!isGood) return problem('action-failed', [action, reasonOf(manifest), log]);
  for (const { path, level, excluded } of manifest.outputs) {
    terminal.out(
      `${action}: made ${path} (${level})${excluded === null ? '' : `, which reviewers would not be shown: ${excluded}`}\n`,
    );
  }
  return undefined;
}

function reasonOf({ outcome, patterns, nearMisses }: Manifest): string {
  const { message } = statusCodes[outcome.code];
  if (outcome.code === 'unmatched_patterns') {
    const unmatched = patterns.filter((pattern) => pattern.files === 0).map((pattern) => pattern.pattern);
    const near = nearMisses.length > 0 ? ` It wrote ${nearMisses.slice(0, 10).join(', ')} instead.` : '';
    return `${message} Nothing matches ${unmatched.join(', ')}.${near}`;
  }
  const code = 'exitCode' in outcome && outcome.exitCode !== undefined ? ` Exit code ${outcome.exitCode}.` : '';
  return 'reason' in outcome && outcome.reason
    ? `${failureReasons[outcome.reason].message}${code}`
    : `${message}${code}`;
}
