export type { ResultColumn, ResultTable, Row, TableRows, Tables } from './tables.js';
