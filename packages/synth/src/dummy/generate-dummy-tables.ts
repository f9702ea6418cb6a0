// Makes patients who don't exist and satisfy a definition's population, in tables that the definition can be run on.
//
// Each patient is steered towards the population, then towards some of what the definition asks (`steer.ts`), finished
// with plausible records, and kept only when the reference engine says that the population includes it. The result follows
// from the seed and the definition alone: not from the day or the machine. Only a time limit that the definition sets can
// end the search early, and it is said when it does.
import type { Tables } from '@glovebox/engines';
import {
  definitionRoots,
  tablesUnder,
  type DatasetDefinition,
  type MeasuresDefinition,
  type Series,
} from '@glovebox/language';
import { patientExtender, patientMaker } from './make-patient.js';
import { byId, membersOf, schemaOf, toTables, type Member } from './members.js';
import { targetsOf } from './targets.js';
import { vocabularyOf } from './vocabulary.js';

/** Fewer patients than asked for: no way was found to satisfy the population more often; see `explainShortfall`. */
export interface Shortfall {
  readonly wanted: number;
  readonly found: number;
  /** How many patients were tried. */
  readonly tried: number;
  /** The definition's own time limit, where that ended the search. */
  readonly timeoutSeconds?: number;
  /** How many patients a table in the definition has, when all that were found are among them. */
  readonly limitedTo?: number;
}

export interface DummyOptions {
  /** Overrides what the definition configured. */
  readonly populationSize?: number;
  readonly seed?: string;
  /** Series that are read beside the definition, such as what it shows: their tables and columns are made too. */
  readonly also?: readonly Series[];
  /** Seconds on a clock that only goes forward; for the definition's time limit. */
  readonly clock?: () => number;
  /** Called once when fewer patients than asked for were made. */
  readonly onShortfall?: (shortfall: Shortfall) => void;
}

const batchSize = 250;
/** Candidates tried for each patient that is wanted, before giving up; and at least so many in all, or in vain in a row. */
const triesEach = 8;
const leastTries = 1500;
/** Few patients have to fill many columns; beyond so many, columns fill themselves and patients can be more ordinary. */
const manyWishesUntil = 200;

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
  const { timeoutSeconds } = definition.dummyData;
  const clock = options.clock ?? ((): number => performance.now() / 1000);
  const started = clock();
  const isLate = (): boolean => timeoutSeconds !== undefined && clock() - started > timeoutSeconds;
  const makePatient = patientMaker(schema, vocabulary, targets);
  const kept: Member[] = [];
  let tried = 0;
  const tries = Math.max(leastTries, size * triesEach);
  let inVain = 0;
  while (kept.length < size && tried < tries && inVain < leastTries && !(tried > 0 && isLate())) {
    const count = Math.min(batchSize, Math.max(20, (size - kept.length) * 2));
    const batch = Array.from({ length: count }, () => ids.next().value);
    const made: Member[] = [];
    // Rows that only make a patient look real can spoil a condition: who misses gets a second try without them.
    for (const wishes of [tried < manyWishesUntil ? 'many' : 'some', 'none'] as const) {
      const there = new Set(made.map(({ id }) => id));
      const candidates = batch
        .filter((id) => !there.has(id))
        .map((id) => makePatient(id, [seed, String(id), wishes], wishes))
        .filter((member) => member !== undefined);
      made.push(...membersOf(targets, targets.population, schema, candidates));
    }
    tried += count;
    inVain = made.length > 0 ? 0 : inVain + count;
    kept.push(...made.sort(byId).slice(0, size - kept.length));
  }
  if (kept.length < size) {
    const given = givenIds(roots);
    const isLimited = given.size > 0 && given.size < size && kept.every(({ id }) => given.has(id));
    options.onShortfall?.({
      wanted: size,
      found: kept.length,
      tried,
      ...(timeoutSeconds !== undefined && tried < tries && inVain < leastTries && { timeoutSeconds }),
      ...(isLimited && { limitedTo: given.size }),
    });
  }
  const members = kept.sort(byId);
  if (!options.also?.length) return toTables(schema, members);
  // Made afterwards, so that a definition has the same patients whether or not it is looked into.
  const all = [...roots, ...options.also];
  const more = schemaOf(all);
  return toTables(more, members.map(patientExtender(schema, more, vocabularyOf(all, definition), seed)));
}

/** Ids in tables that stand in the definition come first, since a population may be limited to them. */
export function* candidateIds(roots: readonly Series[]): Generator<bigint, never> {
  const given = givenIds(roots);
  yield* [...given].sort((a, b) => (a < b ? -1 : 1));
  for (let id = 1n; ; id++) if (!given.has(id)) yield id;
}

function givenIds(roots: readonly Series[]): ReadonlySet<bigint> {
  return new Set(tablesUnder(roots).inlineTables.flatMap((table) => table.rows.map(([id]) => id)));
}
