// Where the researcher wrote a node. It is no part of the model: equal nodes are one, whoever wrote them, and a node that
// stands for another after a rewrite keeps the other's place. Only a definition that was evaluated `withPlaces` has any.
import type { Node } from './nodes.js';

export interface Place {
  /** The file relative to the working folder. */
  readonly path: string;
  /** Counts from 1. */
  readonly line: number;
  /** The expression on one line. */
  readonly text: string;
}

const places = new WeakMap<Node, Place>();

export function placeOf(node: Node): Place | undefined {
  return places.get(node);
}

/** The first place wins. */
export function notePlace(node: Node, place: Place | undefined): void {
  if (place && !places.has(node)) places.set(node, place);
}
