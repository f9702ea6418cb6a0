// A case of many conditions that only looks one series up among constants, which `map_values` makes of a codelist with a
// category for each code. Evaluated like any other case it would cost a column for each code.
import {
  childrenOf,
  topologicalOrder,
  type Case,
  type Node,
  type Nullable,
  type Scalar,
  type Series,
} from '@glovebox/language';

export interface Lookup {
  readonly source: Series;
  readonly results: ReadonlyMap<Scalar, Nullable>;
}

/** Below this the plain way is quick enough, and plainer. */
const fewest = 32;

const known = new WeakMap<Case, Lookup | undefined>();

/** What a case looks up, or nothing if it is not such a case. The first condition that names a value decides. */
export function lookupOf(node: Case): Lookup | undefined {
  if (node.cases.length < fewest) return undefined;
  if (!known.has(node)) known.set(node, makeLookup(node));
  return known.get(node);
}

function makeLookup({ cases }: Case): Lookup | undefined {
  const results = new Map<Scalar, Nullable>();
  let source: Series | undefined;
  for (const { when, then } of cases) {
    const tested = testedValues(when);
    if (!tested || (then !== null && then.kind !== 'value')) return undefined;
    source ??= tested.source;
    if (tested.source !== source) return undefined;
    for (const value of tested.values) if (!results.has(value)) results.set(value, then === null ? null : then.value);
  }
  return source && { source, results };
}

/** Of `source == value` and `source.is_in(values)`, the two. */
function testedValues(when: Series): { readonly source: Series; readonly values: readonly Scalar[] } | undefined {
  if (when.kind === 'in' && when.right.kind === 'value_set') return { source: when.left, values: when.right.values };
  if (when.kind !== 'eq' || when.right.kind !== 'value' || when.left.kind === 'value') return undefined;
  return { source: when.left, values: [when.right.value] };
}

/** Every node that must be evaluated for the roots, children before parents: the conditions of a lookup need not be. */
export function evaluationOrder(roots: readonly Series[]): readonly Node[] {
  return topologicalOrder(roots, (node) => {
    const lookup = node.kind === 'case' ? lookupOf(node) : undefined;
    if (!lookup) return childrenOf(node);
    const { otherwise } = node as Case;
    return otherwise === null ? [lookup.source] : [lookup.source, otherwise];
  });
}
