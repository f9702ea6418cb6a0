// What the rules of a backend say about an action: its weight and the resources that it gets. Rules of its workspace go first,
// then those for any workspace; for each value the first rule that gives it counts.
import type { BackendScheduling, ResourceRequest, SchedulingRule } from '@glovebox/wire';
import type { JobToWeigh } from '@glovebox/store';

export interface Requirements {
  readonly weight: number;
  readonly requests: ResourceRequest;
}

/** Case counts, and the whole text must match. */
const matches = (pattern: string, text: string): boolean => new RegExp(`^(?:${pattern})$`).test(text);

function applies({ workspace, action, command }: SchedulingRule, job: JobToWeigh): boolean {
  if (workspace !== undefined && workspace !== job.workspaceName) return false;
  return action === undefined ? command !== undefined && matches(command, job.command) : matches(action, job.action);
}

export function requirementsOf({ rules = [] }: BackendScheduling, job: JobToWeigh): Requirements {
  const own = rules.filter(({ workspace }) => workspace !== undefined);
  const general = rules.filter(({ workspace }) => workspace === undefined);
  const found = [...own, ...general].filter((rule) => applies(rule, job));
  const first = <K extends 'weight' | keyof ResourceRequest>(key: K): SchedulingRule[K] | undefined =>
    found.find((rule) => rule[key] !== undefined)?.[key];
  const [memoryMegabytes, wallSeconds, processors] = [
    first('memoryMegabytes'),
    first('wallSeconds'),
    first('processors'),
  ];
  return {
    weight: first('weight') ?? 1,
    requests: {
      ...(memoryMegabytes === undefined ? {} : { memoryMegabytes }),
      ...(wallSeconds === undefined ? {} : { wallSeconds }),
      ...(processors === undefined ? {} : { processors }),
    },
  };
}
