// Where each action of a pipeline stands in the drawing: left to right by what it needs. Pure; the same pipeline always
// gives the same places. Laying out is the slow part (about a millisecond an action), so callers keep the result.
import { Graph, layout as dagreLayout } from '@dagrejs/dagre';

export interface GraphAction {
  readonly name: string;
  readonly needs: readonly string[];
  /** How many level marks stand in the box, at its right end. */
  readonly marks: number;
}

/** Top left corner and size, in pixels. */
export interface Box {
  readonly name: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Arrow {
  readonly from: string;
  readonly to: string;
  /** From box to box, left to right. */
  readonly points: readonly Point[];
}

export interface GraphLayout {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly Box[];
  readonly arrows: readonly Arrow[];
}

/** A drawing of more actions than this can't be read; a list by stage is shown instead. */
export const mostDrawnActions = 300;
/**
 * Nor one whose arrows pass more stages than this, all together. Laying out takes longer than in proportion to it: half a second
 * for so many, minutes for ten times as many, and the process does nothing else meanwhile.
 */
const mostPassedStages = 1000;

const characterWidth = 7.9;
const longestShownName = 34;
const boxHeight = 32;
const markWidth = 20;

/** The name as it fits into its box; the whole name is in the box's title. */
export const shownName = (name: string): string =>
  name.length > longestShownName ? `${name.slice(0, longestShownName - 1)}…` : name;

const widthOf = (action: GraphAction): number =>
  Math.ceil(shownName(action.name).length * characterWidth) + 42 + action.marks * markWidth;

/** Needs that name no action of the list are left out. */
export function layOut(actions: readonly GraphAction[]): GraphLayout {
  const graph = new Graph({ directed: true });
  graph.setGraph({ rankdir: 'LR', nodesep: 16, edgesep: 8, ranksep: 48, marginx: 2, marginy: 2 });
  graph.setDefaultEdgeLabel(() => ({}));
  const names = new Set(actions.map((a) => a.name));
  for (const action of actions) graph.setNode(action.name, { width: widthOf(action), height: boxHeight });
  for (const action of actions) {
    for (const need of action.needs) if (names.has(need)) graph.setEdge(need, action.name);
  }
  dagreLayout(graph);
  const places = actions.map(({ name }) => ({ name, ...(graph.node(name) as Place) }));
  const boxes = inColumns(places);
  const byName = new Map(boxes.map((box) => [box.name, box]));
  const arrows = graph.edges().flatMap((edge: { readonly v: string; readonly w: string }): Arrow[] => {
    const from = byName.get(edge.v);
    const to = byName.get(edge.w);
    const { points } = graph.edge(edge) as { readonly points: readonly Point[] };
    return from && to ? [{ from: edge.v, to: edge.w, points: route(from, to, points) }] : [];
  });
  const size = graph.graph() as { readonly width?: number; readonly height?: number };
  return { width: Math.ceil(size.width ?? 0), height: Math.ceil(size.height ?? 0), boxes, arrows };
}

/** The middle and size that dagre gives a node. */
type Place = Readonly<Record<'x' | 'y' | 'width' | 'height', number>>;

/** Boxes of one stage share their middle; they are made as wide as the widest, so that columns have straight edges. */
function inColumns(places: readonly (Place & { readonly name: string })[]): readonly Box[] {
  const widest = new Map<number, number>();
  for (const { x, width } of places) widest.set(Math.round(x), Math.max(width, widest.get(Math.round(x)) ?? 0));
  return places.map(({ name, x, y, width, height }) => {
    const wide = widest.get(Math.round(x)) ?? width;
    return { name, x: x - wide / 2, y: y - height / 2, width: wide, height };
  });
}

/** From the right end of one box to the left end of the other, past the boxes between. */
function route(from: Box, to: Box, points: readonly Point[]): readonly Point[] {
  const middle = (box: Box) => box.y + box.height / 2;
  // dagre puts one point half-way even between neighbours; only longer arrows need the points to find their way.
  const between = points.length > 3 ? points.slice(1, -1) : [];
  return [
    { x: from.x + from.width, y: middle(from) },
    ...between.filter((p) => p.x > from.x + from.width && p.x < to.x),
    { x: to.x, y: middle(to) },
  ];
}

/** The stage of each action, counted from 1. */
function stagesOf(actions: readonly GraphAction[]): ReadonlyMap<string, number> {
  const needsOf = new Map(actions.map((a) => [a.name, a.needs]));
  const stageOf = new Map<string, number>();
  // A cycle can't be in a checked pipeline; this still ends if one is: an action being visited counts as stage 0.
  const visit = (name: string): number => {
    const known = stageOf.get(name);
    if (known !== undefined) return known;
    stageOf.set(name, 0);
    const needs = (needsOf.get(name) ?? []).filter((need) => needsOf.has(need));
    const stage = needs.reduce((latest, need) => Math.max(latest, visit(need)), 0) + 1;
    stageOf.set(name, stage);
    return stage;
  };
  for (const { name } of actions) visit(name);
  return stageOf;
}

/** Whether a drawing could be read, and made in time. */
export function isDrawable(actions: readonly GraphAction[]): boolean {
  if (actions.length > mostDrawnActions) return false;
  const stageOf = stagesOf(actions);
  let passed = 0;
  for (const { name, needs } of actions) {
    for (const need of needs) passed += (stageOf.get(name) ?? 0) - (stageOf.get(need) ?? stageOf.get(name) ?? 0);
  }
  return passed <= mostPassedStages;
}

/** Actions grouped by stage: stage 1 needs nothing, each later stage needs something of the one before it. */
export function stages(actions: readonly GraphAction[]): readonly (readonly string[])[] {
  const stageOf = stagesOf(actions);
  const groups: string[][] = [];
  for (const { name } of actions) (groups[(stageOf.get(name) ?? 1) - 1] ??= []).push(name);
  return groups.filter((group) => group !== undefined);
}
