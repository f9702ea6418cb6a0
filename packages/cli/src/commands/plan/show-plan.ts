// Prints what would happen to each action of a study in a folder, and why.
import type { Plan } from '@glovebox/pipeline';
import { reasonsWords, type PlanEntry } from '@glovebox/record';
import type { Terminal } from '../../command-line.js';
import type { LocalState } from '../run/local-state.js';
import { openExecutor, type ExecutorName } from '../run/executor.js';
import { openStudy } from '../run/open-study.js';
import { planStudy } from '../run/plan-study.js';

export interface PlanOptions {
  readonly actions: readonly string[];
  readonly force: boolean;
  readonly projectDir: string;
  readonly isJson: boolean;
  readonly executor: ExecutorName | undefined;
}

/** @throws CommandFailure with exit code 1 when the study or the request is wrong */
export async function showPlan(options: PlanOptions, terminal: Terminal): Promise<void> {
  const { actions, force, projectDir, isJson } = options;
  const study = await openStudy(projectDir);
  const executor = await openExecutor(options.executor, study.folder);
  const { plan, state } = await planStudy(study, actions, force, executor);
  terminal.out(isJson ? jsonOf(plan) : textOf(plan, state, `${actions.join(' ')}${force ? ' -f' : ''}`));
}

const jsonOf = ({ entries }: Plan): string => {
  const shown = entries.map((entry) => ({
    ...entry,
    does: entry.does === 'wait' ? 'reuse' : entry.does,
    words: wordsOf(entry),
  }));
  return `${JSON.stringify({ actions: shown }, null, 2)}\n`;
};

const wordsOf = (entry: PlanEntry): string => (entry.does === 'run' ? reasonsWords(entry.reasons) : 'up to date');

function textOf({ jobs, entries }: Plan, state: LocalState, words: string): string {
  const width = Math.max(...entries.map(({ action }) => action.length));
  const lines = (does: 'run' | 'reuse'): string[] =>
    entries
      .filter((entry) => (entry.does === 'run') === (does === 'run'))
      .map((entry) => {
        const made = does === 'run' ? '' : whenMade(state.get(entry.action)?.completedAt);
        return `  ${entry.action.padEnd(width)}  ${wordsOf(entry)}${made}\n`;
      });
  const [run, reuse] = [lines('run'), lines('reuse')];
  return [
    ...(run.length === 0 ? [] : ['Would run:\n', ...run]),
    ...(reuse.length === 0 ? [] : ['Would be reused:\n', ...reuse]),
    jobs.length === 0
      ? '\nNothing to do. `glovebox run -f run_all` runs everything again.\n'
      : `\nNext: glovebox run ${words}\n`,
  ].join('');
}

const whenMade = (completedAt: string | undefined): string =>
  completedAt === undefined ? '' : `, made at ${completedAt.replace('T', ' ').replace(/\.\d+Z$/, ' UTC')}`;
