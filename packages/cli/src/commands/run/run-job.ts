// Runs one job of a study on this machine and puts what it made into the study's folder.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { constants, copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  reviewLimits,
  runAction,
  type Manifest,
  type OutputStore,
  type RunPhase,
  type Runtimes,
} from '@glovebox/execution';
import { codePart, type Action, type CodeTree, type PlannedJob } from '@glovebox/pipeline';
import { newIdentifier, ProblemError, renderProblem, type Limits, type Sandbox } from '@glovebox/record';
import { runTrusted } from '@glovebox/sandbox';
import type { StandIns } from './executor.js';
import type { Study } from './open-study.js';
import { placeOutputs } from './place-outputs.js';
import { writeLocalState, type LocalState, type Made } from './local-state.js';
import { logOf } from './leftovers.js';
import type { Progress } from './progress.js';
import { licenceFor } from './refuse-images.js';
import { checkOutReusable } from './reusable-code.js';
import { copyStudyCode } from './study-code.js';
import { messageOf, type FinishedJob } from './summary.js';

export interface LocalMachine {
  readonly study: Study;
  readonly state: LocalState;
  /** The study's files when it was planned, and every listing that the record names. */
  readonly tree: CodeTree;
  readonly trees: ReadonlyMap<string, CodeTree>;
  readonly store: OutputStore;
  readonly sandbox: Sandbox;
  readonly standIns: StandIns;
  readonly runtimes: Runtimes;
  readonly limits: Limits;
  readonly workFolder: string;
  /** Where the folders of actions are kept for whoever looks for a mistake; undefined keeps none. */
  readonly keepFolder: string | undefined;
  readonly progress: Progress;
}

const glovebox = fileURLToPath(new URL('../../../../../glovebox', import.meta.url));
/** There is no repository here that a commit could be of. */
const noCommit = '0'.repeat(40);

const phases: Readonly<Record<RunPhase, string>> = {
  preparing: 'Preparing your code and workspace files',
  prepared: 'Prepared and ready to run',
  executing: 'Running',
  executed: 'Has finished running',
  finalizing: 'Recording its results',
};

const extractionEnvironment = (): Record<string, string> => ({
  PATH: process.env['PATH'] ?? '/usr/bin:/bin',
  HOME: process.env['HOME'] ?? '/tmp',
  LANG: 'C.UTF-8',
  OPENSAFELY_BACKEND: 'expectations',
});

/** @returns undefined when it was stopped; nothing is left of it then */
export async function runJob(
  { action }: PlannedJob,
  machine: LocalMachine,
  signal: AbortSignal,
): Promise<FinishedJob | undefined> {
  const { study, state, store, sandbox, limits, workFolder, progress } = machine;
  const job = newIdentifier();
  const keep = (): void => {
    if (machine.keepFolder === undefined) return;
    mkdirSync(machine.keepFolder, { recursive: true });
    const kept = join(machine.keepFolder, job);
    execFileSync('/usr/bin/cp', ['--archive', '--', join(workFolder, job, 'workspace'), kept]);
    progress.say(action.name, `Its folder is kept: ${kept}`);
  };
  const result = await runAction(
    {
      job,
      request: job,
      workspace: study.workspace,
      action: action.name,
      commit: noCommit,
      image: action.image,
      tag: action.tag,
      args: action.args,
      outputs: action.outputs,
      inputs: Object.fromEntries(action.needs.map((need) => [need, state.get(need)?.job ?? ''])),
    },
    {
      store,
      sandbox,
      runtimes: machine.runtimes,
      limits,
      reviewLimits,
      workFolder,
      env: { OPENSAFELY_BACKEND: 'expectations', ...licenceFor(action.image) },
      signal,
      identify: async () => machine.standIns.get(`${action.image}:${action.tag}`)?.program ?? {},
      onPhase: (phase) => {
        progress.say(action.name, phases[phase]);
        if (phase === 'executed') keep();
      },
      prepareCode: (folder) =>
        action.code ? checkOutReusable(action.code, folder) : copyStudyCode(study.folder, study.pipeline, folder),
      extract: ({ args, folder, filesRead, onOutput, signal }) =>
        runTrusted({
          argv: [glovebox, 'ehrql', ...args],
          cwd: folder,
          env: { ...extractionEnvironment(), GLOVEBOX_FILES_READ: filesRead },
          limits,
          onOutput,
          signal,
        }),
    },
  );
  return result.ended === 'cancelled' ? undefined : inTurn(() => finish(machine, action, result.manifest));
}

