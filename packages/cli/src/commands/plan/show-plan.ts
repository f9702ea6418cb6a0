// Prints the plan of a study in a folder.
import { planJobs } from '@glovebox/pipeline';
import type { Terminal } from '../../command-line.js';
import { historyOf, readLocalState } from '../run/local-state.js';
import { openStudy } from '../run/open-study.js';
import { refuseRequest } from '../run/refuse-request.js';
import { explainPlan } from './explain.js';

/** @throws CommandFailure with exit code 1 when the study or the request is wrong */
export async function showPlan(
  requested: readonly string[],
  force: boolean,
  projectDir: string,
  terminal: Terminal,
): Promise<void> {
  const study = await openStudy(projectDir);
  const state = await readLocalState(study.own);
  const { jobs, problems } = planJobs(study.pipeline, requested, force, historyOf(state, study));
  if (problems.length > 0) throw refuseRequest(study.pipeline, problems);
  const entries = explainPlan({ pipeline: study.pipeline, requested, force, jobs, state, study });
  const width = Math.max(...entries.map(({ action }) => action.length));
  for (const does of ['run', 'reuse'] as const) {
    const group = entries.filter((entry) => entry.does === does);
    if (group.length === 0) continue;
    terminal.out(does === 'run' ? 'Would run:\n' : 'Would be reused:\n');
    for (const { action, reasons } of group) terminal.out(`  ${action.padEnd(width)}  ${reasons.join('; ')}\n`);
  }
  const flags = force ? ' -f' : '';
  terminal.out(
    jobs.length === 0
      ? '\nNothing to do. `glovebox run -f run_all` runs everything again.\n'
      : `\nNext: glovebox run ${requested.join(' ')}${flags}\n`,
  );
}
