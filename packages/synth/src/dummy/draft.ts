// One patient in the making: rows whose cells hold goals until a value is chosen. Steering tries one way of satisfying a
// condition after another, so every change can be undone.
import type { Column, Frame, Nullable, Series, Table } from '@glovebox/language';
import { anything, accepts, isPresent, meet, type Goal } from './goal.js';
import type { Draw } from './random.js';
import { chooseValue, constraintsOf, mayBeNull, type Lifetime } from './values.js';
import { columnKey, type Vocabulary } from './vocabulary.js';

export interface DraftRow {
  readonly table: string;
  readonly goals: Map<string, Goal>;
  readonly values: Map<string, Nullable>;
}

/** The columns that the definition uses, by table name; tables that it doesn't touch are absent. */
export type Schema = ReadonlyMap<string, { readonly rows: 'one' | 'many'; readonly columns: readonly Column[] }>;

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
  /** How many more steps steering may take; a definition can be too tangled to steer. */
  budget = 4000;
  readonly #trail: (() => void)[] = [];

  constructor(id: bigint, draw: Draw, schema: Schema, vocabulary: Vocabulary) {
    this.id = id;
    this.draw = draw;
    this.schema = schema;
    this.vocabulary = vocabulary;
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

  goalOf(row: DraftRow, column: string): Goal {
    return row.goals.get(column) ?? (mayBeNull(row.table, column) ? anything : isPresent);
  }

  /** Leaves the column only the values that the goal accepts too; false when none is left. */
  narrow(row: DraftRow, column: string, goal: Goal): boolean {
    const value = row.values.get(column);
    if (value !== undefined) return accepts(goal, value);
    const before = row.goals.get(column);
    const after = meet(this.goalOf(row, column), goal);
    if (!after) return false;
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
    this.#decideEarlierDates(row, name);
    const life = this.#lifetime(row.table, name);
    const value = chooseValue(row.table, column, this.goalOf(row, name), life, this.vocabulary, this.draw);
    if (value === undefined) return undefined;
    row.values.set(name, value);
    this.#trail.push(() => row.values.delete(name));
    return value;
  }

  /** Columns that a date has to follow are chosen first, early enough to leave it room. */
  #decideEarlierDates(row: DraftRow, name: string): void {
    const after = constraintsOf(row.table, name).find((constraint) => constraint.kind === 'DateAfter');
    const earlier = after?.kind === 'DateAfter' ? after.column_names : name === 'end_date' ? ['start_date'] : [];
    const known = new Set(this.schema.get(row.table)?.columns.map((column) => column.name));
    for (const other of earlier) {
      if (!known.has(other)) continue;
      const { high } = this.goalOf(row, name);
      if (high !== undefined) this.narrow(row, other, { ...anything, high });
      const date = this.decide(row, other);
      if (typeof date === 'string') this.narrow(row, name, { ...anything, low: date });
    }
  }

  #lifetime(table: string, column: string): Lifetime {
    const { horizon } = this.vocabulary;
    const year = Number(horizon.slice(0, 4));
    if (table === 'patients' && column === 'date_of_birth') {
      const age = Math.floor(Math.abs(this.draw.uniform() + this.draw.uniform() - 0.75) * 76);
      return { from: `${year - age - 2}-01-01`, to: `${year - age - 1}-12-31` };
    }
    const columns = new Set(this.schema.get('patients')?.columns.map((c) => c.name));
    const person = this.rowsOf('patients')[0] ?? this.addRow('patients');
    const born = person && columns.has('date_of_birth') ? this.decide(person, 'date_of_birth') : undefined;
    const isDeath = table === 'patients' && column === 'date_of_death';
    const died = person && columns.has('date_of_death') && !isDeath ? this.decide(person, 'date_of_death') : undefined;
    return {
      from: typeof born === 'string' ? born : `${year - 40}-01-01`,
      to: typeof died === 'string' ? died : horizon,
    };
  }

  lists(table: string, column: string): number {
    return this.vocabulary.lists.get(columnKey(table, column))?.length ?? 0;
  }
}
