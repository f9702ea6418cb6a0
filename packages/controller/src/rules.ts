// What the rules of a backend say about an action: its weight and the resources that it gets. Rules of its workspace go first,
// then those for any workspace; for each value the first rule that gives it counts.
import { type BackendScheduling, readPattern, type ResourceRequest, type SchedulingRule } from '@glovebox/wire';
import type { JobToWeigh } from '@glovebox/store';

export interface Requirements {
  readonly weight: number;
  readonly requests: ResourceRequest;
}

interface Rule {
  readonly rule: SchedulingRule;
  readonly applies: (job: JobToWeigh) => boolean;
}

function readRule(rule: SchedulingRule): Rule {
  const { workspace, action, command } = rule;
  const matches = readPattern(action ?? command ?? '') ?? (() => false);
  return {
    rule,
    applies: (job) =>
      (workspace === undefined || workspace === job.workspaceName) &&
      matches(action === undefined ? job.command : job.action),
  };
}

/** Reads the rules once, for any number of jobs. */
export function readRules({ rules = [] }: BackendScheduling): (job: JobToWeigh) => Requirements {
  const own = rules.filter(({ workspace }) => workspace !== undefined);
  const general = rules.filter(({ workspace }) => workspace === undefined);
  const read = [...own, ...general].map(readRule);
  return (job) => requirementsFrom(read.filter(({ applies }) => applies(job)).map(({ rule }) => rule));
}

/** @param found the rules that apply, in their order */
function requirementsFrom(found: readonly SchedulingRule[]): Requirements {
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
