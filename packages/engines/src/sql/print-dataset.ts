// A dataset definition as SQL text for people to read: every statement that a database would run, in order.
import type { DatasetDefinition } from '@glovebox/language';
import { datasetSql } from './dataset.js';
import { duckdb } from './dialects/duckdb/dialect.js';
import type { Dialect } from './dialect.js';
import { literalOf, sqlTypeOf } from './plan/compile.js';
import type { Upload } from './plan/uploads.js';
import { dropTable, printExpression, printSteps } from './printer.js';
import { nullLiteral } from './tree/index.js';

/** How many rows one INSERT of a printed temporary table holds. */
const rowsPerInsert = 1000;

/**
 * @returns statements, each ended by a semicolon and a line break.
 * @throws ProblemError as `datasetSql`.
 */
export function printDatasetSql(definition: DatasetDefinition, dialect: Dialect = duckdb): string {
  const { statements, uploads } = datasetSql(definition, dialect);
  const all = [
    ...uploads.flatMap((upload) => printUpload(upload, dialect)),
    ...statements.flatMap(({ statement }) => {
      const { before, query, after } = printSteps(statement, dialect);
      return [...before, query, ...after];
    }),
    ...(dialect.stages === 'tables' ? uploads.map(({ name }) => dropTable(name, dialect)) : []),
  ];
  const last = String(all.length).padStart(3, '0');
  return all.map((sql, at) => `-- Run query ${String(at + 1).padStart(3, '0')} / ${last}\n${sql};\n`).join('\n');
}

function printUpload({ name, columns, rows }: Upload, dialect: Dialect): readonly string[] {
  const list = columns.map((c) => `${dialect.quote(c.name)} ${dialect.typeName(sqlTypeOf(c.type))}`).join(', ');
  const statements = [dialect.createTable(name, list)];
  for (let at = 0; at < rows.length; at += rowsPerInsert) {
    const tuples = rows.slice(at, at + rowsPerInsert).map((row) => {
      const values = columns.map(({ type }, index) => {
        const value = row[index] ?? null;
        return printExpression(value === null ? nullLiteral : literalOf(type, value), dialect);
      });
      return `(${values.join(', ')})`;
    });
    statements.push(`INSERT INTO ${dialect.quote(name)} VALUES\n${tuples.join(',\n')}`);
  }
  return statements;
}
