// One pass over a table that computes every aggregation on it at once, one row a patient. Rows that no aggregation could
// use are dropped first, as far as that can be told from the row and the code lists alone, so that the patients' values
// are only looked up for the rest.
import type { Series, Table } from '@glovebox/language';
import type { Dialect } from '../dialect.js';
import { binary, cast, either, intLiteral, select, type ExpressionNode, type StageNode } from '../tree/index.js';
import type { Atom } from './atoms.js';
import { layered } from './layers.js';
import type { Names } from './names.js';
import { prefilter } from './prefilter.js';
import { rowScope, type PatientState } from './row-scope.js';
import { scannedRows } from './scanned-rows.js';
import type { Uploads } from './uploads.js';

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
