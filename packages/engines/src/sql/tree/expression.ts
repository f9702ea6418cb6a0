// Every kind of expression. The set is closed: a printer that forgets one doesn't compile.
import type { AggregateNode } from './aggregate.js';
import type { BinaryNode } from './binary.js';
import type { CallNode } from './call.js';
import type { CaseNode } from './case.js';
import type { CastNode } from './cast.js';
import type { ColumnNode } from './column.js';
import type { ExistsNode } from './exists.js';
import type { ExtractNode } from './extract.js';
import type { InListNode } from './in-list.js';
import type { InQueryNode } from './in-query.js';
import type { IsNullNode } from './is-null.js';
import type { LiteralNode } from './literal.js';
import type { PrefixNode } from './prefix.js';
import type { FieldNode, RecordNode } from './record.js';
import type { WindowNode } from './window.js';

export type ExpressionNode =
  | AggregateNode
  | BinaryNode
  | CallNode
  | CaseNode
  | CastNode
  | ColumnNode
  | ExistsNode
  | ExtractNode
  | FieldNode
  | InListNode
  | InQueryNode
  | IsNullNode
  | LiteralNode
  | PrefixNode
  | RecordNode
  | WindowNode;
