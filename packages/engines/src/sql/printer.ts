// SQL tree to text. Standard SQL by default; a dialect overrides single nodes. Brackets are derived from a table of
// binding strengths, never guessed, and every name and constant passes through the dialect's quoting. The text has no
// indentation: it would grow with the square of the depth, and change constants that hold line breaks.
import type { Dialect } from './dialect.js';
import type {
  AggregateNode,
  BinaryOperator,
  ExpressionNode,
  FromNode,
  QueryNode,
  SelectNode,
  StatementNode,
} from './tree/index.js';

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

/** What a database without values for conditions takes for a condition, and nothing else. */
function isCondition(node: ExpressionNode): boolean {
  switch (node.kind) {
    case 'binary':
      return strength[node.operator] <= testStrength;
    case 'prefix':
      return node.operator === 'not';
    case 'is_null':
    case 'in_list':
    case 'in_query':
    case 'exists':
      return true;
    default:
      return false;
  }
}

function strengthOf(node: ExpressionNode, dialect: Dialect): number {
  if (isCondition(node) && !dialect.hasConditionValues) return atomStrength;
  return ownStrength(node);
}

function ownStrength(node: ExpressionNode): number {
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
 * Prints a statement with its stages in front.
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

/** A statement as a database runs it: what makes its stages, the query, and what removes the stages again. */
export interface PrintedSteps {
  readonly before: readonly string[];
  readonly query: string;
  readonly after: readonly string[];
}

/** Prints a statement with its stages where the dialect wants them. */
export function printSteps(node: StatementNode, dialect: Dialect): PrintedSteps {
  if (dialect.stages === 'with') return { before: [], query: printStatement(node, dialect), after: [] };
  return {
    before: node.stages.map(({ name, query }) => dialect.createTableAs(name, printQuery(query, dialect))),
    query: printQuery(node.body, dialect),
    after: node.stages.map(({ name }) => dropTable(name, dialect)).toReversed(),
  };
}

export const dropTable = (name: string, dialect: Dialect): string => `DROP TABLE ${dialect.quote(name)}`;

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
  if (node.where) lines.push(`WHERE ${printCondition(node.where, dialect)}`);
  if (node.groupingSets) {
    const sets = node.groupingSets.map((set) => `(${set.map((at) => print(node.groupBy[at]!)).join(', ')})`);
    lines.push(`GROUP BY GROUPING SETS (${sets.join(', ')})`);
  } else if (node.groupBy.length > 0) lines.push(`GROUP BY ${node.groupBy.map(print).join(', ')}`);
  if (node.having) lines.push(`HAVING ${printCondition(node.having, dialect)}`);
  if (node.orderBy.length > 0) lines.push(printOrder(node.orderBy, false, dialect));
  if (node.isFenced && dialect.fence !== undefined) lines.push(dialect.fence);
  return lines.join('\n');
}

function printOrder(by: readonly ExpressionNode[], descending: boolean, dialect: Dialect): string {
  const way = descending ? ' DESC' : ' ASC';
  const nulls = dialect.hasNullOrder ? (descending ? ' NULLS LAST' : ' NULLS FIRST') : '';
  return `ORDER BY ${by.map((key) => `${printExpression(key, dialect)}${way}${nulls}`).join(', ')}`;
}

function printFrom(node: FromNode, index: number, dialect: Dialect): string {
  const relation =
    node.relation.kind === 'named'
      ? dialect.quote(node.relation.name)
      : `(\n${printQuery(node.relation.query, dialect)}\n)`;
  const aliased = `${relation} AS ${dialect.quote(node.alias)}`;
  if (index === 0 || !node.join) return `FROM ${aliased}`;
  const on = node.join.on ? ` ON ${printCondition(node.join.on, dialect)}` : '';
  return `${node.join.type.toUpperCase()} JOIN ${aliased}${on}`;
}

/** Prints an expression whose value is used. */
export function printExpression(node: ExpressionNode, dialect: Dialect): string {
  if (dialect.hasConditionValues || !isCondition(node)) return printNode(node, dialect);
  const condition = printNode(node, dialect);
  const isNeverNull = node.kind === 'is_null' || node.kind === 'exists';
  const isFalse = isNeverNull ? 'ELSE 0' : `WHEN NOT (${condition}) THEN 0`;
  return `CAST(CASE WHEN ${condition} THEN 1 ${isFalse} END AS ${dialect.typeName('bool')})`;
}

