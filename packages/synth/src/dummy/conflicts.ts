// Explains a population that few or none can satisfy: leaves out each of its conditions in turn, and counts who satisfies it
// all the same. Conditions that conflict are those that nobody who was made for the others satisfies.
import { describe, type Series } from '@glovebox/language';
import type { Schema } from './draft.js';
import type { MakePatient } from './make-patient.js';
import { membersOf } from './members.js';
import type { Targets } from './targets.js';

/** Of so many patients made for all the other conditions of the population, how many satisfy this one. */
export interface ConditionTrial {
  readonly text: string;
  readonly made: number;
  readonly satisfied: number;
}

const trialPatients = 40;

/** @returns a trial for each condition, the one that fewest satisfy first */
export function conflicts(
  targets: Targets,
  schema: Schema,
  makeFor: (population: Series) => MakePatient,
  seed: string,
): readonly ConditionTrial[] {
  const parts = conditionsOf(targets.population);
  const trials = parts.map((part): ConditionTrial => {
    const others = parts.filter((other) => other !== part);
    const rest = others.reduce<Series>((left, right) => ({ kind: 'and', left, right }), others[0] ?? part);
    const make = makeFor(rest);
    const ids = Array.from({ length: trialPatients }, (_, index) => BigInt(index + 1));
    const candidates = ids.map((id) => make(id, [seed, String(id)], 'none')).filter((member) => member !== undefined);
    const made = membersOf(targets, rest, schema, candidates);
    return { text: describe(part), made: made.length, satisfied: membersOf(targets, part, schema, made).length };
  });
  const telling = trials.filter(({ made }) => made > 0);
  return telling.length > 0 ? telling.sort((a, b) => a.satisfied / a.made - b.satisfied / b.made) : trials;
}

function conditionsOf(population: Series): readonly Series[] {
  if (population.kind !== 'and') return [population];
  return [...conditionsOf(population.left), ...conditionsOf(population.right)];
}
