// Keeps this process, and so every action that it starts, to some of the processors.
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/** The numbers in a list such as `0-2,5`. */
export const processorsIn = (list: string): number[] =>
  list.split(',').flatMap((part) => {
    const [first = 0, last = first] = part.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });

const setProcessors = (list: string): Promise<unknown> =>
  promisify(execFile)('/usr/bin/taskset', ['--all-tasks', '--cpu-list', '--pid', list, String(process.pid)]);

/** @returns a function that gives the processors back; when there are no more than `most`, neither does anything */
export async function useProcessors(most: number): Promise<() => Promise<void>> {
  const status = await readFile('/proc/self/status', 'utf8');
  const allowed = /^Cpus_allowed_list:\s*(\S+)$/m.exec(status)?.[1] ?? '';
  const processors = processorsIn(allowed);
  if (processors.length <= most) return async () => undefined;
  await setProcessors(processors.slice(0, most).join(','));
  return async () => void (await setProcessors(allowed));
}
