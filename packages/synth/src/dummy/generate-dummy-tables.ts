// Makes patients who don't exist and satisfy a definition's population, in tables that the definition can be run on.
//
// Each patient is steered towards the population, then towards some of what the definition asks (`steer.ts`), finished
// with plausible records, and kept only when the reference engine says that the population includes it. The result follows
// from the seed and the definition alone: not from the day, the machine or how long it takes.
import { evaluator, type Row, type Tables } from '@glovebox/engines';
import {
  columnsUsed,
  definitionRoots,
  tablesUnder,
  tieBreaks,
  type Column,
  type DatasetDefinition,
  type MeasuresDefinition,
  type Nullable,
  type Series,
} from '@glovebox/language';
import { complete } from './complete.js';
import { describe } from './describe.js';
import { Draft, type Schema } from './draft.js';
import { isPresent, isTrue, between, type Goal } from './goal.js';
import { drawsOf } from './random.js';
import { steer } from './steer.js';
import { targetsOf, type Targets } from './targets.js';
import { vocabularyOf, type Vocabulary } from './vocabulary.js';

/** Fewer patients than asked for: no way was found to satisfy the population more often. */
export interface Shortfall {
  readonly wanted: number;
  readonly found: number;
  /** How many patients were tried. */
  readonly tried: number;
  /** Conditions that get in each other's way, the worst first; see `ConditionTrial`. */
  readonly conditions: readonly ConditionTrial[];
}

/** Of so many patients made for all the other conditions of the population, how many satisfy this one. */
export interface ConditionTrial {
  readonly text: string;
  readonly made: number;
  readonly satisfied: number;
}

export interface DummyOptions {
  /** Overrides what the definition configured. */
  readonly populationSize?: number;
  readonly seed?: string;
  /** Called once when fewer patients than asked for were made. */
  readonly onShortfall?: (shortfall: Shortfall) => void;
}

const batchSize = 250;
/** Candidates tried for each patient that is wanted, before giving up; and at least so many in all. */
const triesEach = 8;
const leastTries = 1500;

/**
 * @param definition its file tables must be in the definition already (`withFileTables`)
 * @returns each table that the definition reads, with the columns that it uses, in schema order; rows by patient
 */
export function generateDummyTables(
  definition: DatasetDefinition | MeasuresDefinition,
  options: DummyOptions = {},
): Tables {
  const targets = targetsOf(definition);
  const size = options.populationSize ?? targets.size;
  const roots = [...definitionRoots(definition), targets.population];
  const schema = schemaOf(roots);
  const vocabulary = vocabularyOf([...roots, ...targets.wishes.flat()], definition);
  const ids = candidateIds(roots);
  const seed = options.seed ?? 'glovebox';
  const makePatient = patientMaker(schema, vocabulary, targets);
  const kept: Draft[] = [];
  let tried = 0;
  const tries = Math.max(leastTries, size * triesEach);
  while (kept.length < size && tried < tries) {
    const count = Math.min(batchSize, Math.max(20, (size - kept.length) * 2));
    const batch = Array.from({ length: count }, () => ids.next().value);
    const made: Draft[] = [];
    // Rows that only make a patient look real can spoil a condition: who misses gets a second try without them.
    for (const withMore of [true, false]) {
      const missing = batch.filter((id) => !made.some((draft) => draft.id === id));
      const drafts = missing
        .map((id) => makePatient(id, [seed, String(id), String(withMore)], withMore))
        .filter((draft) => draft !== undefined);
      made.push(...membersOf(targets, targets.population, schema, drafts));
    }
    tried += count;
    kept.push(...made.sort((a, b) => (a.id < b.id ? -1 : 1)).slice(0, size - kept.length));
  }
  if (kept.length < size) {
    const found = { wanted: size, found: kept.length, tried };
    const makeFor = (population: Series) => patientMaker(schema, vocabulary, { ...targets, population, wishes: [] });
    options.onShortfall?.({ ...found, conditions: conflicts(targets, schema, makeFor, seed) });
  }
  return toTables(schema, kept);
}

/** Ids in tables that stand in the definition come first, since a population may be limited to them. */
function* candidateIds(roots: readonly Series[]): Generator<bigint, never> {
  const given = new Set(tablesUnder(roots).inlineTables.flatMap((table) => table.rows.map(([id]) => id)));
  yield* [...given].sort((a, b) => (a < b ? -1 : 1));
  for (let id = 1n; ; id++) if (!given.has(id)) yield id;
}

