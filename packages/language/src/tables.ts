// The facts of the tables that studies import, from `../tables/tables.json`. Permissions come from here by the table's
// name and never from a definition, which could claim anything.
import { readFileSync } from 'node:fs';
import type { SeriesType } from './model/nodes.js';

/** What holds for the values of a column; `kind` names the rule, the other fields are its parameters. */
export type ColumnConstraint =
  | { readonly kind: 'NotNull' | 'Unique' | 'FirstOfMonth' }
  | { readonly kind: 'Categorical'; readonly values: readonly string[] }
  | { readonly kind: 'Regex'; readonly regex: string }
  | { readonly kind: 'ClosedRange'; readonly minimum: number; readonly maximum: number; readonly step: number }
  | {
      readonly kind: 'GeneralRange';
      readonly minimum: string | number | null;
      readonly maximum: string | number | null;
      readonly includes_minimum: boolean;
      readonly includes_maximum: boolean;
    }
  | { readonly kind: 'DateAfter'; readonly column_names: readonly string[] };

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

/** The permission that reading the table of this name takes, if any. */
export function permissionFor(tableName: string): string | undefined {
  return tablesNamed(tableName).find((table) => table.permission !== null)?.permission ?? undefined;
}
