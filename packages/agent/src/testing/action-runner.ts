// Runs actions in the real sandbox against a store of their own, made anew for each test. Here rather than beside runAction,
// because the execution package knows no sandbox.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { newIdentifier, type Limits } from '@glovebox/record';
import { afterEach, beforeEach } from 'vitest';
import { bubblewrapSandbox } from '@glovebox/sandbox';
import {
  defaultRuntimes,
  openOutputStore,
  reviewLimits,
  runAction,
  type ActionResult,
  type ActionToRun,
  type OutputStore,
  type RunSurroundings,
} from '@glovebox/execution';

export const limits: Limits = { memoryBytes: 2 ** 29, processes: 60, fileBytes: 2 ** 26, wallSeconds: 30 };

export type Code = Readonly<Record<string, string>>;

/** An action that runs `run.py`. */
export const action = (more: Partial<ActionToRun> = {}): ActionToRun => ({
  job: newIdentifier(),
  request: newIdentifier(),
  workspace: 'winter',
  action: 'make',
  commit: '0'.repeat(40),
  image: 'python',
  tag: 'latest',
  args: ['run.py'],
  outputs: { highly_sensitive: { all: 'output/*.csv' } },
  inputs: {},
  ...more,
});

export interface ActionRunner {
  /** A folder of the test's own. */
  root: string;
  store: OutputStore;
  /** Opens the store anew, as a start does. */
  reopen(): Promise<void>;
  around(code: Code, more?: Partial<RunSurroundings>): RunSurroundings;
  /** The manifest of an action that completed, after it was accepted. */
  completed(result: Promise<ActionResult>): Promise<Extract<ActionResult, { ended: 'completed' }>['manifest']>;
  /** Runs a script that finds the folder `output`. */
  python(script: string, more?: Partial<ActionToRun>, code?: Code): ReturnType<ActionRunner['completed']>;
  logOf(job: string): string;
}

/** To be called once by a file of tests. */
export function actionRunner(): ActionRunner {
  const runner: ActionRunner = {
    root: '',
    store: undefined as unknown as OutputStore,
    async reopen() {
      runner.store = await openOutputStore(join(runner.root, 'store'));
    },
    around: (code, more = {}) => ({
      store: runner.store,
      sandbox: bubblewrapSandbox(),
      limits,
      reviewLimits,
      runtimes: defaultRuntimes,
      workFolder: join(runner.root, 'work'),
      signal: new AbortController().signal,
      prepareCode: (folder) => {
        for (const [path, text] of Object.entries(code)) {
          mkdirSync(join(folder, dirname(path)), { recursive: true });
          writeFileSync(join(folder, path), text);
        }
        return Promise.resolve();
      },
      extract: () => Promise.reject(new Error('no extraction in this test')),
      ...more,
    }),
    async completed(result) {
      const ended = await result;
      if (ended.ended !== 'completed') throw new Error(`it ended ${ended.ended}`);
      await runner.store.accept(ended.manifest.job);
      return ended.manifest;
    },
    python: (script, more = {}, code = {}) =>
      runner.completed(
        runAction(
          action(more),
          runner.around({ 'run.py': `import os\nos.makedirs('output', exist_ok=True)\n${script}`, ...code }),
        ),
      ),
    logOf: (job) => readFileSync(join(runner.store.jobFolder(job), 'log.txt'), 'utf8'),
  };
  beforeEach(async () => {
    runner.root = mkdtempSync(join(tmpdir(), 'glovebox-execution-'));
    await runner.reopen();
  });
  afterEach(() => rmSync(runner.root, { recursive: true, force: true }));
  return runner;
}
