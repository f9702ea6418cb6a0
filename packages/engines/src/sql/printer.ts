// SQL tree to text. Standard SQL by default; a dialect overrides single nodes. Brackets are derived from a table of
// binding strengths, never guessed, and every name and constant passes through the dialect's quoting. The text has no
// indentation: it would grow with the square of the depth, and change constants that hold line breaks.
import type { Dialect } from './dialect.js';
import type { BinaryOperator, ExpressionNode, FromNode, QueryNode, SelectNode, StatementNode } from './tree/index.js';

/** Higher binds tighter. */
const strength: Record<BinaryOperator, number> = {
  or: 1,
  and: 2,
  '=': 4,
  '<>': 4,
  '<': 4,
  '<=': 4,
  '>': 4,
  '>=': 4,
  '&': 5,
  '|': 5,
  '+': 6,
  '-': 6,
  '*': 7,
  '/': 7,
  '//': 7,
  '%': 7,
};
const notStrength = 3;
const testStrength = 4;
const signStrength = 8;
const atomStrength = 9;

/** Operators for which `a op (b op c)` is `(a op b) op c`. */
const associative = new Set<BinaryOperator>(['and', 'or']);

function strengthOf(node: ExpressionNode): number {
  switch (node.kind) {
    case 'binary':
      return strength[node.operator];
    case 'prefix':
      return node.operator === 'not' ? notStrength : signStrength;
    case 'is_null':
    case 'in_list':
    case 'in_query':
      return testStrength;
    case 'literal':
      return node.type === 'int' || node.type === 'float' ? signStrength : atomStrength;
    default:
      return atomStrength;
  }
}

/**
 * Prints a statement.
 *
 * @returns SQL without a closing semicolon.
 * @example
 * printStatement(statement([], select({ columns: [{ name: 'one', value: intLiteral(1) }] })), duckdb);
 * // SELECT 1 AS "one"
 */
export function printStatement(node: StatementNode, dialect: Dialect): string {
  const stages = node.stages.map(({ name, query }) => `${dialect.quote(name)} AS (\n${printQuery(query, dialect)}\n)`);
  const body = printQuery(node.body, dialect);
  return stages.length === 0 ? body : `WITH ${stages.join(',\n')}\n${body}`;
}

/** Prints a query on its own. */
export function printQuery(node: QueryNode, dialect: Dialect): string {
  if (node.kind === 'select') return printSelect(node, dialect);
  return node.queries.map((query) => printSelect(query, dialect)).join(node.all ? '\nUNION ALL\n' : '\nUNION\n');
}

function printSelect(node: SelectNode, dialect: Dialect): string {
  const print = (expression: ExpressionNode): string => printExpression(expression, dialect);
  const columns = [
    ...node.everythingOf.map((alias) => `${dialect.quote(alias)}.*`),
    ...node.columns.map(({ name, value }) => `${print(value)} AS ${dialect.quote(name)}`),
  ];
  const lines = [`SELECT${node.distinct ? ' DISTINCT' : ''} ${columns.join(',\n  ')}`];
  for (const [index, source] of node.from.entries()) lines.push(printFrom(source, index, dialect));
  if (node.where) lines.push(`WHERE ${print(node.where)}`);
  if (node.groupingSets) {
    const sets = node.groupingSets.map((set) => `(${set.map((at) => print(node.groupBy[at]!)).join(', ')})`);
    lines.push(`GROUP BY GROUPING SETS (${sets.join(', ')})`);
  } else if (node.groupBy.length > 0) lines.push(`GROUP BY ${node.groupBy.map(print).join(', ')}`);
  if (node.having) lines.push(`HAVING ${print(node.having)}`);
  if (node.orderBy.length > 0) {
    lines.push(`ORDER BY ${node.orderBy.map((by) => `${print(by)} ASC NULLS FIRST`).join(', ')}`);
  }
  return lines.join('\n');
}

function printFrom(node: FromNode, index: number, dialect: Dialect): string {
  const relation =
    node.relation.kind === 'named'
      ? dialect.quote(node.relation.name)
      : `(\n${printQuery(node.relation.query, dialect)}\n)`;
  const aliased = `${relation} AS ${dialect.quote(node.alias)}`;
  if (index === 0 || !node.join) return `FROM ${aliased}`;
  const on = node.join.on ? ` ON ${printExpression(node.join.on, dialect)}` : '';
  return `${node.join.type.toUpperCase()} JOIN ${aliased}${on}`;
}

/** Prints an expression. */
export function printExpression(node: ExpressionNode, dialect: Dialect): string {
  const print = (inner: ExpressionNode): string => printExpression(inner, dialect);
  /** In brackets unless it binds at least as tightly as asked. */
  const bound = (inner: ExpressionNode, least: number): string =>
    strengthOf(inner) >= least ? print(inner) : `(${print(inner)})`;
  switch (node.kind) {
    case 'column':
      return node.relation === undefined
        ? dialect.quote(node.name)
        : `${dialect.quote(node.relation)}.${dialect.quote(node.name)}`;
    case 'literal':
      return dialect.literal(node);
    case 'call':
      return dialect.print?.call?.(node, print) ?? `${node.name}(${node.args.map(print).join(', ')})`;
    case 'binary': {
      const least = strength[node.operator];
      const right = associative.has(node.operator) ? least : least + 1;
      // Comparisons don't associate at all: both sides need brackets when they are comparisons themselves.
      const left = least === testStrength ? least + 1 : least;
      return `${bound(node.left, left)} ${node.operator.toUpperCase()} ${bound(node.right, right)}`;
    }
    case 'prefix':
      return node.operator === 'not'
        ? `NOT ${bound(node.operand, notStrength)}`
        : `-${bound(node.operand, atomStrength)}`;
    case 'is_null':
      return `${bound(node.operand, testStrength + 1)} IS ${node.negated ? 'NOT NULL' : 'NULL'}`;
    case 'case': {
      const arms = node.arms.map((arm) => `WHEN ${print(arm.when)} THEN ${print(arm.then)}`);
      return `CASE ${arms.join(' ')}${node.otherwise ? ` ELSE ${print(node.otherwise)}` : ''} END`;
    }
    case 'cast':
      return `CAST(${print(node.operand)} AS ${dialect.typeName(node.type)})`;
    case 'extract':
      return (
        dialect.print?.extract?.(node.part, print(node.operand)) ??
        `EXTRACT(${node.part.toUpperCase()} FROM ${print(node.operand)})`
      );
    case 'in_list':
      return `${bound(node.operand, testStrength + 1)} IN (${node.items.map(print).join(', ')})`;
    case 'in_query':
      return `${bound(node.operand, testStrength + 1)} IN (\n${printQuery(node.query, dialect)}\n)`;
    case 'aggregate': {
      const args = node.args.length === 0 ? '*' : node.args.map(print).join(', ');
      const filter = node.filter ? ` FILTER (WHERE ${print(node.filter)})` : '';
      return `${node.name}(${node.distinct ? 'DISTINCT ' : ''}${args})${filter}`;
    }
    case 'record':
      if (!dialect.print?.record) throw new Error(`${dialect.name} has no records`);
      return dialect.print.record(node, print);
    case 'field':
      if (!dialect.print?.field) throw new Error(`${dialect.name} has no records`);
      return dialect.print.field(node, print);
  }
}
