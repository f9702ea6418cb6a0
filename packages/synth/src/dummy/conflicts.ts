// Explains a population that few or none can satisfy. Where nobody was found, conditions are left out one after the other
// for as long as still nobody satisfies the rest: what is left excludes each other. Where some were found, each condition
// in turn is left out, and who was made for the others is counted.
import {
  describe,
  placeOf,
  rewrite,
  topologicalOrder,
  type DatasetDefinition,
  type MeasuresDefinition,
  type Node,
  type Place,
  type Series,
} from '@glovebox/language';
import { candidateIds, type Shortfall } from './generate-dummy-tables.js';
import { patientMaker } from './make-patient.js';
import { membersOf, schemaOf } from './members.js';
import { targetsOf } from './targets.js';
import { vocabularyOf } from './vocabulary.js';

/** A condition of the population, by the researcher's own line where the definition was evaluated with places. */
export interface Condition {
  readonly text: string;
  readonly place?: Place;
  /** Of so many patients made for all the other conditions of the population, how many satisfy this one. */
  readonly made?: number;
  readonly satisfied?: number;
}

const trialPatients = 40;

/**
 * @returns conditions that exclude each other, when nobody satisfied the population; otherwise each condition with how many
 *   satisfy it, the one that fewest satisfy first; none when nothing is known
 */
export function explainShortfall(
  definition: DatasetDefinition | MeasuresDefinition,
  { found }: Pick<Shortfall, 'found'>,
): readonly Condition[] {
  const targets = targetsOf(definition);
  const made = (population: Series): ReturnType<typeof membersOf> => {
    const roots = [population, targets.population];
    const schema = schemaOf(roots);
    const make = patientMaker(schema, vocabularyOf(roots, definition), { ...targets, population, wishes: [] });
    const ids = candidateIds(roots);
    const candidates = Array.from({ length: trialPatients }, () => ids.next().value)
      .map((id) => make(id, ['conflicts', String(id)], 'none'))
      .filter((member) => member !== undefined);
    return membersOf(targets, population, schema, candidates);
  };
  const isImpossible = (conditions: readonly Series[]): boolean => made(allOf(conditions)).length === 0;
  const parts = conditionsOf(targets.population);
  if (found === 0) {
    const [first, ...others] = leastOf(parts, isImpossible);
    if (!first) return [];
    const filters = others.length === 0 ? filtersOf(first, isImpossible) : [];
    return (filters.length > 0 ? filters : [first, ...others]).map((series) => shown(series));
  }
  const schema = schemaOf([targets.population]);
  const trials = parts.map((part) => {
    const members = made(allOf(parts.filter((other) => other !== part)));
    const satisfied = membersOf(targets, part, schema, members).length;
    return { ...shown(part), made: members.length, satisfied };
  });
  const telling = trials.filter((trial) => trial.made > 0 && trial.satisfied < trial.made);
  return telling.sort((a, b) => a.satisfied / a.made - b.satisfied / b.made);
}

function shown(series: Series): Condition {
  const place = placeOf(series);
  return { text: describe(series), ...(place && { place }) };
}

const always: Series = { kind: 'value', type: 'bool', value: true };

const allOf = (conditions: readonly Series[]): Series =>
  conditions.reduce<Series>((left, right) => ({ kind: 'and', left, right }), conditions[0] ?? always);

function conditionsOf(population: Series): readonly Series[] {
  if (population.kind !== 'and') return [population];
  return [...conditionsOf(population.left), ...conditionsOf(population.right)];
}

/** A part of a list that still does what the whole does, and does it no more without any one of its items. */
function leastOf<T>(items: readonly T[], does: (items: readonly T[]) => boolean): readonly T[] {
  let left = items;
  for (const item of items) {
    const rest = left.filter((other) => other !== item);
    if (rest.length > 0 && does(rest)) left = rest;
  }
  return left;
}

/** The filters that make one condition impossible, when there are several that it needs for that. */
function filtersOf(condition: Series, isImpossible: (conditions: readonly Series[]) => boolean): readonly Series[] {
  const parts = topologicalOrder([condition]).flatMap((node) =>
    node.kind === 'filter' ? conditionsOf(node.condition) : [],
  );
  const kept = leastOf(parts, (left) => {
    const without = new Set<Node>(parts.filter((part) => !left.includes(part)));
    const resultOf = rewrite([condition], (node, before) => (without.has(before) ? always : node));
    return isImpossible([resultOf(condition) as Series]);
  });
  return kept.length > 1 && kept.length < 8 ? kept : [];
}
