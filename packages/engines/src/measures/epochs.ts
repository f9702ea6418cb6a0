// Values of patients that hold for several intervals, worked out once for each time that they change. Where somebody
// lives or what they were diagnosed with on the first day of a week is asked anew for every week, but changes a few times
// a year. So each row gets an integer with a bit for every interval in which it takes part; where the bits of any row of
// a patient change, an epoch begins; and the rows are aggregated for each epoch instead of each interval.
// That asks nothing of a condition but that it compares the row with the interval: it is simply tried on every interval.
import { substituteParameters, type Interval, type NodePool, type Series, type Table } from '@glovebox/language';
import type { Dialect } from '../sql/dialect.js';
import type { Atom } from '../sql/plan/atoms.js';
import { compile, type Scope } from '../sql/plan/compile.js';
import { operandOrder, operandsOf } from '../sql/plan/graph.js';
import { layered, type Leaf } from '../sql/plan/layers.js';
import { conjunctsOf, joinConditions, memberships } from '../sql/plan/membership.js';
import type { Names } from '../sql/plan/names.js';
import { isConstant, placeAtoms } from '../sql/plan/place.js';
import { longListOf, prefilter, rowScope, type PatientState } from '../sql/plan/scan.js';
import type { Upload, Uploads } from '../sql/plan/uploads.js';
import {
  aggregate,
  binary,
  call,
  caseOf,
  cast,
  chain,
  column,
  derived,
  either,
  from,
  intLiteral,
  named,
  prefix,
  select,
  statement,
  type ExpressionNode,
  type FromNode,
  type SelectNode,
  type StatementNode,
} from '../sql/tree/index.js';

/** So many intervals have a bit each in an integer, with room to shift it by one. */
export const mostIntervals = 60;

export interface EpochsInput {
  /** With placeholders: what every patient needs in every interval. */
  readonly dense: readonly Series[];
  /** All series of the batch, the dense ones among them. */
  readonly roots: readonly Series[];
  /** What patients are kept by. */
  readonly filters: readonly Series[];
  readonly ties: Parameters<typeof placeAtoms>[1]['ties'];
  readonly intervals: readonly Interval[];
  readonly pool: NodePool;
  /** The values that no interval changes, a row for each patient. */
  readonly base: PatientState;
  readonly dialect: Dialect;
  readonly names: Names;
  readonly uploads: Uploads;
}

export interface Epochs {
  /** Rows are patients in an epoch; `holds` has a bit for each interval of it. By series with placeholders. */
  readonly state: PatientState;
  /** Conditions that every row meets already. */
  readonly filtered: ReadonlySet<Series>;
  readonly bits: Upload;
  /** Temporary tables in the order in which they need one another; the last is that of `state`. */
  readonly tables: readonly { readonly name: string; readonly statement: StatementNode }[];
}

export interface EpochAtoms {
  readonly atoms: readonly Atom[];
  /** The patients' values that rows of the other aggregations are compared with. */
  readonly exports: readonly Series[];
}

/** The aggregations whose rows depend on nothing but the interval, of those that every patient needs. */
export function epochAtoms(input: Pick<EpochsInput, 'dense' | 'roots' | 'ties' | 'base'>): EpochAtoms {
  const isGiven = (node: Series): boolean => input.base.columns.has(node);
  const used = new Set(operandOrder(input.dense, isGiven));
  const placed = placeAtoms(input.roots, { membership: memberships(), ties: input.ties }, isGiven).atoms;
  const lifted = placed.filter(
    ({ atom, exports }) =>
      exports.length === 0 &&
      !atom.inputs.some(moves) &&
      conjunctsOf(atom.member).some(moves) &&
      atom.results.some(({ node }) => used.has(node)),
  );
  const isLifted = new Set(lifted);
  return {
    atoms: lifted.map(({ atom }) => atom),
    exports: placed.filter((one) => !isLifted.has(one)).flatMap(({ exports }) => exports),
  };
}

/** Whether an interval changes what a series of a row is. */
const moves = (series: Series): boolean =>
  operandOrder([series], () => false).some((node) => node.kind === 'parameter');

