// The values of patients: one row each, from the patients to start with, the tables of one row a patient and the scans
// that are done.
import { tablesUnder, typeOf, type Series } from '@glovebox/language';
import type { Dialect } from '../dialect.js';
import {
  binary,
  boolLiteral,
  cast,
  column,
  from,
  intLiteral,
  isNotNull,
  named,
  nullLiteral,
  select,
  union,
  type ExpressionNode,
  type FromNode,
  type StageNode,
} from '../tree/index.js';
import { operandOrder } from './graph.js';
import { layered, type Layered, type Leaf } from './layers.js';
import { longListOf, type PatientState } from './row-scope.js';
import { sqlTypeOf } from './compile.js';
import { impliesRowIn, sourceOf, type SourceTable } from './universe.js';
import type { Names } from './names.js';
import { inlineColumn, type Uploads } from './uploads.js';

/** A result of a scan: the stage that has it, and how it follows from the stage's columns. */
export interface ScanResult {
  readonly stage: string;
  value(column: (name: string) => ExpressionNode): ExpressionNode;
}

/** The patients to start with. */
export interface Start {
  readonly relation: string;
  /** The table that it is, when it is one. */
  readonly table: SourceTable | undefined;
  /** Few patients: worth restricting scans to. */
  readonly isSmall: boolean;
  readonly stage: StageNode | undefined;
}

const relationOf = (table: SourceTable, uploads: Uploads): string =>
  table.kind === 'table' ? table.name : uploads.inline(table);

/** The smallest set of patients that surely holds the population. */
export function startOf(
  population: Series,
  universeTables: readonly SourceTable[],
  uploads: Uploads,
  names: Names,
): Start {
  const used = tablesUnder([population]);
  const candidates: SourceTable[] = [...used.inlineTables, ...used.tables];
  const implied = candidates.filter((table) => impliesRowIn(population, table));
  const single =
    implied.find((t) => t.kind === 'inline_table') ?? implied.find((t) => t.kind === 'table' && t.rows === 'one');
  if (single) {
    return {
      relation: relationOf(single, uploads),
      table: single,
      isSmall: single.kind === 'inline_table',
      stage: undefined,
    };
  }
  const tables = implied.length > 0 ? [implied[0]!] : universeTables;
  const ids = tables.map((table) =>
    select({
      distinct: tables.length === 1,
      columns: [{ name: 'patient_id', value: column('t', 'patient_id') }],
      from: [from(named(relationOf(table, uploads)), 't')],
    }),
  );
  const nobody = select({
    columns: [{ name: 'patient_id', value: cast(nullLiteral, 'int') }],
    where: binary('=', intLiteral(1), intLiteral(0)),
  });
  const name = names('patient_ids');
  const query = ids.length === 0 ? nobody : ids.length === 1 ? ids[0]! : union(ids);
  return { relation: name, table: undefined, isSmall: false, stage: { name, query } };
}

export interface PatientInput {
  readonly roots: readonly Series[];
  readonly start: Start;
  readonly state: PatientState | undefined;
  readonly results: ReadonlyMap<Series, ScanResult>;
  readonly dialect: Dialect;
  readonly uploads: Uploads;
}

/** One row a patient, from which the roots can be compiled; the leaf `patient_id` is there too. */
export function patientLayers(input: PatientInput): Layered {
  const { roots, start, state, results, dialect, uploads } = input;
  const base = state?.name ?? start.relation;
  const leaves = new Map<string, ExpressionNode>([['patient_id', column('p', 'patient_id')]]);
  const bindings = new Map<Series, (leaf: (name: string) => ExpressionNode) => ExpressionNode>();
  const sources: FromNode[] = [from(named(base), 'p')];
  const aliases = new Map<string, string>();
  /** The alias of a relation, joined when first needed. */
  const aliasOf = (relation: string): string => {
    if (!state && relation === base) return 'p';
    let alias = aliases.get(relation);
    if (alias === undefined) {
      alias = `j${aliases.size}`;
      aliases.set(relation, alias);
      const on = binary('=', column('p', 'patient_id'), column(alias, 'patient_id'));
      sources.push(from(named(relation), alias, { type: 'left', on }));
    }
    return alias;
  };
  const leafFor = (relation: string, name: string): string => {
    const alias = aliasOf(relation);
    const leaf = `${alias}_${name}`;
    leaves.set(leaf, column(alias, name));
    return leaf;
  };
  const isGiven = (node: Series): boolean => state?.columns.has(node) === true;
  for (const node of operandOrder(roots, isGiven)) {
    const given = state?.columns.get(node);
    const result = results.get(node);
    if (given !== undefined) {
      leaves.set(`p_${given}`, column('p', given));
      bindings.set(node, (leaf) => leaf(`p_${given}`));
    } else if (result) {
      // Naming the columns here makes them leaves; naming them again later finds them.
      result.value((name) => column(undefined, leafFor(result.stage, name)));
      bindings.set(node, (leaf) => result.value((name) => leaf(leafFor(result.stage, name))));
    } else if (node.kind === 'select_column') {
      const source = sourceOf(node.source);
      const name = source.kind === 'inline_table' ? inlineColumn(source, node.name) : node.name;
      const leafName = leafFor(relationOf(source, uploads), name);
      const isText = sqlTypeOf(typeOf(node)) === 'str';
      if (isText && dialect.text) leaves.set(leafName, dialect.text(leaves.get(leafName)!));
      bindings.set(node, (leaf) => leaf(leafName));
    } else if (node.kind === 'exists' || node.kind === 'count') {
      const relation = relationOf(sourceOf(node.source), uploads);
      const leafName = leafFor(relation, 'patient_id');
      const isThere = (leaf: (name: string) => ExpressionNode): ExpressionNode =>
        !state && relation === base ? boolLiteral(true) : isNotNull(leaf(leafName));
      bindings.set(
        node,
        node.kind === 'exists' ? isThere : (leaf) => dialect.primitives.conditionToInteger(isThere(leaf)),
      );
    }
  }
  const all: Leaf[] = [...leaves].map(([name, value]) => ({ name, value }));
  return layered({ dialect, sources, leaves: all, bindings, longList: longListOf(uploads), roots, alias: 'l' });
}
