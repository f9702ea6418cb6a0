// One pass over a table that computes every aggregation on it at once, one row a patient. Rows that no aggregation could
// use are dropped first, as far as that can be told from the row and the code lists alone, so that the patients' values
// are only looked up for the rest.
import { typeOf, type Binary, type Series, type Table } from '@glovebox/language';
import type { Dialect } from '../dialect.js';
import {
  binary,
  boolLiteral,
  call,
  cast,
  chain,
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
  type StageNode,
} from '../tree/index.js';
import type { Atom } from './atoms.js';
import { compile, longestInlineSet, sqlTypeOf, type Scope } from './compile.js';
import { operandOrder, operandsOf } from './graph.js';
import { layered, type Leaf } from './layers.js';
import { conjunctsOf, isConjunction, tableOf } from './membership.js';
import type { Names } from './names.js';
import { scannedRows } from './scanned-rows.js';
import type { MaskTable, Uploads } from './uploads.js';

/** Patients' values that rows are compared with: a stage, and the columns in which it has them. */
export interface PatientState {
  readonly name: string;
  readonly columns: ReadonlyMap<Series, string>;
}

export interface ScanInput {
  readonly name: string;
  readonly table: Table;
  /** Where its rows are. */
  readonly relation: string;
  readonly atoms: readonly Atom[];
  /** Only patients of this stage are scanned; undefined for all. */
  readonly state: PatientState | undefined;
  /** Series that are columns of the relation beside those of the table. */
  readonly besideRows?: ReadonlyMap<Series, string> | undefined;
  readonly dialect: Dialect;
  readonly uploads: Uploads;
  readonly names: Names;
}

export interface Scan {
  /** The last of them has a row for each patient, unless they end with the values of sets. */
  readonly stages: readonly StageNode[];
  /** How to read each of an atom's columns from the stage's. */
  readonly readerOf: ReadonlyMap<Atom, Reader>;
}

type Reader = (part: string, column: (name: string) => ExpressionNode) => ExpressionNode;

/** How large a condition may be to be tested before anything else; larger ones are computed once, as columns. */
const largestPrefilter = 12;

export function scanStages(input: ScanInput): Scan {
  const { name, table, relation, atoms, state, dialect, uploads } = input;
  const rows = rowScope(table, relation, atoms, state, uploads, input.besideRows, dialect);
  const members = atoms.flatMap((atom) => (atom.member ? [atom.member] : []));
  const roots = [...atoms.flatMap((atom) => atom.inputs), ...members];
  const layers = layered({
    dialect,
    sources: rows.sources,
    where: prefilter(atoms, rows, dialect),
    leaves: rows.leaves,
    bindings: rows.bindings,
    longList: rows.longList,
    // Asked for twice, so that windows and aggregates have them as columns.
    roots: dialect.picks === 'windows' ? [...roots, ...roots] : roots,
    alias: 'r',
  });
  const rowsRead = scannedRows({ ...input, roots, layers });
  const readerOf = new Map<Atom, Reader>();
  const flags = atoms.filter((atom) => atom.isExistence && atom.member !== undefined);
  const isFlag = new Set(flags.length < fewestFlags || !dialect.primitives.anyBits ? [] : flags);
  const columns = atoms
    .filter((atom) => !isFlag.has(atom))
    .flatMap((atom, at) => {
      const filter = atom.member && rowsRead.of(atom.member);
      const nameOf = (part: string): string => `a${at}_${part}`;
      readerOf.set(atom, (part, of) => of(nameOf(part)));
      return atom
        .columns(rowsRead.of, filter, dialect, rowsRead.row(atom))
        .map((part) => ({ name: nameOf(part.name), value: part.value }));
    });
  const packed = flagColumns(
    [...isFlag].map((atom) => ({ atom, condition: rowsRead.of(atom.member!) })),
    readerOf,
    dialect,
  );
  const patient = rowsRead.patientId;
  const query = select({
    columns: [{ name: 'patient_id', value: patient }, ...columns, ...packed],
    from: rowsRead.from,
    where: rowsRead.where,
    groupBy: [patient],
  });
  return { stages: [...rowsRead.before, { name, query }, ...rowsRead.sets], readerOf };
}

/** From so many questions whether any row meets a condition, their answers are bits of one aggregate. */
const fewestFlags = 3;
const bitsPerColumn = 62;

