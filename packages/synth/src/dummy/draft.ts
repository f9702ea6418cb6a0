// One patient in the making: rows whose cells hold goals until a value is chosen. Steering tries one way of satisfying a
// condition after another, so every change can be undone.
import type { Column, Frame, Node, Nullable, Scalar, Series, Table } from '@glovebox/language';
import { baseGoal, isReachable, mayBeNull, type Constrained } from './column-rules.js';
import { anything, accepts, meet, type Goal } from './goal.js';
import type { Draw } from './random.js';
import { dateOrder, usualGap } from './date-order.js';
import { dayNumber, isoDay } from './days.js';
import { knownLife, lifetimeFor } from './lifetime.js';
import { chooseValue, nullShare } from './values.js';
import { baseTable, type Vocabulary } from './vocabulary.js';

export interface DraftRow {
  readonly table: string;
  readonly goals: Map<string, Goal>;
  readonly values: Map<string, Nullable>;
}

/** The columns that the definition uses, by table name; tables that it doesn't touch are absent. */
export type Schema = ReadonlyMap<string, { readonly rows: 'one' | 'many'; readonly columns: readonly Column[] }>;

/** Makes a series come out within a goal, as far as is known; false when no way was found, and then nothing has changed. */
export type Steer = (draft: Draft, series: Series, goal: Goal, row?: DraftRow) => boolean;

const anyDay = { from: '', to: '' };

const noColumns: readonly Column[] = [];
const noRows: readonly DraftRow[] = [];

export class Draft {
  readonly id: bigint;
  readonly draw: Draw;
  readonly schema: Schema;
  readonly vocabulary: Vocabulary;
  readonly rows = new Map<string, DraftRow[]>();
  /** Tables that must have no rows. */
  readonly absent = new Set<string>();
  /** Conditions that no row of a table may all satisfy. */
  readonly avoided = new Map<string, (readonly Series[])[]>();
  /** The row that stands for a picked frame. */
  readonly picked = new Map<Frame, DraftRow>();
  /** Rows that are being matched with filters: what these compare them with is another row. */
  readonly inTheMaking = new Set<DraftRow>();
  /** Picked frames that were made to find their row. */
  readonly certain = new Set<Frame>();
  /** What the rows made or ruled out so far make certain: an aggregation's value, or NULL of a pick that finds no row. */
  readonly settled = new Map<Node, Nullable>();
  /** Whether dates must lie within the patient's life, even where that leaves no way to satisfy a condition. */
  readonly isPlausible: boolean;
  /** How many more steps steering may take; a definition can be too tangled to steer. */
  budget = 4000;
  readonly #trail: (() => void)[] = [];
  readonly #steer: Steer;

  constructor(id: bigint, draw: Draw, schema: Schema, vocabulary: Vocabulary, steer: Steer, isPlausible = true) {
    this.isPlausible = isPlausible;
    this.id = id;
    this.draw = draw;
    this.schema = schema;
    this.vocabulary = vocabulary;
    this.#steer = steer;
  }

  /** Given from outside, since what steers uses what adds rows, which steers. */
  steer(series: Series, goal: Goal, row?: DraftRow): boolean {
    return this.#steer(this, series, goal, row);
  }

  /** Goes the first of the ways that works, in any order. */
  anyOf(ways: readonly (() => boolean)[]): boolean {
    return this.draw.shuffled(ways).some((way) => this.attempt(way));
  }

