// Finds the processes of running actions below an agent, and which job each belongs to, from /proc alone.
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

export interface ActionProcess {
  readonly pid: number;
  readonly job: string;
  readonly command: string;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

/** State and parent; undefined when there is no such process. */
function statOf(pid: number): { readonly state: string; readonly parent: number } | undefined {
  const stat = read(`/proc/${pid}/stat`);
  const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return state && parent ? { state, parent: Number(parent) } : undefined;
}

/** Neither gone nor only waiting to be noticed as gone. */
export function isRunning(pid: number): boolean {
  const state = statOf(pid)?.state;
  return state !== undefined && state !== 'Z' && state !== 'X';
}

const commandOf = (pid: number): string => read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim();

/** Every process whose command line holds `text`. */
export const processesWith = (text: string): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => pid !== process.pid && commandOf(pid).includes(text));

/** A process works in its job's folder, or sees it mounted. */
function jobOf(pid: number): string | undefined {
  const pattern = /\/work\/([a-z2-7]{16})\/workspace/;
  try {
    const folder = pattern.exec(readlinkSync(`/proc/${pid}/cwd`))?.[1];
    if (folder !== undefined) return folder;
  } catch {
    return undefined;
  }
  return pattern.exec(read(`/proc/${pid}/mountinfo`))?.[1];
}

/** The running processes that a process has started itself. */
export const processesBelow = (parent: number): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => statOf(pid)?.parent === parent && isRunning(pid));

/** The running processes of the agent's actions, launchers and everything below them included. */
export function actionProcesses(agent: number): ActionProcess[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    const stat = /^\d+$/.test(name) ? statOf(Number(name)) : undefined;
    if (stat) children.set(stat.parent, [...(children.get(stat.parent) ?? []), Number(name)]);
  }
  const below = (pid: number): number[] => [pid, ...(children.get(pid) ?? []).flatMap(below)];
  return (children.get(agent) ?? []).flatMap((child) => {
    const tree = below(child);
    const job = tree.map(jobOf).find((found) => found !== undefined);
    if (job === undefined) return [];
    return tree.filter(isRunning).map((pid) => ({ pid, job, command: commandOf(pid) }));
  });
}
