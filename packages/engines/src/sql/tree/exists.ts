// Whether a query has any row; the query may name columns of the one that it stands in.
import type { QueryNode } from './select.js';

export interface ExistsNode {
  readonly kind: 'exists';
  readonly query: QueryNode;
}

export const exists = (query: QueryNode): ExistsNode => Object.freeze({ kind: 'exists', query });
