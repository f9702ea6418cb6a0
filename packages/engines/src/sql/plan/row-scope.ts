// The rows of a table joined to what conditions on them need: code lists, of which several on one column are bits of one
// table, and patients' values.
import { typeOf, type Binary, type Series, type Table } from '@glovebox/language';
import type { Dialect } from '../dialect.js';
import {
  binary,
  call,
  column,
  either,
  exists,
  from,
  intLiteral,
  isNull,
  named,
  nullLiteral,
  select,
  type ExpressionNode,
  type FromNode,
} from '../tree/index.js';
import type { Atom } from './atoms.js';
import { longestInlineSet, sqlTypeOf, type Scope } from './compile.js';
import { operandOrder, operandsOf } from './graph.js';
import type { Leaf } from './layers.js';
import { conjunctsOf, tableOf } from './membership.js';
import type { MaskTable, Uploads } from './uploads.js';

/** Patients' values that rows are compared with: a stage, and the columns in which it has them. */
export interface PatientState {
  readonly name: string;
  readonly columns: ReadonlyMap<Series, string>;
}

export interface RowScope {
  readonly sources: readonly FromNode[];
  readonly leaves: readonly Leaf[];
  readonly bindings: ReadonlyMap<Series, (leaf: (name: string) => ExpressionNode) => ExpressionNode>;
  readonly longList: Scope['longList'];
  readonly isOfPatient: (node: Series) => boolean;
  /** Membership in a code list as a bit of a leaf. */
  readonly masked: ReadonlyMap<Series, { readonly leaf: string; readonly bit: bigint }>;
}

/** Whether any of the bits is set. */
export const hasAnyBit = (value: ExpressionNode, bits: bigint): ExpressionNode =>
  binary('<>', binary('&', value, intLiteral(bits)), intLiteral(0));

/**
 * The rows of a table joined to what their conditions need: code lists and patients' values.
 *
 * @param besideRows series that the relation has as columns of its own.
 */
export function rowScope(
  table: Table,
  relation: string,
  atoms: readonly Pick<Atom, 'member' | 'inputs'>[],
  state: PatientState | undefined,
  uploads: Uploads,
  besideRows?: ReadonlyMap<Series, string>,
  dialect?: Dialect,
): RowScope {
  const ofTable = (name: string, series: Series): ExpressionNode =>
    dialect?.text && sqlTypeOf(typeOf(series)) === 'str' ? dialect.text(column('t', name)) : column('t', name);
  const isOfPatient = (node: Series): boolean => !besideRows?.has(node) && state?.columns.has(node) === true;
  const roots = atoms.flatMap((atom) => (atom.member ? [atom.member, ...atom.inputs] : atom.inputs));
  const order = operandOrder(roots, (node) => besideRows?.has(node) === true || isOfPatient(node));
  const leaves = new Map<string, ExpressionNode>([['patient_id', column('t', 'patient_id')]]);
  const bindings = new Map<Series, (leaf: (name: string) => ExpressionNode) => ExpressionNode>();
  for (const node of order) {
    const beside = besideRows?.get(node);
    if (beside !== undefined) {
      leaves.set(`b_${beside}`, column('t', beside));
      bindings.set(node, (leaf) => leaf(`b_${beside}`));
    } else if (isOfPatient(node)) {
      const name = state!.columns.get(node)!;
      leaves.set(`s_${name}`, column('s', name));
      bindings.set(node, (leaf) => leaf(`s_${name}`));
    } else if (node.kind === 'select_column' && tableOf(node.source) === table) {
      leaves.set(`c_${node.name}`, ofTable(node.name, node));
      bindings.set(node, (leaf) => leaf(`c_${node.name}`));
    }
  }
  const masked = new Map<Series, { readonly leaf: string; readonly bit: bigint }>();
  const sources: FromNode[] = [from(named(relation), 't')];
  for (const [at, { columnName, mask, nodes, isRequired }] of maskJoins(order, bindings, atoms, uploads).entries()) {
    const alias = `m${at}`;
    const on = binary('=', leaves.get(`c_${columnName}`)!, column(alias, 'code'));
    sources.push(from(named(mask.name), alias, { type: isRequired ? 'inner' : 'left', on }));
    for (const bits of mask.columns) leaves.set(`${alias}_${bits}`, column(alias, bits));
    const exact = exactNodes(atoms, isOfPatient);
    for (const node of nodes) {
      const { column: bits, bit } = mask.bitOf.get(node.right as never)!;
      masked.set(node, { leaf: `${alias}_${bits}`, bit });
      bindings.set(node, (leaf) => {
        const bitsOf = leaf(`${alias}_${bits}`);
        if (!exact.has(node)) return hasAnyBit(bitsOf, bit);
        return either(
          isNull(leaf(`c_${columnName}`)),
          nullLiteral,
          hasAnyBit(call('coalesce', bitsOf, intLiteral(0)), bit),
        );
      });
    }
  }
  if (state) {
    sources.push(
      from(named(state.name), 's', {
        type: 'inner',
        on: binary('=', column('t', 'patient_id'), column('s', 'patient_id')),
      }),
    );
  }
  return {
    sources,
    leaves: [...leaves].map(([name, value]) => ({ name, value })),
    bindings,
    isOfPatient,
    masked,
    longList: longListOf(uploads),
  };
}

