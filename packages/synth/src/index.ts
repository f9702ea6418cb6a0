export { generateDatabase } from './database/generate-database.js';
export type { DatabaseOptions, DatabaseProgress, GeneratedDatabase } from './database/generate-database.js';
export { generateDummyTables } from './dummy/generate-dummy-tables.js';
export { explainShortfall, type Condition } from './dummy/conflicts.js';
export type { DummyOptions, Shortfall } from './dummy/generate-dummy-tables.js';
export { synthProblems } from './problems.js';
