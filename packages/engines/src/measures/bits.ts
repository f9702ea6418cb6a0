// An integer with a bit for each of some intervals.
import type { Interval, NodePool, Series } from '@glovebox/language';
import type { Dialect } from '../sql/dialect.js';
import { operandOrder } from '../sql/plan/graph.js';
import type { Uploads } from '../sql/plan/uploads.js';
import { binary, cast, intLiteral, type ExpressionNode } from '../sql/tree/index.js';

/** So many intervals have a bit each in an integer, with room to shift it by one. */
export const mostIntervals = 60;

export const bitOf = (at: number): bigint => 1n << BigInt(at);

export const hasBit = (value: ExpressionNode, bit: ExpressionNode): ExpressionNode =>
  binary('<>', binary('&', value, bit), intLiteral(0));

export const zero: ExpressionNode = cast(intLiteral(0), 'int');

/** Whether an interval changes what a series of a row is. */
export const moves = (series: Series): boolean =>
  operandOrder([series], () => false).some((node) => node.kind === 'parameter');

export interface BitsInput {
  readonly intervals: readonly Interval[];
  readonly pool: NodePool;
  readonly dialect: Dialect;
  readonly uploads: Uploads;
}
