// Which of the patients in the making belong, and their rows as tables.
import { evaluator, type Row, type Tables } from '@glovebox/engines';
import { columnsUsed, tieBreaks, type Column, type Nullable, type Series } from '@glovebox/language';
import type { Draft, Schema } from './draft.js';
import type { Targets } from './targets.js';

/** A finished patient: its rows, table by table in the order of the schema. */
export interface Member {
  readonly id: bigint;
  readonly rows: readonly (readonly Row[])[];
}

export function schemaOf(roots: readonly Series[]): Schema {
  const schema = new Map<string, { rows: 'one' | 'many'; columns: Column[] }>();
  for (const [table, names] of columnsUsed(roots)) {
    const found = schema.get(table.name) ?? { rows: table.rows, columns: [] };
    const known = new Set(found.columns.map((column) => column.name));
    found.columns.push(...table.columns.filter(({ name }) => names.includes(name) && !known.has(name)));
    schema.set(table.name, found);
  }
  return new Map([...schema].sort(([a], [b]) => Number(b === 'patients') - Number(a === 'patients')));
}

export function finished(draft: Draft): Member {
  const rows = [...draft.schema].map(([name, { columns }]) =>
    draft
      .rowsOf(name)
      .map((row): Row => [draft.id, ...columns.map((column): Nullable => row.values.get(column.name) ?? null)]),
  );
  return { id: draft.id, rows };
}

/** @param members in the order that their rows are to have */
export function toTables(schema: Schema, members: readonly Member[]): Tables {
  return new Map(
    [...schema].map(([name, { columns }], at) => [name, { columns, rows: members.flatMap(({ rows }) => rows[at]!) }]),
  );
}

/** The patients, by ascending id, for whom the reference engine finds the condition true. */
export function membersOf(
  targets: Targets,
  condition: Series,
  schema: Schema,
  candidates: readonly Member[],
): readonly Member[] {
  const inOrder = [...candidates].sort(byId);
  const ties = tieBreaks([targets.population, ...targets.wishes.flat()]);
  const ids = inOrder.map(({ id }) => id);
  const values = evaluator(toTables(schema, inOrder), ids, ties).patientValues(condition);
  return inOrder.filter((_, index) => values[index] === true);
}

export const byId = (a: Member, b: Member): number => (a.id < b.id ? -1 : 1);