/** Tells the series that are known for a whole epoch, given what is known of patients and the aggregations. */
export function epochSeries(base: PatientState, atoms: readonly Atom[]): (series: Series) => boolean {
  const results = new Set(atoms.flatMap((atom) => atom.results.map(({ node }) => node)));
  const known = new Map<Series, boolean>();
  return (series) => {
    const isLeaf = (node: Series): boolean => base.columns.has(node) || results.has(node) || known.has(node);
    for (const node of operandOrder([series], isLeaf)) {
      if (known.has(node)) continue;
      const operands = operandsOf(node);
      known.set(
        node,
        isLeaf(node) ||
          node.kind === 'value' ||
          node.kind === 'value_set' ||
          (node.kind !== 'parameter' && operands.length > 0 && operands.every((operand) => known.get(operand))),
      );
    }
    return known.get(series)!;
  };
}

/** The epochs of all patients; undefined when nothing is gained. */
export function epochs(input: EpochsInput, { atoms, exports }: EpochAtoms): Epochs | undefined {
  if (atoms.length === 0) return undefined;
  const { base, names, dialect, uploads } = input;
  const isKnown = epochSeries(base, atoms);
  const bits: Upload = {
    name: names('interval_bits'),
    columns: [{ name: 'bit', type: 'int' }],
    rows: input.intervals.map((_, at) => [bitOf(at)]),
  };
  const all = bitOf(input.intervals.length);
  const byTable = new Map<Table, Atom[]>();
  for (const atom of atoms) byTable.set(atom.table, [...(byTable.get(atom.table) ?? []), atom]);
  const tables: { name: string; statement: StatementNode }[] = [];
  const add = (stem: string, body: SelectNode): string => {
    const name = names(stem);
    tables.push({ name, statement: statement([], body) });
    return name;
  };
  const leaves: Leaf[] = [...base.columns.values()].map((name) => ({ name: `p_${name}`, value: column('p', name) }));
  const bindings = new Map<Series, (leaf: (name: string) => ExpressionNode) => ExpressionNode>(
    [...base.columns].map(([node, name]) => [node, (leaf) => leaf(`p_${name}`)]),
  );
  const ofPatient = (left: string, right: string): ExpressionNode =>
    binary('=', column(left, 'patient_id'), column(right, 'patient_id'));
  const changesOf: string[] = [];
  const joins: FromNode[] = [];
  for (const [at, [table, ofTable]] of [...byTable].entries()) {
    const rows = add(`${table.name}_in_intervals`, rowsInIntervals(input, table, ofTable));
    const changes = add(`${table.name}_changes`, changesIn(rows, ofTable.length, all));
    const inputs = inputsOf(ofTable);
    const grown = select({
      columns: [
        { name: 'patient_id', value: column('e', 'patient_id') },
        { name: 'bit', value: column('e', 'bit') },
        { name: 'next', value: column('e', 'next') },
        ...ofTable.flatMap((atom, index) =>
          atom
            .columns(
              (node) => column('r', `k${inputs.indexOf(node)}`),
              hasBit(column('r', `m${index}`), column('e', 'bit')),
              dialect,
            )
            .map(({ name, value }) => ({ name: `a${index}_${name}`, value })),
        ),
      ],
      from: [
        from(derived(epochsFrom([from(named(changes), 'c')], column('c', 'change'), bits.name, all)), 'e'),
        from(named(rows), 'r', { type: 'inner', on: ofPatient('e', 'r') }),
      ],
      groupBy: [column('e', 'patient_id'), column('e', 'bit'), column('e', 'next')],
    });
    const values = add(`${table.name}_epochs`, grown);
    changesOf.push(changes);
    const alias = `v${at}`;
    // Comparisons of a column with a column: with anything else a left join would try all pairs.
    const begun = binary('<=', column(alias, 'bit'), column('e', 'bit'));
    const overlaps = binary('and', begun, binary('>', column(alias, 'next'), column('e', 'bit')));
    joins.push(from(named(values), alias, { type: 'left', on: binary('and', ofPatient('e', alias), overlaps) }));
    for (const [index, atom] of ofTable.entries()) {
      const leafName = (name: string): string => `${alias}_a${index}_${name}`;
      for (const { name } of atom.columns((node) => column('r', `k${inputs.indexOf(node)}`), undefined, dialect)) {
        leaves.push({ name: leafName(name), value: column(alias, `a${index}_${name}`) });
      }
      for (const { node, value } of atom.results) {
        bindings.set(node, (leaf) => value((name) => leaf(leafName(name)), dialect));
      }
    }
  }
  const changeOf = changesOf.map((_, at) => call('coalesce', column(`c${at}`, 'change'), cast(intLiteral(1), 'int')));
  const everyEpoch = epochsFrom(
    [
      from(named(base.name), 'c'),
      ...changesOf.map((name, at) => from(named(name), `c${at}`, { type: 'left', on: ofPatient('c', `c${at}`) })),
    ],
    changeOf.reduce<ExpressionNode>((left, right) => binary('|', left, right), cast(intLiteral(1), 'int')),
    bits.name,
    all,
  );
  const filtered = input.filters.flatMap((filter) => conjunctsOf(filter)).filter(isKnown);
  const kept = edgesOf([...input.roots, ...exports], isKnown);
  const layers = layered({
    dialect,
    sources: [
      from(derived(everyEpoch), 'e'),
      from(named(base.name), 'p', { type: 'inner', on: ofPatient('e', 'p') }),
      ...joins,
    ],
    leaves: [
      { name: 'patient_id', value: column('e', 'patient_id') },
      { name: 'holds', value: binary('-', column('e', 'next'), column('e', 'bit')) },
      ...leaves,
    ],
    bindings,
    longList: longListOf(uploads),
    roots: [...kept, ...filtered],
    alias: 'l',
  });
  const columns = kept.map((series, at) => ({ series, name: `x${at}`, value: compile(series, layers.scope) }));
  const conditions = filtered.map((condition) => compile(condition, layers.scope));
  const state = add(
    'patients_by_epoch',
    select({
      columns: [
        { name: 'patient_id', value: layers.leaf('patient_id') },
        { name: 'holds', value: layers.leaf('holds') },
        ...columns.map(({ name, value }) => ({ name, value })),
      ],
      from: layers.sources,
      where: chain('and', [...(layers.where ? [layers.where] : []), ...conditions]),
    }),
  );
  return {
    state: { name: state, columns: new Map(columns.map((c) => [c.series, c.name])) },
    filtered: new Set(filtered),
    bits,
    tables,
  };
}

