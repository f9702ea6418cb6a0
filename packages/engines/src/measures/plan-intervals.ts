// Plans what several intervals of a batch share: values that no interval changes, those that hold for several, and the
// rows that any interval could use. Then as many neighbouring intervals as fit in memory are one statement.
import {
  substituteParameters,
  tieBreaks,
  topologicalOrder,
  type Interval,
  type Series,
  type Table,
} from '@glovebox/language';
import type { Dialect } from '../sql/dialect.js';
import { conjunctsOf } from '../sql/plan/membership.js';
import type { Names } from '../sql/plan/names.js';
import type { Upload, Uploads } from '../sql/plan/uploads.js';
import type { StatementNode } from '../sql/tree/index.js';
import { baseSql, numberIn } from './base.js';
import { fillBatch, type Batch } from './batches.js';
import { epochAtoms, epochSeries } from './epoch-series.js';
import { epochBits, epochs } from './epochs.js';
import { fixedCells } from './fixed-cells.js';
import {
  besideRows,
  intervalTable,
  patientsAmong,
  patientsOfIntervals,
  rowsOfIntervals,
  type IntervalRange,
  type SharedState,
} from './interval-table.js';
import { keyOf, packGroups, packPlace, type PackedGroup } from './packed-groups.js';
import type { IntervalInput } from './patient-rows.js';
import { bitsColumn, sharedRows } from './shared-rows.js';

export interface SharedInput {
  readonly batch: Batch;
  /** Some of the batch's, at most as many as an integer has bits for. */
  readonly intervals: readonly Interval[];
  readonly dialect: Dialect;
  readonly names: Names;
  readonly uploads: Uploads;
}

export type Step =
  | { readonly kind: 'create'; readonly name: string; readonly statement: StatementNode }
  | { readonly kind: 'upload'; readonly upload: Upload }
  | { readonly kind: 'drop'; readonly name: string };

interface Relation {
  readonly name: string;
  readonly bits: string | undefined;
}

export interface IntervalsPlan {
  /** Temporary tables to make before the first interval, and those of them to drop again. */
  readonly steps: readonly Step[];
  /** What statements read: their sizes say how many intervals fit in one. `bits` is the column that says in which. */
  readonly relations: readonly Relation[];
  readonly inputOf: (range: IntervalRange) => IntervalInput;
}

/** Undefined when each interval has to be worked out on its own, because of what is asked or of the database. */
export function planIntervals(input: SharedInput): IntervalsPlan | undefined {
  const { batch, intervals, names, dialect, uploads } = input;
  const { pool } = batch;
  if (!dialect.joinsIntervals) return undefined;
  const filled = fillBatch(batch, undefined);
  const packed = packGroups(filled.groups);
  const isPacked = new Set(packed.map((group) => group.at));
  const dense = [
    filled.member,
    ...packed.map((group) => group.code),
    ...filled.groups.filter((_, at) => !isPacked.has(at)),
    ...(filled.weight ? [filled.weight] : []),
  ];
  const roots = [...dense, ...filled.numerators];
  if (!keepsPicksApart(roots, input)) return undefined;
  const base = baseSql({ ...filled, groups: dense.slice(1) }, { names, uploads, dialect });
  const table = intervalTable(roots, input);
  const steps: Step[] = [
    { kind: 'upload', upload: table.upload },
    { kind: 'create', name: base.state.name, statement: base.statement },
  ];
  const common = { dense, roots, ties: tieBreaks(roots), base: base.state, dialect };
  const liftable = epochAtoms(common);
  const isKnown = epochSeries(base.state, liftable.atoms);
  const place = packPlace(packed);
  const key = halvedKey([...packed, place], isKnown);
  const lifted = epochs(
    {
      ...common,
      ...input,
      pool,
      intervalTable: table.upload.name,
      roots: [key, ...roots.filter((series) => !packed.some((group) => group.code === series))],
      filters: [filled.member],
    },
    liftable,
  );
  for (const created of lifted?.tables ?? []) steps.push({ kind: 'create', ...created });
  const number = lifted ? 'number' : numberIn(dialect);
  const state: SharedState = { ...(lifted?.state ?? base.state), hasEpochs: lifted !== undefined, number };
  const isGiven = (node: Series): boolean => state.columns.has(node) || isKnown(node);
  const copies = sharedRows({ roots, intervals, pool, isGiven, base: base.state, dialect, names, uploads });
  for (const { name, statement } of copies) steps.push({ kind: 'create', name, statement });
  const done = [base.state.name, ...(lifted?.tables ?? []).map(({ name }) => name)];
  steps.push(...done.filter((name) => name !== state.name).map((name): Step => ({ kind: 'drop', name })));
  const conditions = conjunctsOf(filled.member).filter((condition) => lifted && !lifted.filtered.has(condition));
  const beside = besideRows(table);
  const rowsIn = (range: IntervalRange) => {
    const rowsOf = new Map(copies.map((copy) => [copy.table, names(`${copy.table.name}_of_intervals`)]));
    const stages = copies.map((copy) => ({
      name: rowsOf.get(copy.table)!,
      query: rowsOfIntervals(copy, table, range),
    }));
    return { stages, relationOf: (of: Table) => rowsOf.get(of) ?? of.name };
  };
  const inputOf = (range: IntervalRange): IntervalInput => {
    const name = names('patients_of_intervals');
    const { stages, relationOf } = rowsIn(range);
    return {
      filled,
      keys: { packed, place, key },
      dialect,
      names,
      uploads,
      base: { name, columns: new Map([...state.columns, ...beside]) },
      stages: [{ name, query: patientsOfIntervals(state, table, range) }, ...stages],
      filters: lifted ? conditions : undefined,
      relationOf,
      besideRows: beside,
    };
  };
  const relations = copies.map(({ name }) => ({ name, bits: bitsColumn }));
  const fixed = lifted
    ? undefined
    : fixedCells(inputOf({ from: 0, to: intervals.length }), state, packed, place, table);
  if (fixed) {
    return {
      steps: [...steps, fixed.step],
      relations: [{ name: fixed.name, bits: undefined }, ...relations],
      inputOf: (range) => ({
        ...inputOf(range),
        ...rowsIn(range),
        fixedCells: fixed.of(range),
        patientsAmong: (ids) => patientsAmong(state, table, ids),
        filters: [],
      }),
    };
  }
  const people = { name: state.name, bits: lifted ? epochBits : undefined };
  return { steps, relations: [people, ...relations], inputOf };
}

/** The key as a sum of two: what is known for a whole epoch, and the rest. */
function halvedKey(packed: readonly PackedGroup[], isKnown: (series: Series) => boolean): Series {
  const known = keyOf(packed.filter((group) => isKnown(group.code)));
  const rest = keyOf(packed.filter((group) => !isKnown(group.code)));
  return known && rest ? { kind: 'add', left: known, right: rest } : (known ?? rest)!;
}

/**
 * Whether first and last rows stay different ones in every interval. Two that become one share the columns that break
 * ties, and nothing that was worked out before is right.
 */
function keepsPicksApart(roots: readonly Series[], { batch, intervals }: SharedInput): boolean {
  const picksIn = (series: readonly Series[]): number =>
    [...topologicalOrder(series)].filter((node) => node.kind === 'pick').length;
  const all = picksIn(roots);
  return intervals.every((interval) => picksIn(substituteParameters(roots, interval, batch.pool)) === all);
}
