// Which of the machine's processors a command may use, where it may not use all of them.
//
// It is tied to so many of them, so that programs see that number and start no more threads than can run. The filter of
// system calls then refuses to change that (seccomp.ts). Two commands of this process share a processor only when there
// are not enough; of other processes nothing is known, so among equals chance decides.
import { readFileSync } from 'node:fs';

export interface ChosenProcessors {
  /** Words that start a program on these; empty when it may use all that this process may. */
  readonly words: readonly string[];
  /** To be called when the command has ended. */
  release(): void;
}

export const affinityProgram = '/usr/bin/taskset';
const commandsOn = new Map<number, number>();

/** @param list as the kernel writes it: `0-2,5` */
export function parseProcessors(list: string): number[] {
  return list
    .trim()
    .split(',')
    .flatMap((part) => {
      const [first = 0, last = first] = part.split('-').map(Number);
      return Array.from({ length: last - first + 1 }, (_, i) => first + i);
    });
}

function allowed(): number[] {
  const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(readFileSync('/proc/self/status', 'latin1'))?.[1];
  return list === undefined ? [] : parseProcessors(list);
}

/** @param howMany undefined for all */
export function chooseProcessors(howMany: number | undefined): ChosenProcessors {
  const all = howMany === undefined ? [] : allowed();
  if (howMany === undefined || howMany >= all.length) return { words: [], release: () => undefined };
  const held = (processor: number): number => commandsOn.get(processor) ?? 0;
  const chosen = all
    .map((processor) => ({ processor, order: held(processor) + Math.random() }))
    .sort((a, b) => a.order - b.order)
    .slice(0, howMany)
    .map(({ processor }) => processor);
  for (const processor of chosen) commandsOn.set(processor, held(processor) + 1);
  return {
    words: [affinityProgram, '--cpu-list', chosen.join(',')],
    release: () => {
      for (const processor of chosen) commandsOn.set(processor, held(processor) - 1);
    },
  };
}