export const bitOf = (at: number): bigint => 1n << BigInt(at);

/** Those of a state of epochs that hold in an interval. */
export function epochsOfInterval(state: PatientState, at: number): SelectNode {
  return select({
    everythingOf: ['p'],
    from: [from(named(state.name), 'p')],
    where: hasBit(column('p', 'holds'), intLiteral(bitOf(at))),
  });
}

const hasBit = (value: ExpressionNode, bit: ExpressionNode): ExpressionNode =>
  binary('<>', binary('&', value, bit), intLiteral(0));

/** The largest series that are known for an epoch: what an interval needs of it. */
function edgesOf(roots: readonly Series[], isKnown: (series: Series) => boolean): readonly Series[] {
  const edges = new Set<Series>();
  const seen = new Set<Series>();
  const stack = [...roots];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    if (!isKnown(node)) stack.push(...operandsOf(node));
    else if (!isConstant(node)) edges.add(node);
  }
  return [...edges];
}

const inputsOf = (atoms: readonly Atom[]): readonly Series[] => [...new Set(atoms.flatMap((atom) => atom.inputs))];

/** The rows of a table that take part in any interval: what is read from them, and for each aggregation the bits. */
function rowsInIntervals(input: EpochsInput, table: Table, atoms: readonly Atom[]): SelectNode {
  const { intervals, pool, dialect, uploads } = input;
  const parts = atoms.map(({ member }) => {
    const conditions = conjunctsOf(member);
    return { fixed: joinConditions(conditions.filter((c) => !moves(c))), moving: conditions.filter(moves) };
  });
  const movingSets: (readonly Series[])[] = [];
  const setOf = parts.map(({ moving }) => {
    const found = movingSets.findIndex((set) => set.length === moving.length && set.every((c, at) => c === moving[at]));
    return found >= 0 ? found : movingSets.push(moving) - 1;
  });
  const tried = movingSets.map((set) =>
    intervals.map((interval) => joinConditions(substituteParameters(set, interval, pool))!),
  );
  const inputs = inputsOf(atoms);
  const [first, ...others] = parts.map(({ fixed }) => ({ member: fixed, inputs: [] as readonly Series[] }));
  const read = [{ ...first!, inputs: [...inputs, ...tried.flat()] }, ...others];
  const rows = rowScope(table, table.name, read, undefined, uploads);
  const fixed = parts.flatMap((part) => (part.fixed ? [part.fixed] : []));
  const layers = layered({
    dialect,
    sources: rows.sources,
    where: prefilter(read, rows, dialect),
    leaves: rows.leaves,
    bindings: rows.bindings,
    longList: rows.longList,
    roots: [...inputs, ...fixed, ...tried.flat()],
    alias: 'r',
  });
  const zero = cast(intLiteral(0), 'int');
  const bitsOf = (conditions: readonly Series[], scope: Scope): ExpressionNode =>
    conditions
      .map((condition, at) => either(compile(condition, scope), cast(intLiteral(bitOf(at)), 'int'), zero))
      .reduce<ExpressionNode>((sum, bit) => binary('+', sum, bit), zero);
  const patientAndInputs = (value: (name: string, node?: Series) => ExpressionNode) => [
    { name: 'patient_id', value: value('patient_id') },
    ...inputs.map((node, at) => ({ name: `k${at}`, value: value(`k${at}`, node) })),
  ];
  const inner = select({
    columns: [
      ...patientAndInputs((name, node) => (node ? compile(node, layers.scope) : layers.leaf(name))),
      ...parts.flatMap((part, at) =>
        part.fixed ? [{ name: `f${at}`, value: compile(part.fixed, layers.scope) }] : [],
      ),
      ...tried.map((conditions, at) => ({ name: `d${at}`, value: bitsOf(conditions, layers.scope) })),
    ],
    from: layers.sources,
    where: layers.where,
  });
  const bits = parts.map((part, at) => {
    const days = column('r', `d${setOf[at]!}`);
    return part.fixed ? caseOf([{ when: column('r', `f${at}`), then: days }], zero) : days;
  });
  return select({
    columns: [
      ...patientAndInputs((name) => column('r', name)),
      ...bits.map((value, at) => ({ name: `m${at}`, value })),
    ],
    from: [from(derived(inner), 'r')],
    where: chain(
      'or',
      bits.map((value) => binary('<>', value, intLiteral(0))),
    ),
  });
}

