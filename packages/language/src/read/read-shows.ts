// Reads what a definition gave to `show()` while it was debugged: nodes as in a definition, and for each call the series that
// stand side by side. It comes from the definition's process, so it is checked like a definition.
import { domainOf, typeOf } from '../model/check.js';
import { patientDomain } from '../model/domain.js';
import type { NamedSeries, Series } from '../model/nodes.js';
import { nodePool, type NodePool } from '../model/pool.js';
import * as read from './fields.js';
import { Malformed, type Json } from './fields.js';
import { earlier, type Earlier } from './read-node.js';
import { orProblem, readNodes } from './read-definition.js';

export interface Show {
  /** The file relative to the working folder, and the line of the call. */
  readonly path: string;
  readonly line: number;
  readonly label?: string;
  /** How many rows from the start and from the end; all when neither is there. */
  readonly head?: number;
  readonly tail?: number;
  /** The patients that have a row; all when absent. */
  readonly only?: Series;
  /** Side by side: one value a patient each, or the rows of one table. */
  readonly columns: readonly NamedSeries[];
  /** The columns that are differences of dates, in days. */
  readonly days: readonly string[];
}

/** @param pool that of the definition, so that both speak of the same nodes */
export function readShows(json: unknown, pool: NodePool = nodePool()) {
  return orProblem(() => {
    const f = read.fields(json, 'shows');
    const refer = earlier(readNodes(f.take('nodes'), pool));
    const shows = read.list(f.take('shows'), 'shows').map((item, i) => readShow(item, `shows[${i}]`, refer));
    f.end();
    return { shows };
  });
}

function readShow(json: Json, where: string, refer: Earlier): Show {
  const f = read.fields(json, where);
  const optional = <T>(name: string, reader: (value: Json, at: string) => T): T | undefined => {
    const value = f.take(name);
    return value === null ? undefined : reader(value, `${where}.${name}`);
  };
  const [label, head, tail] = [
    optional('label', read.text),
    optional('head', read.integer),
    optional('tail', read.integer),
  ];
  const only = optional('only', (value, at) => refer.series(value, at));
  if (only && (typeOf(only) !== 'bool' || domainOf(only) !== patientDomain)) {
    throw new Malformed(where, 'expected a bool for each patient');
  }
  const columns = read.list(f.take('columns'), `${where}.columns`).map((item) => {
    const [name, index] = read.pair(item, `${where}.columns`);
    const series = refer.series(index, `${where}.columns`);
    if (series.kind === 'value_set' || series.kind === 'combine_as_set')
      throw new Malformed(where, 'a set is no column');
    return { name: read.text(name, where), series };
  });
  const domains = new Set(columns.map((c) => domainOf(c.series)).filter((d) => d !== patientDomain));
  if (domains.size > 1) throw new Malformed(where, 'the columns have rows of different tables');
  const days = read.list(f.take('days'), `${where}.days`).map((name) => read.text(name, `${where}.days`));
  const show = { path: read.text(f.take('path'), where), line: read.integer(f.take('line'), where), columns, days };
  f.end();
  return {
    ...show,
    ...(label === undefined ? {} : { label }),
    ...(head === undefined ? {} : { head }),
    ...(tail === undefined ? {} : { tail }),
    ...(only === undefined ? {} : { only }),
  };
}
