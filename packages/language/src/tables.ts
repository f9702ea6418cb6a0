// The facts of the tables that studies import, from `../tables/tables.json`. Permissions come from here by the table's
// name and never from a definition, which could claim anything.
import { readFileSync } from 'node:fs';
import type { Column, ColumnConstraint, SeriesType } from './model/nodes.js';

export interface ColumnFacts {
  readonly name: string;
  readonly type: SeriesType;
  readonly categories?: readonly string[];
  /** True of real data. */
  readonly constraints?: readonly ColumnConstraint[];
  /** Only steer the generation of dummy data. */
  readonly dummy_data_constraints?: readonly ColumnConstraint[];
}

export interface TableFacts {
  /** As in queries, input files and test data. */
  readonly name: string;
  readonly rows: 'one' | 'many';
  readonly permission: string | null;
  readonly activation_filter: 'never' | 'in_backend' | { readonly column: string };
  readonly columns: readonly ColumnFacts[];
}

export interface TableCatalogue {
  /** Namespace, then the backends that have all its tables. */
  readonly backends: Readonly<Record<string, readonly string[]>>;
  /** Namespace, then the name that studies import, then a key of `tables`. */
  readonly namespaces: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly tables: Readonly<Record<string, TableFacts>>;
}

let loaded: TableCatalogue | undefined;

/** Every table, read once. The file is part of this package and checked against the Python modules by a test. */
export function tableCatalogue(): TableCatalogue {
  loaded ??= JSON.parse(readFileSync(new URL('../tables/tables.json', import.meta.url), 'utf8')) as TableCatalogue;
  return loaded;
}

/** The tables that have this name in queries; several namespaces may each have one. */
export function tablesNamed(name: string): readonly TableFacts[] {
  return Object.values(tableCatalogue().tables).filter((table) => table.name === name);
}

/**
 * The permission that reading the table of this name takes, if any. Some databases find a table whatever the case of the
 * letters that a definition asks with, so every spelling takes it.
 */
export function permissionFor(tableName: string): string | undefined {
  const name = tableName.toLowerCase();
  const tables = Object.values(tableCatalogue().tables).filter((table) => table.name.toLowerCase() === name);
  return tables.find((table) => table.permission !== null)?.permission ?? undefined;
}

/**
 * What is promised of the real values of a column: what the study says of a table that it declares itself, else the facts
 * of the first table of the name with such a column.
 */
export function constraintsOf(table: string, { name, type, constraints }: Column): readonly ColumnConstraint[] {
  if (constraints) return constraints;
  const facts = tablesNamed(table).flatMap(({ columns }) => columns);
  return facts.find((column) => column.name === name && column.type === type)?.constraints ?? [];
}