/** Prints an expression that is asked whether it is true. */
function printCondition(node: ExpressionNode, dialect: Dialect): string {
  if (dialect.hasConditionValues || isCondition(node)) return printNode(node, dialect);
  if (node.kind === 'literal') {
    if (node.type === 'bool') return node.value ? '1 = 1' : '1 = 0';
    return '1 = NULL';
  }
  return `${printNode(node, dialect)} = 1`;
}

function printNode(node: ExpressionNode, dialect: Dialect): string {
  const print = (inner: ExpressionNode): string => printExpression(inner, dialect);
  /** In brackets unless it binds at least as tightly as asked. */
  const bound = (inner: ExpressionNode, least: number): string =>
    strengthOf(inner, dialect) >= least ? print(inner) : `(${print(inner)})`;
  const condition = (inner: ExpressionNode, least: number): string => {
    if (dialect.hasConditionValues) return bound(inner, least);
    const own = isCondition(inner) ? ownStrength(inner) : testStrength;
    return own >= least ? printCondition(inner, dialect) : `(${printCondition(inner, dialect)})`;
  };
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
      if (least < notStrength) {
        return `${condition(node.left, least)} ${node.operator.toUpperCase()} ${condition(node.right, right)}`;
      }
      // Comparisons don't associate at all: both sides need brackets when they are comparisons themselves.
      const left = least === testStrength ? least + 1 : least;
      return (
        dialect.print?.binary?.(node.operator, node.left, node.right, print) ??
        `${bound(node.left, left)} ${node.operator} ${bound(node.right, right)}`
      );
    }
    case 'prefix':
      return node.operator === 'not'
        ? `NOT ${condition(node.operand, notStrength)}`
        : `-${bound(node.operand, atomStrength)}`;
    case 'is_null':
      return `${bound(node.operand, testStrength + 1)} IS ${node.negated ? 'NOT NULL' : 'NULL'}`;
    case 'case': {
      const arms = node.arms.map((arm) => `WHEN ${printCondition(arm.when, dialect)} THEN ${print(arm.then)}`);
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
    case 'exists':
      return `EXISTS (\n${printQuery(node.query, dialect)}\n)`;
    case 'aggregate':
      return printAggregate(node, dialect);
    case 'window': {
      const { partitionBy, orderBy } = node;
      const over = [
        ...(partitionBy.length > 0 ? [`PARTITION BY ${partitionBy.map(print).join(', ')}`] : []),
        ...(orderBy.length > 0 ? [printOrder(orderBy, node.descending, dialect)] : []),
      ];
      return `${node.name}(${node.args.map(print).join(', ')}) OVER (${over.join(' ')})`;
    }
    case 'record': {
      if (!dialect.print?.record) throw new Error(`${dialect.name} has no records`);
      return dialect.print.record(node.fields.map(({ name, value }) => ({ name, value: print(value) })));
    }
    case 'field':
      if (!dialect.print?.field) throw new Error(`${dialect.name} has no records`);
      return dialect.print.field(print(node.record), node.name);
  }
}

/** With a filter, or where there are none with values that are NULL in the other rows, which aggregates leave out. */
function printAggregate({ name, args, filter, distinct }: AggregateNode, dialect: Dialect): string {
  const spelled = dialect.print?.aggregateName?.(name) ?? name;
  const once = distinct ? 'DISTINCT ' : '';
  if (filter && !dialect.hasFilter) {
    const when = `CASE WHEN ${printCondition(filter, dialect)} THEN`;
    return `${spelled}(${once}${when} ${args[0] ? printExpression(args[0], dialect) : '1'} END)`;
  }
  const list = args.length === 0 ? '*' : args.map((arg) => printExpression(arg, dialect)).join(', ');
  return `${spelled}(${once}${list})${filter ? ` FILTER (WHERE ${printCondition(filter, dialect)})` : ''}`;
}
