// The rows that the aggregates of a scan read. Where picks are records they are those of the table, joined to what the
// conditions need. Elsewhere a query below the aggregates has a column for each condition and input, and numbers rows
// within their patient: aggregates then read plain columns, which is all that some databases let them.
import type { Series, Table } from '@glovebox/language';
import type { Dialect } from '../dialect.js';
import {
  chain,
  column,
  derived,
  from,
  isNotNull,
  named,
  select,
  type ExpressionNode,
  type FromNode,
  type StageNode,
} from '../tree/index.js';
import type { Atom } from './atoms.js';
import { compile } from './compile.js';
import type { Layered } from './layers.js';
import type { Names } from './names.js';
import type { Uploads } from './uploads.js';

export interface ScannedRows {
  readonly from: readonly FromNode[];
  readonly where: ExpressionNode | undefined;
  readonly patientId: ExpressionNode;
  readonly of: (node: Series) => ExpressionNode;
  /** What an atom's windows made of a row. */
  readonly row: (atom: Atom) => (name: string) => ExpressionNode;
  /** Stages that the rows come from. */
  readonly before: readonly StageNode[];
  /** The values of sets, for databases without lists. */
  readonly sets: readonly StageNode[];
}

export interface RowsInput {
  readonly table: Table;
  readonly atoms: readonly Atom[];
  readonly dialect: Dialect;
  readonly names: Names;
  readonly uploads: Uploads;
  /** What the atoms need of a row. */
  readonly roots: readonly Series[];
  readonly layers: Layered;
}

export function scannedRows(input: RowsInput): ScannedRows {
  if (input.dialect.picks === 'windows') return numberedRows(input);
  const { sources, where, leaf, scope } = input.layers;
  return {
    from: sources,
    where,
    patientId: leaf('patient_id'),
    of: (node) => compile(node, scope),
    row: () => leaf,
    before: [],
    sets: [],
  };
}

function numberedRows({ names, table, atoms, dialect, uploads, roots, layers }: RowsInput): ScannedRows {
  const nameOf = new Map([...new Set(roots)].map((node, at) => [node, `r${at}`]));
  const below = (node: Series): ExpressionNode => compile(node, layers.scope);
  const patientBelow = layers.leaf('patient_id');
  const windows = atoms.flatMap((atom, at) => {
    const filter = atom.member && below(atom.member);
    const made = atom.windows?.(below, filter, dialect, patientBelow) ?? [];
    return made.map(({ name, value }) => ({ name: `w${at}_${name}`, value }));
  });
  const rows = select({
    columns: [
      { name: 'patient_id', value: patientBelow },
      ...[...nameOf].map(([node, name]) => ({ name, value: below(node) })),
      ...windows,
    ],
    from: layers.sources,
    where: layers.where,
    isFenced: true,
  });
  const patientId = column('w', 'patient_id');
  const of = (node: Series): ExpressionNode => column('w', nameOf.get(node)!);
  const row =
    (atom: Atom) =>
    (name: string): ExpressionNode =>
      name === 'patient_id' ? patientId : column('w', `w${atoms.indexOf(atom)}_${name}`);
  const scanned = { where: undefined, patientId, of, row };
  const sets = dialect.primitives.lists ? [] : atoms.filter((atom) => atom.isSet);
  if (sets.length === 0) return { ...scanned, from: [from(derived(rows), 'w')], before: [], sets: [] };
  // The rows are used more than once, and still read once.
  const stage = { name: names(`${table.name}_read`), query: rows };
  const source = [from(named(stage.name), 'w')];
  const setStages = sets.map((atom) => {
    const value = of(atom.inputs[0]!);
    const name = names(`${table.name}_values`);
    uploads.setRows.set(atom.results[0]!.node, name);
    const query = select({
      distinct: true,
      columns: [
        { name: 'patient_id', value: patientId },
        { name: 'value', value },
      ],
      from: source,
      where: chain('and', [...(atom.member ? [of(atom.member)] : []), isNotNull(value)]),
    });
    return { name, query };
  });
  return { ...scanned, from: source, before: [stage], sets: setStages };
}
