// Parsers of SQL that are not ours: PostgreSQL's own, and the published grammars of Trino and SQL Server. They say whether
// printed SQL is SQL of that database; what it means they don't know.
import { createRequire } from 'node:module';

/** Each a short sentence with a place; none for SQL that can be read. */
export type SyntaxErrors = readonly string[];

export const sqlParsers = {
  /** PostgreSQL 18. */
  async postgres(sql: string): Promise<SyntaxErrors> {
    const { loadModule, parseSync } = await import('libpg-query');
    await loadModule();
    try {
      parseSync(sql);
      return [];
    } catch (error) {
      return [String(error)];
    }
  },
  async trino(sql: string): Promise<SyntaxErrors> {
    const { TrinoSQL } = await import('dt-sql-parser/dist/parser/trino/index.js');
    return new TrinoSQL().validate(sql).map((found) => `${found.startLine}:${found.startColumn} ${found.message}`);
  },
  mssql(sql: string): Promise<SyntaxErrors> {
    // Written for CommonJS, with imports in a circle that only `require` gets through.
    const require = createRequire(import.meta.url);
    const { antlr4tsSQL: Reader, SQLDialect } = require('antlr4ts-sql') as typeof import('antlr4ts-sql');
    const errors: string[] = [];
    const listener = {
      syntaxError: (_recogniser: unknown, _symbol: unknown, line: number, column: number, message: string): void => {
        errors.push(`${line}:${column} ${message.slice(0, 200)}`);
      },
    };
    const reader = new Reader(SQLDialect.TSQL);
    reader.getParseTree(reader.getParser(reader.getTokens(sql, [listener]), [listener]));
    return Promise.resolve(errors);
  },
};
