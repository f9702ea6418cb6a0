// Evaluates series over small tables in memory, one array per node: the meaning of the query model in its plainest form.
// A series of patients has a value for each patient of the universe; a series of rows has a value for each row of its
// underlying table, whether or not a filter keeps that row: filters only decide which rows an aggregation or pick sees.
import {
  domainOf,
  isFrame,
  sortKeys,
  type Domain,
  type EventDomain,
  type Frame,
  type Node,
  type Nullable,
  type Pick,
  type Scalar,
  type Series,
  type Table,
} from '@glovebox/language';
import type { Tables } from '../tables.js';
import { aggregate, countEpisodes } from './aggregations.js';
import { applyBinary, applyUnary } from './functions.js';
import { compareNullable, compareScalars } from './order.js';
import { evaluationOrder, lookupOf } from './lookups.js';
import { loadManyRows, loadOneRow, type LoadedRows } from './load.js';

/** One value for all, one for each patient (by position in the universe), or one for each row of a table. */
type Values =
  | { readonly over: 'all'; readonly value: Nullable }
  | { readonly over: 'patients'; readonly values: readonly Nullable[] }
  | { readonly over: Table; readonly values: readonly Nullable[] };

type Sets = readonly ReadonlySet<Scalar>[];

export interface Evaluator {
  /** Ascending ids of the patients that series are evaluated for. */
  readonly patients: readonly bigint[];
  /** Evaluates series ahead of time, so that forks need not. */
  prepare(series: readonly Series[]): void;
  /** Evaluates a series with one value a patient; the values stand in the order of `patients`. */
  patientValues(series: Series): readonly Nullable[];
  /** For each patient in order, the rows of an event domain as the values of `columns`. */
  eventRows(columns: readonly Series[], domain: EventDomain): readonly (readonly (readonly Nullable[])[])[];
  /** An evaluator that knows what this one knows and forgets on its own. */
  fork(ties: ReadonlyMap<Pick, readonly string[]>): Evaluator;
}

/**
 * @param patients ascending; rows of other patients are left out
 * @param ties the columns that break the ties of each pick, from `tieBreaks` over the whole definition
 */
export function evaluator(
  tables: Tables,
  patients: readonly bigint[],
  ties: ReadonlyMap<Pick, readonly string[]>,
): Evaluator {
  return makeEvaluator(loader(tables, patients), patients, ties, undefined);
}

interface Loader {
  rows(table: Table): LoadedRows;
  /** Per patient its one row, or undefined. */
  row(frame: Frame, position: number): readonly Nullable[] | undefined;
}

function loader(tables: Tables, patients: readonly bigint[]): Loader {
  const positions = new Map(patients.map((id, i) => [id, i]));
  const many = new Map<Table, LoadedRows>();
  const one = new Map<Frame, readonly (readonly Nullable[] | undefined)[]>();
  return {
    rows(table) {
      let rows = many.get(table);
      if (rows === undefined) {
        rows = loadManyRows(table, tables, positions);
        many.set(table, rows);
      }
      return rows;
    },
    row(frame, position) {
      let rows = one.get(frame);
      if (rows === undefined) {
        rows = loadOneRow(frame, tables, positions);
        one.set(frame, rows);
      }
      return rows[position];
    },
  };
}