/** Membership in a set by a table of its values. */
export function longListOf(uploads: Uploads): Scope['longList'] {
  return (operand, node, set) => {
    if (set) {
      const isOfSet = binary('=', column('v', 'patient_id'), set);
      return exists(
        select({
          columns: [{ name: 'one', value: intLiteral(1) }],
          from: [from(named(uploads.setRows.get(node.right)!), 'v')],
          where: binary('and', isOfSet, binary('=', column('v', 'value'), operand)),
        }),
      );
    }
    if (node.right.kind !== 'value_set') throw new Error('a long list is a set of constants');
    const values = select({
      columns: [{ name: 'value', value: column('c', 'value') }],
      from: [from(named(uploads.list(node.right)), 'c')],
    });
    return { kind: 'in_query', operand, query: values };
  };
}

interface MaskJoin {
  readonly columnName: string;
  readonly mask: MaskTable;
  readonly nodes: readonly Binary[];
  /** No aggregation uses a row whose code is in none of the lists. */
  readonly isRequired: boolean;
}

/** Code lists tested on the same column become one join, when they are long together. */
function maskJoins(
  order: readonly Series[],
  bindings: ReadonlyMap<Series, unknown>,
  atoms: readonly Pick<Atom, 'member'>[],
  uploads: Uploads,
): readonly MaskJoin[] {
  const byColumn = new Map<string, Binary[]>();
  for (const node of order) {
    if (node.kind !== 'in' || node.right.kind !== 'value_set' || node.right.values.length === 0) continue;
    if (node.left.kind !== 'select_column' || !bindings.has(node.left)) continue;
    if (tableOf(node.left.source) === undefined || node.left.source.kind === 'pick') continue;
    byColumn.set(node.left.name, [...(byColumn.get(node.left.name) ?? []), node]);
  }
  const joins: MaskJoin[] = [];
  for (const [columnName, nodes] of byColumn) {
    const sets = [...new Set(nodes.map((node) => node.right as Extract<Series, { kind: 'value_set' }>))];
    if (sets.reduce((total, set) => total + set.values.length, 0) <= longestInlineSet) continue;
    const tested = new Set<Series>(nodes);
    const isRequired = atoms.every((atom) => conjunctsOf(atom.member).some((condition) => tested.has(condition)));
    joins.push({ columnName, mask: uploads.masks(sets), nodes, isRequired });
  }
  return joins;
}

/** Nodes of which it matters whether they are false or NULL; of the others only whether they are true. */
function exactNodes(
  atoms: readonly Pick<Atom, 'member' | 'inputs'>[],
  isLeaf: (node: Series) => boolean,
): ReadonlySet<Series> {
  const exact = new Set<Series>(atoms.flatMap((atom) => atom.inputs));
  const roots = atoms.flatMap((atom) => (atom.member ? [atom.member, ...atom.inputs] : atom.inputs));
  const parentsFirst = operandOrder(roots, isLeaf).toReversed();
  for (const node of parentsFirst) {
    if (isLeaf(node)) continue;
    if (node.kind === 'and' || node.kind === 'or') {
      if (exact.has(node)) for (const operand of operandsOf(node)) exact.add(operand);
    } else if (node.kind === 'case') {
      for (const { then } of node.cases) if (then) exact.add(then);
      if (node.otherwise) exact.add(node.otherwise);
    } else for (const operand of operandsOf(node)) exact.add(operand);
  }
  return exact;
}
