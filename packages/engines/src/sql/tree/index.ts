// The SQL tree: one file per node, plain immutable data and a factory each.
export * from './aggregate.js';
export * from './binary.js';
export * from './call.js';
export * from './case.js';
export * from './cast.js';
export * from './column.js';
export * from './expression.js';
export * from './extract.js';
export * from './in-list.js';
export * from './in-query.js';
export * from './is-null.js';
export * from './literal.js';
export * from './prefix.js';
export * from './record.js';
export * from './relation.js';
export * from './select.js';
export * from './statement.js';