function makeEvaluator(
  load: Loader,
  patients: readonly bigint[],
  ties: ReadonlyMap<Pick, readonly string[]>,
  parent: ((node: Node) => Values | undefined) | undefined,
): Evaluator {
  const memo = new Map<Node, Values>();
  const sets = new Map<Series, Sets>();
  const picks = new Map<Pick, readonly number[]>();
  const domains = new Map<EventDomain, readonly number[]>();
  const everyone = patients.map((_, i) => i);

  const found = (node: Node): Values | undefined => memo.get(node) ?? parent?.(node);
  const valuesOf = (series: Series): Values => found(series)!;

  /** The value for a patient, or for a row of the table that `over` is. */
  const valueAt = (values: Values, over: Values['over'], index: number): Nullable => {
    if (values.over === 'all') return values.value;
    if (values.over === over) return values.values[index]!;
    return values.values[load.rows(over as Table).positions[index]!]!;
  };

  /** Applies a function to values that belong together. */
  const map = (inputs: readonly Series[], apply: (...values: Nullable[]) => Nullable): Values => {
    const columns = inputs.map(valuesOf);
    const overs = columns.map((c) => c.over);
    const over = overs.find((o) => typeof o === 'object') ?? overs.find((o) => o === 'patients') ?? 'all';
    const at = (index: number): Nullable => apply(...columns.map((c) => valueAt(c, over, index)));
    if (over === 'all') return { over, value: at(0) };
    const indexes = over === 'patients' ? everyone : load.rows(over).indexes;
    return { over, values: indexes.map(at) };
  };

  const rowsOf = (domain: EventDomain): readonly number[] => {
    const known = domains.get(domain);
    if (known !== undefined) return known;
    const { table, parent: outer, condition } = domain;
    let rows = load.rows(table).indexes;
    if (condition !== undefined) {
      const keep = valuesOf(condition);
      rows = rowsOf(outer as EventDomain).filter((row) => valueAt(keep, table, row) === true);
    }
    domains.set(domain, rows);
    return rows;
  };

  /** The rows of each patient. */
  const byPatient = (domain: Domain): readonly (readonly number[])[] => {
    const groups: number[][] = patients.map(() => []);
    if (domain.kind === 'patient') return groups;
    const { positions } = load.rows(domain.table);
    for (const row of rowsOf(domain)) groups[positions[row]!]!.push(row);
    return groups;
  };

  /** For each patient the picked row, or -1. */
  const pickedRows = (pick: Pick): readonly number[] => {
    const known = picks.get(pick);
    if (known !== undefined) return known;
    const domain = domainOf(pick.source) as EventDomain;
    const { table } = domain;
    const loaded = load.rows(table);
    const keys = [
      ...sortKeys(pick).map((key) => (row: number) => valueAt(valuesOf(key), table, row)),
      ...(ties.get(pick) ?? []).map((name) => loaded.column(name)),
    ];
    const compare = (a: number, b: number): number => {
      for (const key of keys) {
        const order = compareNullable(key(a), key(b));
        if (order !== 0) return order;
      }
      return 0;
    };
    const isBetter = (order: number): boolean => (pick.position === 'first' ? order < 0 : order > 0);
    const picked = byPatient(domain).map((rows) =>
      rows.reduce((best, row) => (best === -1 || isBetter(compare(row, best)) ? row : best), -1),
    );
    picks.set(pick, picked);
    return picked;
  };

  const selectColumn = (frame: Frame, name: string): Values => {
    if (frame.kind === 'pick') {
      const column = load.rows((domainOf(frame.source) as EventDomain).table).column(name);
      return { over: 'patients', values: pickedRows(frame).map((row) => (row === -1 ? null : column(row))) };
    }
    const domain = domainOf(frame);
    if (domain.kind === 'event') {
      const rows = load.rows(domain.table);
      return { over: domain.table, values: rows.indexes.map(rows.column(name)) };
    }
    const columns = (frame as Table).columns;
    const index = columns.findIndex((c) => c.name === name);
    return { over: 'patients', values: everyone.map((i) => load.row(frame, i)?.[index] ?? null) };
  };

  const countRows = (frame: Frame): readonly number[] => {
    if (frame.kind === 'pick') return pickedRows(frame).map((row) => (row === -1 ? 0 : 1));
    const domain = domainOf(frame);
    if (domain.kind === 'event') return byPatient(domain).map((rows) => rows.length);
    return everyone.map((i) => (load.row(frame, i) === undefined ? 0 : 1));
  };

  /** For each patient the values of its rows that aren't NULL. */
  const collect = (source: Series): readonly (readonly Scalar[])[] => {
    const domain = domainOf(source) as EventDomain;
    const values = valuesOf(source);
    return byPatient(domain).map((rows) =>
      rows.map((row) => valueAt(values, domain.table, row)).filter((value) => value !== null),
    );
  };

  const isIn = (left: Series, right: Series): Values => {
    if (right.kind === 'value_set') {
      const values = new Set(right.values);
      return map([left], (value) => (values.size === 0 ? false : value === null ? null : values.has(value)));
    }
    const perPatient = sets.get(right) ?? [];
    const values = valuesOf(left);
    const test = (value: Nullable, position: number): Nullable => {
      const set = perPatient[position]!;
      return set.size === 0 ? false : value === null ? null : set.has(value);
    };
    if (typeof values.over === 'object') {
      const { positions } = load.rows(values.over);
      return { over: values.over, values: values.values.map((value, row) => test(value, positions[row]!)) };
    }
    return { over: 'patients', values: everyone.map((i) => test(valueAt(values, 'patients', i), i)) };
  };

  const perPatient = (values: readonly Nullable[]): Values => ({ over: 'patients', values });

  const evaluateNode = (node: Series): Values => {
    switch (node.kind) {
      case 'value':
        return { over: 'all', value: node.value };
      case 'value_set':
        return { over: 'all', value: null };
      case 'parameter':
        throw new Error(`the parameter ${node.name} was not substituted`);
      case 'select_column':
        return selectColumn(node.source, node.name);
      case 'exists':
        return perPatient(countRows(node.source).map((n) => n > 0));
      case 'count':
        return perPatient(countRows(node.source).map(BigInt));
      case 'combine_as_set':
        sets.set(
          node,
          collect(node.source).map((values) => new Set(values)),
        );
        return { over: 'all', value: null };
      case 'count_episodes':
        return perPatient(
          collect(node.source).map((dates) => countEpisodes(dates as readonly string[], node.maximumGapDays)),
        );
      case 'count_distinct':
      case 'min':
      case 'max':
      case 'sum':
      case 'mean': {
        const { kind } = node;
        return perPatient(collect(node.source).map((values) => aggregate(kind, values)));
      }
      case 'in':
        return isIn(node.left, node.right);
      case 'maximum_of':
      case 'minimum_of': {
        const sign = node.kind === 'maximum_of' ? 1 : -1;
        return map(node.sources, (...values) =>
          values.reduce((best, value) => {
            if (best === null || value === null) return best ?? value;
            return compareScalars(value, best) * sign > 0 ? value : best;
          }),
        );
      }
      case 'case': {
        const nothing: Series = { kind: 'value', type: 'bool', value: false };
        memo.set(nothing, { over: 'all', value: null });
        const lookup = lookupOf(node);
        if (lookup) {
          const { source, results } = lookup;
          return map([source, node.otherwise ?? nothing], (value, other) => {
            const result = value === null ? undefined : results.get(value);
            return result === undefined ? other! : result;
          });
        }
        const inputs = node.cases.flatMap((c) => [c.when, c.then ?? nothing]);
        return map([...inputs, node.otherwise ?? nothing], (...values) => {
          for (let i = 0; i + 1 < values.length; i += 2) if (values[i] === true) return values[i + 1]!;
          return values.at(-1)!;
        });
      }
      default:
        if ('left' in node) {
          const { kind } = node;
          return map([node.left, node.right], (left, right) => applyBinary(kind, left, right));
        }
        return map([node.source], (value) => applyUnary(node.kind, value));
    }
  };

  const evaluateAll = (roots: readonly Series[]): void => {
    for (const node of evaluationOrder(roots)) {
      if (isFrame(node)) continue;
      const isSetHere = node.kind !== 'combine_as_set' || sets.has(node);
      if (found(node) === undefined || !isSetHere) memo.set(node, evaluateNode(node));
    }
  };

  return {
    patients,
    prepare: evaluateAll,
    patientValues(series) {
      evaluateAll([series]);
      const values = valuesOf(series);
      return values.over === 'all' ? everyone.map(() => values.value) : values.values;
    },
    eventRows(columns, domain) {
      evaluateAll(columns);
      const values = columns.map(valuesOf);
      return byPatient(domain).map((rows) => rows.map((row) => values.map((v) => valueAt(v, domain.table, row))));
    },
    fork: (newTies) => makeEvaluator(load, patients, newTies, found),
  };
}