async function finish(machine: LocalMachine, planned: Action, manifest: Manifest): Promise<FinishedJob> {
  const { study, state, store, progress } = machine;
  const { action, job, outputs, completedAt } = manifest;
  const log = logOf(action);
  // Removed first, so that a link of that name is not followed.
  rmSync(join(study.folder, log), { force: true });
  copyFileSync(join(store.jobFolder(job), 'log.txt'), join(study.folder, log), constants.COPYFILE_EXCL);
  const previous = state.get(action)?.outputs ?? [];
  const placed = await placeIfGood(machine, manifest, previous);
  const isGood = placed.removed !== undefined;
  const made = madeFrom(machine, planned, manifest);
  const digest = isGood ? { digest: outputsDigest(manifest) } : {};
  // A failed job replaces no good output, so the record of what its last success put there stays.
  const there = isGood ? outputs.map(({ path }) => path) : previous;
  state.set(action, { job, state: isGood ? 'succeeded' : 'failed', completedAt, outputs: there, ...digest, made });
  await writeLocalState(study.own, state, machine.trees);
  progress.say(action, `Logs written to: ${log}`);
  progress.say(action, placed.message);
  return { action, isGood, message: placed.message, manifest, log, removed: placed.removed ?? [] };
}

/** @returns `removed` only when what the job made is in the study's folder */
async function placeIfGood(
  { study, state, store, progress }: LocalMachine,
  manifest: Manifest,
  previous: readonly string[],
): Promise<{ readonly message: string; readonly removed?: readonly string[] }> {
  const { action, outputs } = manifest;
  const message = messageOf(manifest);
  if (manifest.outcome.code !== 'succeeded') return { message };
  for (const { path } of outputs) progress.say(action, `Extracting output file: ${path}`);
  try {
    const belongsToAnother = others(state, action);
    return {
      message,
      removed: await placeOutputs({ folder: study.folder, store, outputs, previous, belongsToAnother }),
    };
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return { message: error.problems.map(renderProblem).join('\n   ') };
  }
}

function madeFrom({ state, tree, standIns }: LocalMachine, action: Action, manifest: Manifest): Made {
  const { args, image, tag, outputs } = action;
  const inputs = action.needs.map((need) => [need, state.get(need)?.digest ?? state.get(need)?.job ?? ''] as const);
  return {
    args,
    image,
    tag,
    outputs,
    code: codePart(action),
    tree: tree.digest,
    read: manifest.read ?? null,
    inputs: Object.fromEntries(inputs),
    runtime: standIns.get(`${image}:${tag}`)?.identity ?? null,
    dataRelease: null,
  };
}

/** Two runs that made the same files have the same, so what was made from the first still holds after the second. */
function outputsDigest({ outputs }: Manifest): string {
  const listing = outputs.map(({ path, level, sha256 }) => `${path}\n${level}\n${sha256}`).sort();
  return createHash('sha256').update(JSON.stringify(listing)).digest('hex');
}

const others = (state: LocalState, action: string): ((path: string) => boolean) => {
  const paths = [...state].filter(([name]) => name !== action).flatMap(([, { outputs }]) => outputs);
  const taken = new Set(paths.map((path) => path.toLowerCase()));
  return (path) => taken.has(path.toLowerCase());
};

// Jobs end at the same time. One after the other, the record is whole, and what one no longer makes is not removed while another,
// which makes it now, puts it there.
let turns: Promise<unknown> = Promise.resolve();
function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const turn = turns.then(work);
  turns = turn.catch(() => undefined);
  return turn;
}