/** For each patient a bit for every interval that differs from the one before, and the lowest. */
function changesIn(rows: string, atoms: number, all: bigint): SelectNode {
  const changes = Array.from({ length: atoms }, (_, at) => {
    const bits = column('r', `m${at}`);
    return call('xor', bits, binary('*', bits, intLiteral(2)));
  });
  const change = changes.reduce<ExpressionNode>((left, right) => binary('|', left, right), cast(intLiteral(1), 'int'));
  const kept = binary('&', binary('|', change, cast(intLiteral(1), 'int')), intLiteral(all - 1n));
  return select({
    columns: [
      { name: 'patient_id', value: column('r', 'patient_id') },
      { name: 'change', value: aggregate('bit_or', [kept]) },
    ],
    from: [from(named(rows), 'r')],
    groupBy: [column('r', 'patient_id')],
  });
}

/** A row for each epoch: its first interval as a bit, and the bit of the interval in which the next begins. */
function epochsFrom(sources: readonly FromNode[], change: ExpressionNode, bits: string, all: bigint): SelectNode {
  const changed = select({
    columns: [
      { name: 'patient_id', value: column('c', 'patient_id') },
      { name: 'change', value: change },
    ],
    from: sources,
  });
  const [bit, changes] = [column('b', 'bit'), column('c', 'change')];
  const upToBit = binary('-', binary('*', bit, intLiteral(2)), intLiteral(1));
  const later = binary('-', changes, binary('&', changes, upToBit));
  const next = either(
    binary('=', later, intLiteral(0)),
    cast(intLiteral(all), 'int'),
    binary('&', later, prefix('-', later)),
  );
  return select({
    columns: [
      { name: 'patient_id', value: column('c', 'patient_id') },
      { name: 'bit', value: bit },
      { name: 'next', value: next },
    ],
    from: [from(derived(changed), 'c'), from(named(bits), 'b', { type: 'cross' })],
    where: hasBit(changes, bit),
  });
}
