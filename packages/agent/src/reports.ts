// Reports of complete jobs that the site has not answered yet, a file each. An agent that died after it sent one does not know
// whether the site took it: at its next start it sends the same again, which the site answers as before, and only then does
// the job count here. What an action printed or named is in none of them: they are what crosses, word for word.
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { taskResult, type TaskResult } from '@glovebox/wire';
import { writeWhole } from '@glovebox/execution';

export interface Report {
  readonly job: string;
  readonly task: string;
  readonly result: TaskResult;
}

export interface Reports {
  keep(report: Report): Promise<void>;
  remove(report: Report): Promise<void>;
  /** What an earlier process kept. A file that can't be read as a report is removed: its job is then leased again. */
  all(): Promise<readonly Report[]>;
}

export function openReports(folder: string): Reports {
  // Under a newer lease it is another report, and the answer to the older one must not remove it.
  const path = ({ task, result }: Report) => join(folder, `${task}-${result.fence}.json`);
  return {
    keep: (report) => writeWhole(path(report), JSON.stringify(report), folder),
    remove: (report) => rm(path(report), { force: true }),
    async all() {
      const names = await readdir(folder).catch(() => []);
      const read = await Promise.all(names.map((name) => readReport(join(folder, name))));
      return read.filter((report) => report !== undefined);
    },
  };
}

async function readReport(path: string): Promise<Report | undefined> {
  try {
    const { job, task, result } = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>;
    return { job: String(job), task: String(task), result: taskResult.parse(result) };
  } catch {
    await rm(path, { force: true });
    return undefined;
  }
}
