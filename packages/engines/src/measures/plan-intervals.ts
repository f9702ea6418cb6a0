// Plans what several intervals of a batch share: values that no interval changes, those that hold for several, and the
// rows that any interval could use. Where the series don't allow it, less is shared; the cells are the same.
import { substituteParameters, tieBreaks, topologicalOrder, type Interval, type Series } from '@glovebox/language';
import type { Dialect } from '../sql/dialect.js';
import { conjunctsOf } from '../sql/plan/membership.js';
import type { Names } from '../sql/plan/names.js';
import type { PatientState } from '../sql/plan/scan.js';
import type { Upload, Uploads } from '../sql/plan/uploads.js';
import type { StatementNode } from '../sql/tree/index.js';
import { baseSql } from './base.js';
import { fillBatch, type Batch, type Filled } from './batches.js';
import { epochAtoms, epochs, epochSeries, epochsOfInterval } from './epochs.js';
import { keyOf, packGroups, type PackedGroup } from './packed-groups.js';
import type { IntervalInput } from './patient-rows.js';
import { sharedRows } from './shared-rows.js';

export interface SharedInput {
  readonly batch: Batch;
  /** Some of the batch's, at most as many as epochs can tell apart. */
  readonly intervals: readonly Interval[];
  readonly dialect: Dialect;
  readonly names: Names;
  readonly uploads: Uploads;
}

export type Step =
  | { readonly kind: 'create'; readonly name: string; readonly statement: StatementNode }
  | { readonly kind: 'upload'; readonly upload: Upload }
  | { readonly kind: 'drop'; readonly name: string };

export interface IntervalsPlan {
  /** Temporary tables to make before the first interval, and those of them to drop again. */
  readonly steps: readonly Step[];
  readonly inputOf: (filled: Filled, interval: Interval, at: number) => IntervalInput;
}

export function planIntervals(input: SharedInput): IntervalsPlan {
  const { batch, intervals, names, dialect, uploads } = input;
  const { pool } = batch;
  const raw = fillBatch(batch, undefined);
  const packed = packGroups(raw.groups);
  const isPacked = new Set(packed.map((group) => group.at));
  const dense = [
    raw.member,
    ...packed.map((group) => group.code),
    ...raw.groups.filter((_, at) => !isPacked.has(at)),
    ...(raw.weight ? [raw.weight] : []),
  ];
  const roots = [...dense, ...raw.numerators];
  const base = baseSql({ ...raw, groups: dense.slice(1) }, { names, uploads, dialect });
  const steps: Step[] = [{ kind: 'create', name: base.state.name, statement: base.statement }];
  const common = { dense, roots, ties: tieBreaks(roots), base: base.state };
  const liftable = keepsPicksApart(roots, input) ? epochAtoms(common) : { atoms: [], exports: [] };
  const isKnown = epochSeries(base.state, liftable.atoms);
  const key = halvedKey(packed, isKnown);
  const lifted = epochs(
    {
      ...common,
      ...input,
      pool,
      roots: [...(key ? [key] : []), ...roots.filter((series) => !packed.some((group) => group.code === series))],
      filters: [raw.member],
    },
    liftable,
  );
  let state: PatientState = base.state;
  if (lifted) {
    state = lifted.state;
    steps.push({ kind: 'upload', upload: lifted.bits });
    for (const table of lifted.tables) steps.push({ kind: 'create', ...table });
    const done = [base.state.name, lifted.bits.name, ...lifted.tables.map((table) => table.name)];
    steps.push(...done.filter((name) => name !== state.name).map((name): Step => ({ kind: 'drop', name })));
  }
  const rows = sharedRows({
    roots,
    intervals,
    pool,
    isGiven: (node) => state.columns.has(node) || isKnown(node),
    dialect,
    names,
    uploads,
  });
  for (const { name, statement } of rows) steps.push({ kind: 'create', name, statement });
  const copies = new Map(rows.map((copy) => [copy.table, copy.name]));
  const given = [...state.columns];
  const conditions = conjunctsOf(raw.member).filter((condition) => lifted && !lifted.filtered.has(condition));
  const inputOf = (filled: Filled, interval: Interval, at: number): IntervalInput => {
    const wanted = [...given.map(([series]) => series), ...conditions, ...(key ? [key] : [])];
    const series = substituteParameters(wanted, interval, pool);
    const columns = new Map(given.map(([, name], index) => [series[index]!, name]));
    const name = lifted ? names('patients_of_interval') : state.name;
    return {
      filled,
      keys: { packed, key: key && series.at(-1) },
      dialect,
      names,
      uploads,
      base: { name, columns },
      stages: lifted ? [{ name, query: epochsOfInterval(state, at) }] : [],
      filters: lifted ? series.slice(given.length, given.length + conditions.length) : undefined,
      relationOf: (table) => copies.get(table) ?? table.name,
    };
  };
  return { steps, inputOf };
}

/** The key as a sum of two: what is known for a whole epoch, and the rest. */
function halvedKey(packed: readonly PackedGroup[], isKnown: (series: Series) => boolean): Series | undefined {
  const known = keyOf(packed.filter((group) => isKnown(group.code)));
  const rest = keyOf(packed.filter((group) => !isKnown(group.code)));
  return known && rest ? { kind: 'add', left: known, right: rest } : (known ?? rest);
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