function flagColumns(
  flags: readonly { readonly atom: Atom; readonly condition: ExpressionNode }[],
  readerOf: Map<Atom, Reader>,
  { primitives }: Dialect,
): readonly { readonly name: string; readonly value: ExpressionNode }[] {
  const columns: { readonly name: string; readonly value: ExpressionNode }[] = [];
  for (let start = 0; start < flags.length; start += bitsPerColumn) {
    const name = `flags${columns.length}`;
    const bits = flags.slice(start, start + bitsPerColumn).map(({ atom, condition }, at) => {
      const bit = intLiteral(1n << BigInt(at));
      readerOf.set(atom, (_part, of) => binary('<>', binary('&', of(name), bit), intLiteral(0)));
      return either(condition, cast(bit, 'int'), cast(intLiteral(0), 'int'));
    });
    const sum = bits.reduce<ExpressionNode>((total, bit) => binary('+', total, bit), cast(intLiteral(0), 'int'));
    columns.push({ name, value: primitives.anyBits!(sum) });
  }
  return columns;
}

export interface RowScope {
  readonly sources: readonly FromNode[];
  readonly leaves: readonly Leaf[];
  readonly bindings: ReadonlyMap<Series, (leaf: (name: string) => ExpressionNode) => ExpressionNode>;
  readonly longList: Scope['longList'];
  readonly isOfPatient: (node: Series) => boolean;
}

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
  const sources: FromNode[] = [from(named(relation), 't')];
  for (const [at, { columnName, mask, nodes, isRequired }] of maskJoins(order, bindings, atoms, uploads).entries()) {
    const alias = `m${at}`;
    const on = binary('=', leaves.get(`c_${columnName}`)!, column(alias, 'code'));
    sources.push(from(named(mask.name), alias, { type: isRequired ? 'inner' : 'left', on }));
    for (const bits of mask.columns) leaves.set(`${alias}_${bits}`, column(alias, bits));
    const exact = exactNodes(atoms, isOfPatient);
    for (const node of nodes) {
      const { column: bits, bit } = mask.bitOf.get(node.right as never)!;
      bindings.set(node, (leaf) => {
        const bitsOf = leaf(`${alias}_${bits}`);
        const test = (value: ExpressionNode): ExpressionNode =>
          binary('<>', binary('&', value, intLiteral(bit)), intLiteral(0));
        if (!exact.has(node)) return test(bitsOf);
        return either(isNull(leaf(`c_${columnName}`)), nullLiteral, test(call('coalesce', bitsOf, intLiteral(0))));
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

/** A condition that every row of any aggregation meets, from the small parts of their conditions that need no patient. */
export function prefilter(
  atoms: readonly Pick<Atom, 'member'>[],
  rows: RowScope,
  dialect: Dialect,
): ExpressionNode | undefined {
  const terms = new Map<string, ReadonlySet<Series>>();
  const numbers = new Map<Series, number>();
  for (const atom of atoms) {
    const simple = conjunctsOf(atom.member, (node) => rows.bindings.has(node)).filter((condition) =>
      isSimple(condition, rows),
    );
    if (simple.length === 0) return undefined;
    for (const condition of simple) if (!numbers.has(condition)) numbers.set(condition, numbers.size);
    const key = simple.map((condition) => numbers.get(condition)!).sort((a, b) => a - b);
    terms.set(key.join(), new Set(simple));
  }
  const sets = [...terms.values()];
  const [first] = sets;
  if (!first) return undefined;
  const common = [...first].filter((condition) => sets.every((set) => set.has(condition)));
  const rest = sets.map((set) => [...set].filter((condition) => !common.includes(condition)));
  const leafOf = new Map(rows.leaves.map(({ name, value }) => [name, value]));
  const scope: Scope = {
    dialect,
    longList: rows.longList,
    known: new Map([...rows.bindings].map(([node, bind]) => [node, bind((name) => leafOf.get(name)!)])),
  };
  const all = (conditions: readonly Series[]): ExpressionNode =>
    chain(
      'and',
      conditions.map((condition) => compile(condition, scope)),
    ) ?? boolLiteral(true);
  const parts = common.map((condition) => compile(condition, scope));
  if (rest.every((conditions) => conditions.length > 0)) parts.push(chain('or', rest.map(all))!);
  return chain('and', parts);
}

function isSimple(condition: Series, rows: RowScope): boolean {
  if (isConjunction(condition)) return false;
  const order = operandOrder([condition], (node) => rows.bindings.has(node));
  return order.length <= largestPrefilter && order.every((node) => !rows.isOfPatient(node));
}
