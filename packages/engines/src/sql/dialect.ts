// What differs between databases. A dialect is data: how it spells names, constants and types, which few operations it
// has its own words for, and what it can do. Everything else is printed and planned alike for all.
import type { Series } from '@glovebox/language';
import type { BinaryOperator, CallNode, DatePart, ExpressionNode, LiteralNode, SqlType } from './tree/index.js';

/** Operations that SQL has no common spelling for. All give NULL when an operand is NULL. */
export interface Primitives {
  readonly addDays: (date: ExpressionNode, days: ExpressionNode) => ExpressionNode;
  /** The first day of the month that is so many months after the month of the date. */
  readonly monthStart: (date: ExpressionNode, monthsLater: ExpressionNode | undefined) => ExpressionNode;
  /** The same day of another month, the first of the month after where there is no such day; by `monthStart` if absent. */
  readonly addMonths?: (date: ExpressionNode, months: ExpressionNode) => ExpressionNode;
  readonly yearStart: (date: ExpressionNode) => ExpressionNode;
  readonly daysBetween: (later: ExpressionNode, earlier: ExpressionNode) => ExpressionNode;
  /** Whether the text holds the part literally; `%` and `_` mean themselves. */
  readonly contains: (text: ExpressionNode, part: ExpressionNode) => ExpressionNode;
  /** 1 for true and 0 for false. */
  readonly conditionToInteger: (condition: ExpressionNode) => ExpressionNode;
  /** A whole float as an integer; NULL when it is none of 64 bits. */
  readonly toInteger: (value: ExpressionNode) => ExpressionNode;
  /** Division of integers that forgets the rest. */
  readonly divideTruncating: (left: ExpressionNode, right: ExpressionNode) => ExpressionNode;
  /** Calculation with floats, which may be infinite; by the operator itself, and `pow`, if absent. */
  readonly floatArithmetic?: (
    operation: '+' | '-' | '*' | '/' | 'pow',
    left: ExpressionNode,
    right: ExpressionNode,
  ) => ExpressionNode;
  /** The greatest or least of the values that are not NULL. */
  readonly extreme: (which: 'greatest' | 'least', values: readonly ExpressionNode[]) => ExpressionNode;
  /** The sum of the values that are not NULL, as wide as the type allows. */
  readonly sum: (value: ExpressionNode, type: SqlType, filter: ExpressionNode | undefined) => ExpressionNode;
  /** The mean as a float. */
  readonly mean: (value: ExpressionNode, type: SqlType, filter: ExpressionNode | undefined) => ExpressionNode;
  /** Whether the condition is true in any row; NULL or false when in none. */
  readonly anyTrue: (condition: ExpressionNode) => ExpressionNode;
  /** All bits that are set in any of the integers; absent where no aggregate does that. */
  readonly anyBits?: (value: ExpressionNode) => ExpressionNode;
  readonly lists?: ListPrimitives;
  readonly episodes?: EpisodePrimitives;
}

/** For databases that have lists. */
export interface ListPrimitives {
  /** The distinct values that are not NULL as one list; NULL when there are none. */
  readonly collectSet: (value: ExpressionNode, filter: ExpressionNode | undefined) => ExpressionNode;
  readonly setContains: (set: ExpressionNode, value: ExpressionNode) => ExpressionNode;
}
export interface EpisodePrimitives {
  /** The dates that are not NULL as one list, ascending; NULL when there are none. */
  readonly collectDates: (value: ExpressionNode, filter: ExpressionNode | undefined) => ExpressionNode;
  /** How many episodes an ascending list of dates makes: a gap of more than `maximumGapDays` starts a new one. */
  readonly countEpisodes: (dates: ExpressionNode, maximumGapDays: number) => ExpressionNode;
}

export interface Dialect {
  readonly name: string;
  /**
   * How first and last rows are found. `records`: as the least or greatest record of the sort keys, an aggregate like any
   * other. `windows`: rows are numbered in a query below the aggregates, which then read plain columns only; episodes are
   * counted so too where `episodes` is absent.
   */
  readonly picks: 'records' | 'windows';
  /**
   * Where the stages of a statement are. `with`: in front of it, each computed once. `tables`: in temporary tables, for
   * databases that would compute a stage again for each use.
   */
  readonly stages: 'with' | 'tables';
  /** Whether a condition is a value, which can be selected and compared. */
  readonly hasConditionValues: boolean;
  /** Whether an aggregate can have a filter, and an order say where NULL stands. */
  readonly hasFilter: boolean;
  readonly hasNullOrder: boolean;
  /** Whether measures may be about several intervals in one statement, which takes its words for bits: `xor`, `bit_count`. */
  readonly joinsIntervals: boolean;
  /** The column of every temporary table that numbers its rows; where there is none, a window does when one is made. */
  readonly rowNumber?: string;
  /** How deep one CASE of a definition may stand in another before it becomes a column; as deep as it likes if absent. */
  readonly deepestCase?: number;
  /** Whether this dialect's spelling of a series repeats its operands, beside those that all repeat. */
  repeats(node: Series): boolean;
  /** Ends a query that is not to be merged into the one around it, which would compute its columns once for each use. */
  readonly fence?: string;
  /** The name of a temporary table or stage. */
  temporaryName(stem: string): string;
  /** How a temporary table begins, and one that a query fills. */
  createTable(name: string, columns: string): string;
  createTableAs(name: string, query: string): string;
  quote(identifier: string): string;
  literal(node: LiteralNode): string;
  typeName(type: SqlType): string;
  /** A text as the query language compares it, by code points, whatever the order of the database; itself if absent. */
  text?(value: ExpressionNode): ExpressionNode;
  readonly primitives: Primitives;
  /** Its own words for single nodes, which must bind as tightly as a call; undefined prints as everywhere. */
  print?: {
    call?(node: CallNode, print: Print): string | undefined;
    aggregateName?(name: string): string;
    record?(fields: readonly { readonly name: string; readonly value: string }[]): string;
    field?(record: string, name: string): string;
    extract?(part: DatePart, operand: string): string;
    binary?(operator: BinaryOperator, left: ExpressionNode, right: ExpressionNode, print: Print): string | undefined;
  };
}

type Print = (node: ExpressionNode) => string;
