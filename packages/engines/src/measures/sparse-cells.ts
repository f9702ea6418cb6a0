// Cells when most patients add nothing: denominators are summed over everybody, numerators only over the patients with a
// row in the interval, and the two are joined cell by cell. In a week that is a tenth of the patients, and summing forty
// numerators costs as much as all else together.
import { tieBreaks, typeOf, type Series, type SeriesType, type Table } from '@glovebox/language';
import type { Atom } from '../sql/plan/atoms.js';
import { compile, literalOf, sqlTypeOf } from '../sql/plan/compile.js';
import { conjunctsOf, joinConditions, memberships } from '../sql/plan/membership.js';
import { patientValuesIn, placeAtoms } from '../sql/plan/place.js';
import { planPatients } from '../sql/plan/planner.js';
import { prefilter } from '../sql/plan/prefilter.js';
import { rowScope } from '../sql/plan/row-scope.js';
import {
  binary,
  call,
  cast,
  chain,
  column,
  derived,
  from,
  inQuery,
  intLiteral,
  isNull,
  named,
  select,
  union,
  type ExpressionNode,
  type FromNode,
  type SelectNode,
  type StageNode,
} from '../sql/tree/index.js';
import { isNothingWithoutRows } from './emptiness.js';
import {
  cellColumns,
  groupColumn,
  keyColumn,
  numeratorColumn,
  numeratorSum,
  numeratorValue,
  patientRows,
  plainGroups,
  summedByKey,
  weightSum,
  type IntervalInput,
} from './patient-rows.js';

/** The places of the numerators to which most patients add nothing; none where everybody's rows are read anyway. */
export function sparseNumerators({ filled, base }: IntervalInput): readonly number[] {
  if (!base) return [];
  const isGiven = (node: Series): boolean => base.columns.has(node);
  return filled.numerators.flatMap((series, at) =>
    !isGiven(series) && isNothingWithoutRows(series, isGiven) ? [at] : [],
  );
}

export interface SparseCells {
  readonly stages: readonly StageNode[];
  /** One row for each cell, as `y`. */
  readonly source: FromNode;
  readonly sumOf: (name: string) => ExpressionNode;
}

/** The cells, given the numerators to which most patients add nothing. */
export function sparseCells(input: IntervalInput, sparse: readonly number[]): SparseCells {
  const { names, fixedCells } = input;
  const touched = names('patients_with_rows');
  const members = fixedCells ? undefined : membersOf(input, sparse);
  const numerators = numeratorRows(input, sparse, touched, members !== undefined);
  const few = summedByKey(
    input,
    sparse.map((at) => numeratorSum(input, at)),
    from(derived(numerators.rows), 'x'),
  );
  const sparseNames = sparse.map(numeratorColumn);
  const joined = select({
    everythingOf: ['c'],
    columns: sparseNames.map((name) => ({ name, value: call('coalesce', column('s', name), intLiteral(0)) })),
    from: [
      from(derived(members?.cells ?? fixedCells!), 'c'),
      from(derived(few), 's', { type: 'left', on: sameCell(input) }),
    ],
  });
  return {
    stages: [
      ...(members?.stages ?? input.stages ?? []),
      { name: touched, query: patientsWithRows(input, sparse, members?.name) },
      ...numerators.stages,
    ],
    source: from(derived(joined), 'y'),
    sumOf: (name) => column('y', name),
  };
}

/** Everybody who counts, in a stage of that name, and their cells without the numerators that most add nothing to. */
function membersOf(
  input: IntervalInput,
  sparse: readonly number[],
): { readonly name: string; readonly stages: readonly StageNode[]; readonly cells: SelectNode } {
  const { filled, names } = input;
  const dense = filled.numerators.map((_, at) => at).filter((at) => !sparse.includes(at));
  const { stages, rows } = patientRows(input, dense);
  const name = names('members');
  const cells = cellSums(input, dense, from(named(name), 'x'));
  return { name, stages: [...stages, { name, query: rows }], cells };
}

/** Rows of patients summed into cells, with what they weigh and the numerators given. */
export const cellSums = (input: IntervalInput, numerators: readonly number[], source: FromNode): SelectNode =>
  summedByKey(input, [weightSum(input), ...numerators.map((at) => numeratorSum(input, at))], source);

/**
 * Who has a row that any of the numerators could use, with all that is known of them.
 *
 * @param members the stage of those who count; absent when everybody does.
 */
