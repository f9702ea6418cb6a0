// A dataset definition as SQL: one statement for the table of patients and one for each table of events.
import {
  definitionRoots,
  domainOf,
  tablesUnder,
  tieBreaks,
  topologicalOrder,
  type DatasetDefinition,
  type NamedSeries,
  type Series,
} from '@glovebox/language';
import { ProblemError } from '@glovebox/record';
import { problem } from '../problems.js';
import type { Dialect } from './dialect.js';
import { compile } from './plan/compile.js';
import { operandOrder } from './plan/graph.js';
import { layered } from './plan/layers.js';
import { frameOf, memberships } from './plan/membership.js';
import { namesBeside, type Names } from './plan/names.js';
import { planPatients, type PlanInput } from './plan/planner.js';
import { rowScope } from './plan/row-scope.js';
import { patientValuesIn } from './plan/place.js';
import { uploads as newUploads, type Upload } from './plan/uploads.js';
import { chain, column, select, statement, type StatementNode } from './tree/index.js';

export interface DatasetSql {
  /** In the order of the output tables: the dataset, then its event tables. Columns are named c0, c1 ... */
  readonly statements: readonly { readonly table: string; readonly statement: StatementNode }[];
  /** Temporary tables that must be there before. */
  readonly uploads: readonly Upload[];
}

/**
 * Plans a dataset. Tables in files must have been replaced by their rows.
 *
 * @returns statements whose rows are ordered by patient id, then the columns `patient_id, c0, c1, ...`.
 * @throws ProblemError when the definition uses INTERVAL, or a constant that the dialect can't store.
 */
export function datasetSql(definition: DatasetDefinition, dialect: Dialect): DatasetSql {
  const roots = definitionRoots(definition);
  if (topologicalOrder(roots).some((node) => node.kind === 'parameter')) {
    throw new ProblemError(problem('parameter-in-dataset', []));
  }
  const names = namesBeside(
    tablesUnder(roots).tables.map((table) => table.name),
    (stem) => dialect.temporaryName(stem),
  );
  const uploads = newUploads(names);
  const { tables, inlineTables } = tablesUnder([definition.population]);
  const common = {
    dialect,
    population: definition.population,
    universeTables: [...tables, ...inlineTables],
    ties: tieBreaks(roots),
    uploads,
  };
  const statements = [
    { table: 'dataset', statement: patientTable(definition.columns, { ...common, names }) },
    ...definition.eventTables.map(({ name, columns }) => ({
      table: name,
      statement: eventTable(columns, { ...common, names }),
    })),
  ];
  return { statements, uploads: uploads.all() };
}

type Common = Omit<PlanInput, 'outputs'>;

const columnName = (at: number): string => `c${at}`;

function patientTable(columns: readonly NamedSeries[], common: Common): StatementNode {
  const outputs = columns.map((c) => c.series);
  const { stages, patients } = planPatients({ ...common, outputs });
  const patient = patients.leaf('patient_id');
  const body = select({
    columns: [
      { name: 'patient_id', value: patient },
      ...outputs.map((series, at) => ({ name: columnName(at), value: compile(series, patients.scope) })),
    ],
    from: patients.sources,
    where: patients.where,
    orderBy: [patient],
  });
  return statement(stages, body);
}

/** The rows of the columns' frame, of patients in the population. Their order beyond the patient is that of the columns. */
function eventTable(columns: readonly NamedSeries[], common: Common & { readonly names: Names }): StatementNode {
  const outputs = columns.map((c) => c.series);
  const ofRows = outputs.filter((series) => domainOf(series).kind === 'event');
  const domain = domainOf(ofRows[0]!);
  if (domain.kind !== 'event') throw new Error('an event table needs a column of events');
  const member = memberships()(
    frameOf(
      ofRows[0]!,
      operandOrder(ofRows, () => false),
    ),
  );
  const atom = { member, inputs: outputs };
  const exports = patientValuesIn(atom);
  const { stages, patients } = planPatients({ ...common, outputs: exports });
  const stateName = common.names('patient_values');
  const state = { name: stateName, columns: new Map(exports.map((series, at) => [series, `x${at}`] as const)) };
  const stateQuery = select({
    columns: [
      { name: 'patient_id', value: patients.leaf('patient_id') },
      ...exports.map((series, at) => ({ name: `x${at}`, value: compile(series, patients.scope) })),
    ],
    from: patients.sources,
    where: patients.where,
  });
  const rows = rowScope(domain.table, domain.table.name, [atom], state, common.uploads, undefined, common.dialect);
  const layers = layered({
    dialect: common.dialect,
    sources: rows.sources,
    leaves: rows.leaves,
    bindings: rows.bindings,
    longList: rows.longList,
    roots: member ? [member, ...outputs] : outputs,
    alias: 'r',
  });
  const patient = layers.leaf('patient_id');
  const where: readonly Series[] = member ? [member] : [];
  const body = select({
    columns: [
      { name: 'patient_id', value: patient },
      ...outputs.map((series, at) => ({ name: columnName(at), value: compile(series, layers.scope) })),
    ],
    from: layers.sources,
    where: chain('and', [
      ...(layers.where ? [layers.where] : []),
      ...where.map((series) => compile(series, layers.scope)),
    ]),
    orderBy: [patient, ...outputs.map((_, at) => column(undefined, columnName(at)))],
  });
  return statement([...stages, { name: stateName, query: stateQuery }], body);
}
