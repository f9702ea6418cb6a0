export * from './model/nodes.js';
export { categoriesOf } from './model/categories.js';
export { checkNode, domainOf, typeOf } from './model/check.js';
export { daysInMonth, isIsoDate, isLeapYear } from './model/date.js';
export { describe, describeStep } from './model/describe.js';
export { isWithin, patientDomain, type Domain, type EventDomain } from './model/domain.js';
export { childrenOf, definitionRoots, isFrame, topologicalOrder } from './model/order.js';
export { placeOf, type Place } from './model/places.js';
export { nodePool, replaceFrames, rewrite, substituteParameters, type NodePool } from './model/pool.js';
export { columnsUsed, tablesUnder, tablesUsed, type TablesUsed } from './model/tables-used.js';
export { compareText } from './model/text.js';
export { sortKeys, tieBreaks } from './model/ties.js';
export {
  isCodeType,
  isMultiCodeType,
  isNumeric,
  isOrdered,
  isSeriesType,
  seriesTypes,
  storageOf,
} from './model/types.js';
export { languageProblems } from './problems.js';
export { readDefinition, type Definition, type ReadDefinition, type TestDefinition } from './read/read-definition.js';
export {
  constraintsOf,
  permissionFor,
  tableCatalogue,
  tablesNamed,
  type ColumnFacts,
  type TableCatalogue,
  type TableFacts,
} from './tables.js';
export type { Show } from './read/read-shows.js';
export {
  debugDefinition,
  evaluateDefinition,
  type Debugging,
  type Evaluation,
  type EvaluationRequest,
} from './evaluate/evaluate-definition.js';
export { type FileRead } from './evaluate/files-read.js';
export { type EvaluationLimits } from './evaluate/run-child.js';
