// One patient in the making: rows whose cells hold goals until a value is chosen. Steering tries one way of satisfying a
// condition after another, so every change can be undone.
import type { Column, Frame, Node, Nullable, Series, Table } from '@glovebox/language';
import { anything, accepts, meet, type Goal } from './goal.js';
import type { Draw } from './random.js';
import { dateOrder, usualGap } from './date-order.js';
import { dayNumber, isoDay } from './days.js';
import { baseGoal, chooseValue, isReachable, mayBeNull, type Lifetime } from './values.js';
import { columnKey, type Vocabulary } from './vocabulary.js';

export interface DraftRow {
  readonly table: string;
  readonly goals: Map<string, Goal>;
  readonly values: Map<string, Nullable>;
}

/** The columns that the definition uses, by table name; tables that it doesn't touch are absent. */
export type Schema = ReadonlyMap<string, { readonly rows: 'one' | 'many'; readonly columns: readonly Column[] }>;

/** Makes a series come out within a goal, as far as is known; false when no way was found, and then nothing has changed. */
export type Steer = (draft: Draft, series: Series, goal: Goal, row?: DraftRow) => boolean;

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
  /** What the rows made or ruled out so far make certain: an aggregation's value, or NULL of a pick that finds no row. */
  readonly settled = new Map<Node, Nullable>();
  /** How many more steps steering may take; a definition can be too tangled to steer. */
  budget = 4000;
  readonly #trail: (() => void)[] = [];
  readonly #steer: Steer;

  constructor(id: bigint, draw: Draw, schema: Schema, vocabulary: Vocabulary, steer: Steer) {
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
    return this.rows.get(table) ?? [];
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
    return row.goals.get(column) ?? baseGoal(row.table, column);
  }

  /** Leaves the column only the values that the goal accepts too; false when none is left. */
  narrow(row: DraftRow, column: string, goal: Goal): boolean {
    const value = row.values.get(column);
    if (value !== undefined) return accepts(goal, value);
    const before = row.goals.get(column);
    const after = meet(this.goalOf(row, column), goal);
    if (!after || !(after.mayBeNull || isReachable(row.table, column, after))) return false;
    if (after === before) return true;
    row.goals.set(column, after);
    this.#trail.push(() => (before ? row.goals.set(column, before) : row.goals.delete(column)));
    return true;
  }

  /** Chooses the column's value now; undefined when no value fits its goals. */
  decide(row: DraftRow, name: string): Nullable | undefined {
    const known = row.values.get(name);
    if (known !== undefined) return known;
    const column = this.schema.get(row.table)?.columns.find((c) => c.name === name);
    if (!column) return null;
    if (column.type === 'date') this.#orderDates(row, name);
    const life = this.#lifetime(row.table, name);
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

  /** Of two dates in an order, the earlier is chosen first and leaves the later room, unless a goal pins down the later. */
  #orderDates(row: DraftRow, name: string): void {
    const columns = this.schema.get(row.table)?.columns ?? [];
    const { earlier, later } = dateOrder(row.table, name);
    const isThere = (other: string): boolean => columns.some((column) => column.name === other);
    const isPinned = (column: string, by: string): boolean =>
      this.goalOf(row, by).low !== undefined && !row.goals.has(column) && mayBeNull(row.table, column);
    for (const other of later) {
      if (!isThere(other)) continue;
      const date = isPinned(name, other) ? this.decide(row, other) : row.values.get(other);
      if (typeof date === 'string') this.narrow(row, name, { ...anything, high: date });
    }
    for (const other of earlier) {
      if (!isThere(other) || (!row.values.has(other) && isPinned(other, name))) continue;
      const { high } = this.goalOf(row, name);
      if (high !== undefined) this.narrow(row, other, { ...anything, high });
      const date = this.decide(row, other);
      if (typeof date === 'string') this.narrow(row, name, { ...anything, low: date });
    }
  }

  /** A day as far from the date before or after it in the same row as such dates usually are. */
  #nearDate(row: DraftRow, name: string): string | undefined {
    const { earlier, later } = dateOrder(row.table, name);
    const dates = (names: readonly string[]): string[] =>
      names.map((other) => row.values.get(other)).filter((date) => typeof date === 'string');
    const before = dates(earlier).sort().at(-1);
    const after = before === undefined ? dates(later).sort()[0] : undefined;
    const mean = usualGap(row.table, before === undefined ? (later[0] ?? name) : name);
    if ((before ?? after) === undefined || mean === undefined) return undefined;
    const gap = this.draw.geometric(mean);
    return isoDay(before !== undefined ? dayNumber(before) + gap : dayNumber(after!) - gap);
  }

  #lifetime(table: string, column: string): Lifetime {
    const { horizon } = this.vocabulary;
    const year = Number(horizon.slice(0, 4));
    if (table === 'patients' && column === 'date_of_birth') return this.#birth(year);
    const columns = new Set(this.schema.get('patients')?.columns.map((c) => c.name));
    const person = this.rowsOf('patients')[0] ?? this.addRow('patients');
    const born = person && columns.has('date_of_birth') ? this.decide(person, 'date_of_birth') : undefined;
    const isDeath = table === 'patients' && column === 'date_of_death';
    const known = person && columns.has('date_of_death') && !isDeath ? this.decide(person, 'date_of_death') : undefined;
    const died = known ?? this.#registeredDeath(table);
    return {
      from: typeof born === 'string' ? born : `${year - 40}-01-01`,
      to: typeof died === 'string' ? died : horizon,
    };
  }

  /** A year to be born in, by how many people there are of each age, as far as a goal leaves it open. */
  #birth(year: number): Lifetime {
    const [person] = this.rowsOf('patients');
    const { low, high } = person ? this.goalOf(person, 'date_of_birth') : anything;
    for (let attempt = 0; attempt < 12; attempt++) {
      const age = this.vocabulary.isLegacy
        ? this.draw.below(120)
        : Math.floor(Math.abs(this.draw.uniform() + this.draw.uniform() - 0.75) * 76);
      const life = { from: `${year - age - 2}-01-01`, to: `${year - age - 1}-12-31` };
      if ((high === undefined || life.from <= high) && (low === undefined || life.to >= low)) return life;
    }
    if (typeof high !== 'string')
      return { from: typeof low === 'string' ? low : `${year - 40}-01-01`, to: `${year}-12-31` };
    const earliest = `${String(Number(high.slice(0, 4)) - 20).padStart(4, '0')}-01-01`;
    return { from: typeof low === 'string' && low > earliest ? low : earliest, to: high };
  }

  /** The date in the register of deaths, when the patient is in it already. */
  #registeredDeath(table: string): Nullable | undefined {
    const row = table === 'ons_deaths' || table === 'patients' ? undefined : this.rowsOf('ons_deaths')[0];
    const hasDate = this.schema.get('ons_deaths')?.columns.some(({ name }) => name === 'date');
    return row && hasDate ? this.decide(row, 'date') : undefined;
  }

  lists(table: string, column: string): number {
    return this.vocabulary.lists.get(columnKey(table, column))?.length ?? 0;
  }
}
