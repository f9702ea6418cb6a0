export { generateDatabase } from './database/generate-database.js';
export type { DatabaseOptions, DatabaseProgress, GeneratedDatabase } from './database/generate-database.js';
export { synthProblems } from './problems.js';
