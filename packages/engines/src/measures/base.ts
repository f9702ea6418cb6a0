// What all intervals of a batch have in common, computed once: the values of patients that no interval changes, and of
// each table that intervals look at again the rows that any of them could use.
import {
  childrenOf,
  domainOf,
  isFrame,
  tablesUnder,
  tieBreaks,
  topologicalOrder,
  type Node,
  type Series,
} from '@glovebox/language';
import type { Dialect } from '../sql/dialect.js';
import { compile } from '../sql/plan/compile.js';
import type { AtomContext } from '../sql/plan/atoms.js';
import { conjunctsOf, memberships } from '../sql/plan/membership.js';
import type { Names } from '../sql/plan/names.js';
import { isConstant, placeAtoms } from '../sql/plan/place.js';
import { planPatients } from '../sql/plan/planner.js';
import type { PatientState } from '../sql/plan/row-scope.js';
import type { Uploads } from '../sql/plan/uploads.js';
import { select, statement, windowOf, type StatementNode } from '../sql/tree/index.js';
import type { Filled } from './batches.js';

export interface Base {
  readonly state: PatientState;
  /** Fills the table that `state` names. */
  readonly statement: StatementNode;
}

/** The column of the base that numbers its patients. */
export const numberIn = (dialect: Dialect): string => dialect.rowNumber ?? 'number';

/** The nodes that some interval changes. */
export function dependentOnInterval(roots: Iterable<Series>): ReadonlySet<Node> {
  const dependent = new Set<Node>();
  for (const node of topologicalOrder(roots)) {
    if (node.kind === 'parameter' || childrenOf(node).some((child) => dependent.has(child))) dependent.add(node);
  }
  return dependent;
}

/** The values of patients that no interval changes, each as large as possible. */
export function baseSql(
  filled: Filled,
  options: { readonly dialect: Dialect; readonly names: Names; readonly uploads: Uploads },
): Base {
  const roots = [filled.member, ...filled.numerators, ...filled.groups, ...(filled.weight ? [filled.weight] : [])];
  const dependent = dependentOnInterval(roots);
  const conditions = conjunctsOf(filled.member).filter((condition) => !dependent.has(condition));
  const ties = tieBreaks(roots);
  const values = independentValues(roots, dependent, { ties, dialect: options.dialect });
  const { tables, inlineTables } = tablesUnder([filled.member]);
  const { stages, patients } = planPatients({
    ...options,
    population: filled.member,
    filters: conditions,
    outputs: values,
    universeTables: [...tables, ...inlineTables],
    ties,
  });
  const columns = values.map((series, at) => ({ series, name: `x${at}`, value: compile(series, patients.scope) }));
  const numbers = windowOf({ name: 'row_number', args: [], partitionBy: [], orderBy: [], descending: false });
  const body = select({
    columns: [
      { name: 'patient_id', value: patients.leaf('patient_id') },
      ...(options.dialect.rowNumber === undefined ? [{ name: numberIn(options.dialect), value: numbers }] : []),
      ...columns.map(({ name, value }) => ({ name, value })),
    ],
    from: patients.sources,
    where: patients.where,
  });
  return {
    state: {
      name: options.names('patients_of_all_intervals'),
      columns: new Map(columns.map((c) => [c.series, c.name])),
    },
    statement: statement(stages, body),
  };
}

/** Those that dependent series are calculated from, and those that rows of dependent aggregations are compared with. */
function independentValues(
  roots: readonly Series[],
  dependent: ReadonlySet<Node>,
  { ties, dialect }: { readonly ties: AtomContext['ties']; readonly dialect: Dialect },
): readonly Series[] {
  const edges = new Set<Node>(roots);
  for (const node of topologicalOrder(roots)) {
    if (dependent.has(node)) for (const child of childrenOf(node)) edges.add(child);
  }
  // Without lists, the values of a set are rows of a stage, which no other statement can read.
  const isKept = (node: Node): boolean => node.kind !== 'combine_as_set' || dialect.primitives.lists !== undefined;
  const isValue = (node: Node): node is Series =>
    !dependent.has(node) && !isFrame(node) && isKept(node) && domainOf(node).kind === 'patient' && !isConstant(node);
  const values = new Set([...edges].filter(isValue));
  const { atoms } = placeAtoms(roots, { membership: memberships(), ties }, (node) => values.has(node));
  for (const { exports } of atoms) for (const series of exports) if (isValue(series)) values.add(series);
  return [...values];
}
