// Values of patients that hold for several intervals, worked out once for each time that they change. Where somebody
// lives or what they were diagnosed with on the first day of a week is asked anew for every week, but changes a few times
// a year. So each row gets an integer with a bit for every interval in which it takes part; where the bits of any row of
// a patient change, an epoch begins; and the rows are aggregated for each epoch instead of each interval.
import type { Interval, NodePool, Series, Table } from '@glovebox/language';
import type { Dialect } from '../sql/dialect.js';
import type { Atom } from '../sql/plan/atoms.js';
import { compile } from '../sql/plan/compile.js';
import { layered, type Leaf } from '../sql/plan/layers.js';
import { conjunctsOf } from '../sql/plan/membership.js';
import type { Names } from '../sql/plan/names.js';
import { longListOf, type PatientState } from '../sql/plan/row-scope.js';
import type { Uploads } from '../sql/plan/uploads.js';
import {
  binary,
  call,
  cast,
  chain,
  column,
  derived,
  from,
  intLiteral,
  named,
  select,
  statement,
  type ExpressionNode,
  type FromNode,
  type SelectNode,
  type StatementNode,
} from '../sql/tree/index.js';
import { numberIn } from './base.js';
import { changesIn, epochsFrom } from './epoch-changes.js';
import { inputsOf, rowsInIntervals } from './epoch-rows.js';
import { edgesOf, epochSeries, type EpochAtoms } from './epoch-series.js';
import { bitOf, hasBit } from './bits.js';

export interface EpochsInput {
  /** With placeholders: all series of the batch. */
  readonly roots: readonly Series[];
  /** What patients are kept by. */
  readonly filters: readonly Series[];
  readonly intervals: readonly Interval[];
  /** A table whose column `bit` has the bit of each interval. */
  readonly intervalTable: string;
  readonly pool: NodePool;
  /** The values that no interval changes, a row for each patient. */
  readonly base: PatientState;
  readonly dialect: Dialect;
  readonly names: Names;
  readonly uploads: Uploads;
}

export interface Epochs {
  /**
   * Rows are patients in an epoch: `holds` has a bit for each interval of it, `number` is the place of the patient in the
   * base. By series with placeholders.
   */
  readonly state: PatientState;
  /** Conditions that every row meets already. */
  readonly filtered: ReadonlySet<Series>;
  /** Temporary tables in the order in which they need one another; the last is that of `state`. */
  readonly tables: readonly { readonly name: string; readonly statement: StatementNode }[];
}

/** The column that has a bit for each interval of the epoch. */
export const epochBits = 'holds';

/** The epochs of all patients; undefined when nothing is gained. */
export function epochs(input: EpochsInput, { atoms, exports }: EpochAtoms): Epochs | undefined {
  if (atoms.length === 0) return undefined;
  const { base, names, dialect, uploads } = input;
  const isKnown = epochSeries(base, atoms);
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
        from(derived(epochsFrom([from(named(changes), 'c')], column('c', 'change'), input.intervalTable, all)), 'e'),
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
    input.intervalTable,
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
      { name: 'number', value: column('p', numberIn(dialect)) },
      { name: epochBits, value: binary('-', column('e', 'next'), column('e', 'bit')) },
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
        { name: 'number', value: layers.leaf('number') },
        { name: epochBits, value: layers.leaf(epochBits) },
        ...columns.map(({ name, value }) => ({ name, value })),
      ],
      from: layers.sources,
      where: chain('and', [...(layers.where ? [layers.where] : []), ...conditions]),
    }),
  );
  return {
    state: { name: state, columns: new Map(columns.map((c) => [c.series, c.name])) },
    filtered: new Set(filtered),
    tables,
  };
}