/** Makes one patient who, as far as steering can tell, is in the population; undefined when none was found. */
function patientMaker(schema: Schema, vocabulary: Vocabulary, targets: Targets) {
  return (id: bigint, words: readonly string[], withMore: boolean): Draft | undefined => {
    for (let attempt = 0; attempt < 3; attempt++) {
      const draft = new Draft(id, drawsOf(...words, attempt), schema, vocabulary);
      if (!steer(draft, targets.population, isTrue)) continue;
      const wishes = withMore ? (draft.draw.from(targets.wishes) ?? []) : [];
      for (const wish of draft.draw.shuffled(wishes).slice(0, 4)) {
        draft.budget = Math.max(draft.budget, 600);
        steer(draft, wish, wishFor(wish, draft));
      }
      if (complete(draft, withMore)) return draft;
    }
    return undefined;
  };
}

function wishFor(series: Series, draft: Draft): Goal {
  if (series.kind === 'count' || series.kind === 'count_distinct') return between(1n, undefined);
  const isBool = ['exists', 'and', 'or', 'not', 'in', 'eq', 'lt', 'le', 'gt', 'ge'].includes(series.kind);
  return isBool && draft.draw.chance(0.7) ? isTrue : isPresent;
}

function schemaOf(roots: readonly Series[]): Schema {
  const schema = new Map<string, { rows: 'one' | 'many'; columns: Column[] }>();
  for (const [table, names] of columnsUsed(roots)) {
    const found = schema.get(table.name) ?? { rows: table.rows, columns: [] };
    const known = new Set(found.columns.map((column) => column.name));
    found.columns.push(...table.columns.filter(({ name }) => names.includes(name) && !known.has(name)));
    schema.set(table.name, found);
  }
  return new Map([...schema].sort(([a], [b]) => Number(b === 'patients') - Number(a === 'patients')));
}

function toTables(schema: Schema, drafts: readonly Draft[]): Tables {
  const inOrder = [...drafts].sort((a, b) => (a.id < b.id ? -1 : 1));
  return new Map(
    [...schema].map(([name, { columns }]) => {
      const rows = inOrder.flatMap((draft) =>
        draft
          .rowsOf(name)
          .map((row): Row => [draft.id, ...columns.map((column): Nullable => row.values.get(column.name) ?? null)]),
      );
      return [name, { columns, rows }];
    }),
  );
}

/** The patients for whom the reference engine finds the condition true. */
function membersOf(targets: Targets, condition: Series, schema: Schema, drafts: readonly Draft[]): readonly Draft[] {
  const inOrder = [...drafts].sort((a, b) => (a.id < b.id ? -1 : 1));
  const ties = tieBreaks([targets.population, ...targets.wishes.flat()]);
  const ids = inOrder.map((draft) => draft.id);
  const values = evaluator(toTables(schema, inOrder), ids, ties).patientValues(condition);
  return inOrder.filter((_, index) => values[index] === true);
}

type PatientMaker = ReturnType<typeof patientMaker>;

/** Leaves out each condition of the population in turn, and counts who satisfies it all the same. */
function conflicts(
  targets: Targets,
  schema: Schema,
  makeFor: (population: Series) => PatientMaker,
  seed: string,
): readonly ConditionTrial[] {
  const parts: Series[] = [];
  const split = (series: Series): void => {
    if (series.kind === 'and') {
      split(series.left);
      split(series.right);
    } else parts.push(series);
  };
  split(targets.population);
  const trials = parts.map((part): ConditionTrial => {
    const others = parts.filter((other) => other !== part);
    const rest = others.reduce<Series>((left, right) => ({ kind: 'and', left, right }), others[0] ?? part);
    const make = makeFor(rest);
    const ids = Array.from({ length: 40 }, (_, index) => BigInt(index + 1));
    const drafts = ids.map((id) => make(id, [seed, String(id)], false)).filter((draft) => draft !== undefined);
    const made = membersOf(targets, rest, schema, drafts);
    return { text: describe(part), made: made.length, satisfied: membersOf(targets, part, schema, made).length };
  });
  const telling = trials.filter(({ made }) => made > 0);
  return telling.length > 0 ? telling.sort((a, b) => a.satisfied / a.made - b.satisfied / b.made) : trials;
}
