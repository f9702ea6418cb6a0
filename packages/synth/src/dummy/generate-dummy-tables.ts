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
import { isPresent, isTrue, between } from './goal.js';
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
  /** Conditions that all must hold, the one that fewest candidates satisfied first. */
  readonly conditions: readonly { readonly text: string; readonly satisfiedBy: number }[];
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
  const kept: Draft[] = [];
  const tally: { tested: number; tables: Tables; ids: readonly bigint[] } = { tested: 0, tables: new Map(), ids: [] };
  const tries = Math.max(leastTries, size * triesEach);
  while (kept.length < size && tally.tested < tries) {
    const count = Math.min(batchSize, Math.max(20, (size - kept.length) * 2));
    const batch = Array.from({ length: count }, () =>
      makePatient(ids.next().value, seed, schema, vocabulary, targets),
    ).filter((draft) => draft !== undefined);
    tally.tested += count;
    tally.tables = toTables(schema, batch);
    tally.ids = batch.map((draft) => draft.id);
    const isMember = membership(targets, targets.population, tally.tables, tally.ids);
    kept.push(...batch.filter((draft) => isMember.has(draft.id)).slice(0, size - kept.length));
  }
  if (kept.length < size) {
    options.onShortfall?.({
      wanted: size,
      found: kept.length,
      tried: tally.tested,
      conditions: hardest(targets, tally),
    });
  }
  return toTables(schema, kept);
}

/** Ids in tables that stand in the definition come first, since a population may be limited to them. */
function* candidateIds(roots: readonly Series[]): Generator<bigint, never> {
  const given = new Set(tablesUnder(roots).inlineTables.flatMap((table) => table.rows.map(([id]) => id)));
  yield* [...given].sort((a, b) => (a < b ? -1 : 1));
  for (let id = 1n; ; id++) if (!given.has(id)) yield id;
}

function makePatient(
  id: bigint,
  seed: string,
  schema: Schema,
  vocabulary: Vocabulary,
  targets: Targets,
): Draft | undefined {
  for (let attempt = 0; attempt < 3; attempt++) {
    const draft = new Draft(id, drawsOf(seed, String(id), attempt), schema, vocabulary);
    if (!steer(draft, targets.population, isTrue)) continue;
    const wishes = draft.draw.from(targets.wishes) ?? [];
    for (const wish of draft.draw.shuffled(wishes).slice(0, 4)) {
      draft.budget = Math.max(draft.budget, 600);
      steer(draft, wish, wishFor(wish, draft));
    }
    if (complete(draft)) return draft;
  }
  return undefined;
}

function wishFor(series: Series, draft: Draft) {
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

function membership(targets: Targets, condition: Series, tables: Tables, ids: readonly bigint[]): ReadonlySet<bigint> {
  const inOrder = [...ids].sort((a, b) => (a < b ? -1 : 1));
  const ties = tieBreaks([targets.population, ...targets.wishes.flat()]);
  const values = evaluator(tables, inOrder, ties).patientValues(condition);
  return new Set(inOrder.filter((_, index) => values[index] === true));
}

function hardest(targets: Targets, tally: { tables: Tables; ids: readonly bigint[] }): Shortfall['conditions'] {
  const parts: Series[] = [];
  const split = (series: Series): void => {
    if (series.kind === 'and') {
      split(series.left);
      split(series.right);
    } else parts.push(series);
  };
  split(targets.population);
  return parts
    .map((part) => ({ text: describe(part), satisfiedBy: membership(targets, part, tally.tables, tally.ids).size }))
    .sort((a, b) => a.satisfiedBy - b.satisfiedBy);
}
