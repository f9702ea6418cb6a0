// Which rows of its table a frame has, as one condition on the row. Frames that build on one another share the
// condition of the part they have in common.
import type { Binary, Frame, Pick, Series, Table } from '@glovebox/language';

/** The table of many rows below a frame; undefined for a frame with at most one row a patient. */
export function tableOf(frame: Frame): Table | undefined {
  let step: Frame = frame;
  while (step.kind === 'filter' || step.kind === 'sort' || step.kind === 'pick') step = step.source;
  return step.kind === 'table' && step.rows === 'many' ? step : undefined;
}

/** Gives the conditions of frames; equal parts of them are one node. */
export type Membership = (frame: Frame) => Series | undefined;

/** Undefined stands for every row. Only rows for which the condition is true belong to the frame. */
export function memberships(): Membership {
  const ofFrame = new Map<Frame, Series | undefined>();
  return (frame) => {
    const chain: Frame[] = [];
    let step = frame;
    while ((step.kind === 'filter' || step.kind === 'sort' || step.kind === 'pick') && !ofFrame.has(step)) {
      chain.push(step);
      step = step.source;
    }
    let condition = ofFrame.get(step);
    for (const link of chain.toReversed()) {
      if (link.kind === 'filter') condition = both(condition, link.condition);
      ofFrame.set(link, condition);
    }
    return condition;
  };
}

const conjunctions = new WeakMap<Series, WeakMap<Series, Binary>>();
const made = new WeakSet<Series>();

/** Whether a node is one of ours: it joins the conditions of several frames, so the model's rules don't apply to it. */
export const isConjunction = (node: Series): boolean => made.has(node);

function both(left: Series | undefined, right: Series): Series {
  if (left === undefined) return right;
  let ofLeft = conjunctions.get(left);
  if (!ofLeft) conjunctions.set(left, (ofLeft = new WeakMap()));
  let node = ofLeft.get(right);
  if (!node) {
    node = { kind: 'and', left, right };
    ofLeft.set(right, node);
    made.add(node);
  }
  return node;
}

/**
 * The conditions that all hold when a condition is true.
 *
 * @param isWhole conditions that are not to be taken apart.
 */
export function conjunctsOf(
  condition: Series | undefined,
  isWhole: (node: Series) => boolean = () => false,
): readonly Series[] {
  const found: Series[] = [];
  const stack = condition === undefined ? [] : [condition];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (node.kind === 'and' && !isWhole(node)) stack.push(node.right, node.left);
    else found.push(node);
  }
  return found;
}

/** The frame of the rows that an event series is about: that of the columns it reads. */
export function frameOf(series: Series, operandsInOrder: readonly Series[]): Frame {
  for (const node of operandsInOrder) {
    if (node.kind === 'select_column' && tableOf(node.source) !== undefined && !isPick(node.source)) return node.source;
  }
  throw new Error(`${series.kind} reads no rows`);
}

const isPick = (frame: Frame): frame is Pick => frame.kind === 'pick';

/** One condition that is true when all are; undefined for none. */
export function joinConditions(conditions: readonly Series[]): Series | undefined {
  return conditions.reduce<Series | undefined>((all, condition) => both(all, condition), undefined);
}
