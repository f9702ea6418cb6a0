// Reads where the study wrote the nodes of its definition. It comes from the definition's process, so it is checked like a
// definition; nothing but messages depends on it.
import type { NodePool } from '../model/pool.js';
import { notePlace } from '../model/places.js';
import * as read from './fields.js';
import { earlier } from './read-node.js';
import { orProblem, readNodes } from './read-definition.js';

/**
 * @param document the definition's own, read before
 * @param pool that of the definition, whose nodes are given their places (see `placeOf`)
 * @param onMachine a path in the eyes of the definition as the caller knows it
 */
export function readPlaces(json: unknown, document: unknown, pool: NodePool, onMachine: (path: string) => string) {
  return orProblem(() => {
    const refer = earlier(readNodes((document as Record<string, unknown>)['nodes'], pool));
    for (const item of read.list(json, 'places')) {
      const [index, written] = read.pair(item, 'places');
      const f = read.fields(written, 'places');
      const [path, line, text] = [f.take('path'), f.take('line'), f.take('text')];
      f.end();
      notePlace(refer.series(index, 'places'), {
        path: onMachine(read.text(path, 'places')),
        line: read.integer(line, 'places'),
        text: read.text(text, 'places'),
      });
    }
    return {};
  });
}
