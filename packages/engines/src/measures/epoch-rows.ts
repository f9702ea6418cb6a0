// The rows that epochs are made from: each with a bit for every interval in which it takes part.
import type { Series, Table } from '@glovebox/language';
import type { Atom } from '../sql/plan/atoms.js';
import { compile } from '../sql/plan/compile.js';
import { layered } from '../sql/plan/layers.js';
import { prefilter } from '../sql/plan/prefilter.js';
import { rowScope } from '../sql/plan/row-scope.js';
import {
  binary,
  caseOf,
  chain,
  column,
  derived,
  from,
  intLiteral,
  select,
  type ExpressionNode,
  type SelectNode,
} from '../sql/tree/index.js';
import type { EpochsInput } from './epochs.js';
import { zero } from './bits.js';
import { bitParts, differentLists, rowBits, splitCondition } from './interval-bits.js';

type RowsInput = Pick<EpochsInput, 'intervals' | 'pool' | 'dialect' | 'uploads'>;

/** What is read from the rows, once each. */
export const inputsOf = (atoms: readonly Atom[]): readonly Series[] => [
  ...new Set(atoms.flatMap((atom) => atom.inputs)),
];

/** The rows of a table that take part in any interval: what is read from them, and for each aggregation the bits. */
export function rowsInIntervals(input: RowsInput, table: Table, atoms: readonly Atom[]): SelectNode {
  const { dialect, uploads } = input;
  const parts = atoms.map(({ member }) => splitCondition(member));
  const { different, placeOf } = differentLists(parts.map(({ moving }) => moving));
  const conditions = bitParts(different.flat(), input);
  const inputs = inputsOf(atoms);
  const [first, ...others] = parts.map(({ fixed }) => ({ member: fixed, inputs: [] as readonly Series[] }));
  const read = [{ ...first!, inputs: [...inputs, ...different.flat(), ...conditions.reads] }, ...others];
  const rows = rowScope(table, table.name, read, undefined, uploads, undefined, dialect);
  const intervalBits = rowBits(conditions, rows, input);
  const fixed = parts.flatMap((part) => (part.fixed ? [part.fixed] : []));
  const layers = layered({
    dialect,
    sources: [...rows.sources, ...intervalBits.sources],
    where: prefilter(read, rows, dialect),
    leaves: [...rows.leaves, ...intervalBits.leaves],
    bindings: rows.bindings,
    longList: rows.longList,
    roots: [...inputs, ...fixed, ...conditions.reads],
    alias: 'r',
  });
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
      ...different.map((list, at) => ({ name: `d${at}`, value: intervalBits.of(list, layers) })),
    ],
    from: layers.sources,
    where: layers.where,
  });
  const bits = parts.map((part, at) => {
    const days = column('r', `d${placeOf[at]!}`);
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
