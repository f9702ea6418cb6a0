// `glovebox admin job kill JOB`: stops one job, whoever asked for it.
import type { Terminal } from '../../command-line.js';
import type { BackendOptions } from './backend.js';
import { openSite } from './site.js';

/** @throws CommandFailure with exit code 1 when there is no such job, or the site refuses */
export async function killJob(job: string, options: BackendOptions, terminal: Terminal): Promise<void> {
  const site = await openSite(options);
  const answer = (await site.ask('POST', `/api/jobs/${encodeURIComponent(job)}/kill`)) as { stopped: boolean };
  if (options.json) terminal.out(`${JSON.stringify(answer)}\n`);
  else terminal.out(answer.stopped ? `Job ${job} was stopped.\n` : `Job ${job} had ended already.\n`);
}
