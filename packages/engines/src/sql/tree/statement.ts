// A whole statement: named stages in order, each of which may read those before it, then the query that gives the result.
import type { QueryNode } from './select.js';

export interface StageNode {
  readonly name: string;
  readonly query: QueryNode;
}
export interface StatementNode {
  readonly kind: 'statement';
  readonly stages: readonly StageNode[];
  readonly body: QueryNode;
}

export const statement = (stages: readonly StageNode[], body: QueryNode): StatementNode =>
  Object.freeze({ kind: 'statement', stages, body });
