// What differs between databases. A dialect is data: how it spells names, constants and types, which few operations it
// has its own words for, and what it can do. Everything else is printed and planned alike for all.
import type { CallNode, DatePart, ExpressionNode, FieldNode, LiteralNode, RecordNode, SqlType } from './tree/index.js';

/** Operations that SQL has no common spelling for. All give NULL when an operand is NULL. */
export interface Primitives {
  readonly addDays: (date: ExpressionNode, days: ExpressionNode) => ExpressionNode;
  /** The first day of the month that is so many months after the month of the date. */
  readonly monthStart: (date: ExpressionNode, monthsLater: ExpressionNode | undefined) => ExpressionNode;
  readonly yearStart: (date: ExpressionNode) => ExpressionNode;
  readonly daysBetween: (later: ExpressionNode, earlier: ExpressionNode) => ExpressionNode;
  /** Whether the text holds the part literally; `%` and `_` mean themselves. */
  readonly contains: (text: ExpressionNode, part: ExpressionNode) => ExpressionNode;
  /** A whole float as an integer; NULL when it is none of 64 bits. */
  readonly toInteger: (value: ExpressionNode) => ExpressionNode;
  /** Division of integers that forgets the rest. */
  readonly divideTruncating: (left: ExpressionNode, right: ExpressionNode) => ExpressionNode;
  /** The greatest or least of the values that are not NULL. */
  readonly extreme: (which: 'greatest' | 'least', values: readonly ExpressionNode[]) => ExpressionNode;
  /** The distinct values that are not NULL as one list; NULL when there are none. */
  readonly collectSet: (value: ExpressionNode, filter: ExpressionNode | undefined) => ExpressionNode;
  readonly setContains: (set: ExpressionNode, value: ExpressionNode) => ExpressionNode;
  /** The dates that are not NULL as one list, ascending; NULL when there are none. */
  readonly collectDates: (value: ExpressionNode, filter: ExpressionNode | undefined) => ExpressionNode;
  /** How many episodes an ascending list of dates makes: a gap of more than `maximumGapDays` starts a new one. */
  readonly countEpisodes: (dates: ExpressionNode, maximumGapDays: number) => ExpressionNode;
  /** Whether the condition is true in any row; NULL or false when in none. */
  readonly anyTrue: (condition: ExpressionNode) => ExpressionNode;
}

export interface Dialect {
  readonly name: string;
  quote(identifier: string): string;
  literal(node: LiteralNode): string;
  typeName(type: SqlType): string;
  readonly primitives: Primitives;
  /** Overrides of single nodes; the print function given is the printer's own. */
  readonly print?: {
    record?(node: RecordNode, print: (node: ExpressionNode) => string): string;
    field?(node: FieldNode, print: (node: ExpressionNode) => string): string;
    call?(node: CallNode, print: (node: ExpressionNode) => string): string | undefined;
    extract?(part: DatePart, operand: string): string;
  };
}