function patientsWithRows(input: IntervalInput, sparse: readonly number[], members: string | undefined): SelectNode {
  const { filled, dialect, uploads, base } = input;
  const roots = sparse.map((at) => filled.numerators[at]!);
  const isGiven = (node: Series): boolean => base!.columns.has(node);
  const { atoms } = placeAtoms(roots, { membership: memberships(), ties: tieBreaks(roots) }, isGiven);
  const byTable = new Map<Table, Pick<Atom, 'member' | 'inputs'>[]>();
  for (const { atom } of atoms) {
    const ofRowOnly = conjunctsOf(atom.member).filter((c) => patientValuesIn({ member: c, inputs: [] }).length === 0);
    byTable.set(atom.table, [...(byTable.get(atom.table) ?? []), { member: joinConditions(ofRowOnly), inputs: [] }]);
  }
  const ids = [...byTable].map(([table, ofTable]) => {
    const relation = input.relationOf?.(table) ?? table.name;
    const rows = rowScope(table, relation, ofTable, undefined, uploads, input.besideRows, dialect);
    return select({
      columns: [{ name: 'patient_id', value: column('t', 'patient_id') }],
      from: rows.sources,
      where: prefilter(ofTable, rows, dialect),
    });
  });
  // Numerators that are always zero read no table.
  const touched = ids.length === 0 ? nobody : ids.length === 1 ? ids[0]! : union(ids, true);
  if (input.patientsAmong) return input.patientsAmong(touched);
  const samePatient = binary('=', column('p', 'patient_id'), column('m', 'patient_id'));
  return select({
    everythingOf: ['p'],
    columns: members ? cellColumns(input).map((name) => ({ name, value: column('m', name) })) : [],
    from: [
      from(named(base!.name), 'p'),
      ...(members ? [from(named(members), 'm', { type: 'inner', on: samePatient })] : []),
    ],
    where: inQuery(column('p', 'patient_id'), touched),
  });
}

const nobody = select({
  columns: [{ name: 'patient_id', value: cast(intLiteral(0), 'int') }],
  where: binary('=', intLiteral(1), intLiteral(0)),
});

/**
 * What those patients add.
 *
 * @param hasCells whether the stage `touched` has the values of their cells.
 */
function numeratorRows(
  input: IntervalInput,
  sparse: readonly number[],
  touched: string,
  hasCells: boolean,
): { readonly stages: readonly StageNode[]; readonly rows: SelectNode } {
  const { filled, keys, dialect, names, uploads } = input;
  const cellValues: (readonly [Series, string])[] = [
    ...(keys.key ? [[keys.key, keyColumn] as const] : []),
    ...plainGroups(input).map((at) => [filled.groups[at]!, groupColumn(at)] as const),
  ];
  const { stages, patients } = planPatients({
    dialect,
    names,
    uploads,
    population: filled.member,
    filters: [],
    outputs: [...cellValues.map(([series]) => series), ...sparse.map((at) => filled.numerators[at]!)],
    universeTables: [],
    ties: tieBreaks([filled.member, ...filled.numerators, ...filled.groups, ...(filled.weight ? [filled.weight] : [])]),
    base: { name: touched, columns: new Map([...input.base!.columns, ...(hasCells ? cellValues : [])]) },
    relationOf: input.relationOf,
    besideRows: input.besideRows,
  });
  const of = (series: Series): ExpressionNode => compile(series, patients.scope);
  const rows = select({
    columns: [
      ...cellValues.map(([series, name]) => ({ name, value: of(series) })),
      ...sparse.map((at) => ({ name: numeratorColumn(at), value: numeratorValue(filled.numerators[at]!, of) })),
    ],
    from: patients.sources,
    where: patients.where,
  });
  return { stages, rows };
}

/** Equal, where NULL equals NULL, spelled as equalities alone: only those make a join by hashing. */
function sameCell(input: IntervalInput): ExpressionNode {
  const parts = input.keys.key ? [binary('=', column('c', keyColumn), column('s', keyColumn))] : [];
  for (const at of plainGroups(input)) {
    const name = groupColumn(at);
    const [left, right] = [column('c', name), column('s', name)];
    const filler = fillerOf(typeOf(input.filled.groups[at]!));
    parts.push(binary('=', call('coalesce', left, filler), call('coalesce', right, filler)));
    parts.push(binary('=', isNull(left), isNull(right)));
  }
  return chain('and', parts) ?? binary('=', intLiteral(1), intLiteral(1));
}

function fillerOf(type: SeriesType): ExpressionNode {
  switch (sqlTypeOf(type)) {
    case 'bool':
      return literalOf(type, false);
    case 'int':
      return literalOf(type, 0n);
    case 'float':
      return literalOf(type, 0);
    case 'date':
      return literalOf(type, '2000-01-01');
    default:
      return literalOf(type, '');
  }
}