  /** Undoes what the try changed when it fails. */
  attempt(tryIt: () => boolean): boolean {
    const mark = this.#trail.length;
    if (tryIt()) return true;
    while (this.#trail.length > mark) this.#trail.pop()!();
    return false;
  }

  rowsOf(table: string): readonly DraftRow[] {
    return this.rows.get(table) ?? noRows;
  }

  addRow(table: string): DraftRow | undefined {
    const schema = this.schema.get(table);
    const rows = this.rows.get(table) ?? [];
    if (!schema || this.absent.has(table) || (schema.rows === 'one' && rows.length > 0)) return undefined;
    const row: DraftRow = { table, goals: new Map(), values: new Map() };
    this.rows.set(table, [...rows, row]);
    this.#trail.push(() => this.rows.set(table, rows));
    return row;
  }

  /** The row of a table with one row a patient, made when there is none yet. */
  onlyRow(table: Table): DraftRow | undefined {
    return this.rowsOf(table.name)[0] ?? this.addRow(table.name);
  }

  removeAll(table: string): boolean {
    if (this.rowsOf(table).length > 0) return false;
    if (!this.absent.has(table)) {
      this.absent.add(table);
      this.#trail.push(() => this.absent.delete(table));
    }
    return true;
  }

  avoid(table: string, conditions: readonly Series[]): void {
    const before = this.avoided.get(table) ?? [];
    this.avoided.set(table, [...before, conditions]);
    this.#trail.push(() => this.avoided.set(table, before));
  }

  pick(frame: Frame, row: DraftRow): void {
    this.picked.set(frame, row);
    this.#trail.push(() => this.picked.delete(frame));
  }

  settle(node: Node, value: Nullable): void {
    if (this.settled.has(node)) return;
    this.settled.set(node, value);
    this.#trail.push(() => this.settled.delete(node));
  }

  goalOf(row: DraftRow, column: string): Goal {
    return row.goals.get(column) ?? baseGoal(row.table, this.#constrained(row.table, column));
  }

  /** Leaves the column only the values that the goal accepts too; false when none is left. */
  narrow(row: DraftRow, column: string, goal: Goal): boolean {
    const value = row.values.get(column);
    if (value !== undefined) return accepts(goal, value);
    const before = row.goals.get(column);
    const met = meet(this.goalOf(row, column), goal);
    const isDate = this.#column(row.table, column)?.type === 'date';
    const after = met && isDate ? this.#inOrder(row, column, met) : met;
    if (!after || !(after.mayBeNull || isReachable(row.table, this.#constrained(row.table, column), after)))
      return false;
    if (after === before) return true;
    row.goals.set(column, after);
    this.#trail.push(() => (before ? row.goals.set(column, before) : row.goals.delete(column)));
    return true;
  }

  /** Chooses the column's value now; undefined when no value fits its goals. */
  decide(row: DraftRow, name: string): Nullable | undefined {
    const known = row.values.get(name);
    if (known !== undefined) return known;
    const column = this.#column(row.table, name);
    if (!column) return null;
    if (column.type === 'date' && !this.#orderDates(row, name)) return undefined;
    const life = column.type === 'date' ? lifetimeFor(this, row, name) : anyDay;
    const goal = this.goalOf(row, name);
    let value = chooseValue(row.table, column, goal, life, this.vocabulary, this.draw);
    if (value === undefined) return undefined;
    if (typeof value === 'string' && column.type === 'date') {
      const near = this.#nearDate(row, name);
      if (near !== undefined && near >= life.from && near <= life.to && accepts(goal, near)) value = near;
    }
    row.values.set(name, value);
    this.#trail.push(() => row.values.delete(name));
    return value;
  }

  #column(table: string, name: string): Column | undefined {
    return this.#columns(table).find((column) => column.name === name);
  }

  #columns(table: string): readonly Column[] {
    return this.schema.get(table)?.columns ?? noColumns;
  }

  /** A column that the definition doesn't read has the constraints of its namesake in the catalogue. */
  #constrained(table: string, name: string): Constrained {
    return this.#column(table, name) ?? { name };
  }

  /** What is left of a goal beside the dates that come before and after in the same row. */
  #inOrder(row: DraftRow, name: string, goal: Goal): Goal | undefined {
    const { earlier, later } = dateOrder(row.table, name, this.#columns(row.table));
    let left: Goal | undefined = goal;
    const bound = (other: string, side: 'low' | 'high'): Scalar | undefined => {
      const value = row.values.get(other);
      if (value !== undefined) return value ?? undefined;
      const asked = this.goalOf(row, other);
      return asked.mayBeNull ? undefined : asked[side];
    };
    for (const other of earlier) {
      const low = bound(other, 'low');
      if (left && low !== undefined) left = meet(left, { ...anything, low });
    }
    for (const other of later) {
      const high = bound(other, 'high');
      if (left && high !== undefined) left = meet(left, { ...anything, high });
    }
    if (!this.isPlausible || !left) return left;
    const { from: low, to: high } = knownLife(this, row.table, name);
    if (low !== undefined) left = meet(left, { ...anything, low });
    return left && high !== undefined ? meet(left, { ...anything, high }) : left;
  }

  /**
   * Of two dates in an order, the earlier is chosen first and leaves the later room, unless a goal pins down the later.
   * False when there is no room.
   */
  #orderDates(row: DraftRow, name: string): boolean {
    const columns = this.#columns(row.table);
    const { earlier, later } = dateOrder(row.table, name, this.#columns(row.table));
    const isThere = (other: string): boolean => columns.some((column) => column.name === other);
    const isPinned = (column: string, by: string): boolean =>
      row.goals.get(by)?.low !== undefined &&
      !row.goals.has(column) &&
      mayBeNull(row.table, this.#constrained(row.table, column));
    for (const other of later) {
      if (!isThere(other)) continue;
      const date = isPinned(name, other) ? this.decide(row, other) : row.values.get(other);
      if (typeof date === 'string' && !this.narrow(row, name, { ...anything, high: date })) return false;
    }
    for (const other of earlier) {
      if (!isThere(other) || (!row.values.has(other) && isPinned(other, name))) continue;
      const { high } = this.goalOf(row, name);
      if (high !== undefined) this.narrow(row, other, { ...anything, high });
      const date = this.decide(row, other);
      if (typeof date === 'string' && !this.narrow(row, name, { ...anything, low: date })) return false;
    }
    return true;
  }

  /** A day as far from the date before or after it in the same row as such dates usually are. */
  #nearDate(row: DraftRow, name: string): string | undefined {
    const { earlier, later } = dateOrder(row.table, name, this.#columns(row.table));
    const dates = (names: readonly string[]): string[] =>
      names.map((other) => row.values.get(other)).filter((date) => typeof date === 'string');
    const before = dates(earlier).sort().at(-1);
    const after = before === undefined ? dates(later).sort()[0] : undefined;
    const mean = usualGap(row.table, before === undefined ? (later[0] ?? name) : name);
    if ((before ?? after) === undefined || mean === undefined) return undefined;
    const gap = this.draw.geometric(mean);
    return isoDay(before !== undefined ? dayNumber(before) + gap : dayNumber(after!) - gap);
  }

  /** How often a column is NULL when nothing is asked of it. */
  nullShare({ source, name }: Series & { kind: 'select_column' }): number {
    const table = baseTable(source);
    const column =
      table.kind === 'table' ? this.schema.get(table.name)?.columns.find((c) => c.name === name) : undefined;
    return column && table.kind === 'table' ? nullShare(table.name, column, this.vocabulary.isLegacy) : 0;
  }
}
