export type { ResultColumn, ResultTable, Row, TableRows, Tables } from './tables.js';

export { engineProblems } from './problems.js';
export { evaluator, type Evaluator } from './reference/evaluate.js';
export { applyBinary, applyUnary } from './reference/functions.js';
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
export { runAssurance, type AssuranceReport } from './assurance/run-assurance.js';
export { csvHeader, csvLines } from './files/csv-text.js';
export { withFileTables } from './files/file-tables.js';
export { patientIdColumn, type FileColumn } from './files/file-column.js';
export { folderAndFormat, formatOfFile, type InputFormat, type OutputFormat } from './files/file-format.js';
export { filesFor, outputPlace, tableFileName, type OutputPlace } from './files/output-place.js';
export { pythonFloat } from './files/python-float.js';
export { readFile } from './files/read-file.js';
export { readTables } from './files/read-tables.js';
export { inputFolder, tableFiles, type TableFile } from './files/table-files.js';
export { csvText, writeTable, writeText } from './files/write-table.js';
export type { Database } from './database.js';
export { observeStatements, type Statement, type StatementObserver } from './observe-statements.js';
export { withBackendFilters } from './backends/apply-filters.js';
export { backendNamed, type Backend } from './backends/backend.js';
export { backendOf } from './backends/backend-of.js';
export { openDuckDb, type DuckDb, type DuckDbOptions } from './duckdb/connection.js';
export { extractEachMeasure, extractMeasures } from './measures/measures-result.js';
export { extractCells, type MeasureOptions, type MeasureProgress } from './measures/extract-measures.js';
export { openPostgres, type PostgresOptions } from './postgres/connection.js';
export { extractDataset } from './sql/extract-dataset.js';
export { dialectNames, dialects, type DialectName } from './sql/dialects/index.js';
export { printDatasetSql } from './sql/print-dataset.js';
