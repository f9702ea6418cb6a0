export type { ResultColumn, ResultTable, Row, TableRows, Tables } from './tables.js';

export { engineProblems } from './problems.js';
export { evaluator, type Evaluator } from './reference/evaluate.js';
export { controlledCount, controlledRow } from './reference/disclosure-control.js';
export {
  groupColumns,
  measuresColumns,
  measuresTable,
  ratioOf,
  tablePerMeasure,
  type MeasureRow,
} from './reference/measure-rows.js';
export { patientsIn, populationProblem } from './reference/population.js';
export { asStream, datasetColumns, resultColumn, runDataset, type TableResult } from './reference/run-dataset.js';
export { runMeasures } from './reference/run-measures.js';
