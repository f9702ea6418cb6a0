// The order in which conditions that must all hold are steered: what leaves one column no choice but a set of values comes
// before what relates several, since relating them settles values that a later condition may not like.
import type { Series } from '@glovebox/language';

const known = new WeakMap<readonly Series[], readonly Series[]>();

/** The conditions, those about a single column first; otherwise in the order in which they stand. */
export function easiestFirst(conditions: readonly Series[]): readonly Series[] {
  let ordered = known.get(conditions);
  if (!ordered) {
    const [easy, others] = [[] as Series[], [] as Series[]];
    for (const condition of conditions) (columnIn(condition) === 'several' ? others : easy).push(condition);
    known.set(conditions, (ordered = [...easy, ...others]));
  }
  return ordered;
}

const chains = new WeakMap<Series, readonly Series[]>();

/** What must hold for a chain of `and` to hold. */
export function conjunctsOf(condition: Series): readonly Series[] {
  if (condition.kind !== 'and') return [condition];
  let found = chains.get(condition);
  if (!found) chains.set(condition, (found = [...conjunctsOf(condition.left), ...conjunctsOf(condition.right)]));
  return found;
}

type Columns = 'none' | 'several' | Series;
const columns = new WeakMap<Series, Columns>();

/** The only column that a series depends on; `several` for rows that are counted. */
function columnIn(series: Series): Columns {
  let found = columns.get(series);
  if (found === undefined) columns.set(series, (found = findColumn(series)));
  return found;
}

function findColumn(series: Series): Columns {
  switch (series.kind) {
    case 'value':
    case 'value_set':
    case 'parameter':
      return 'none';
    case 'select_column':
      return series;
    case 'exists':
    case 'count':
    case 'count_distinct':
    case 'count_episodes':
    case 'combine_as_set':
    case 'min':
    case 'max':
    case 'sum':
    case 'mean':
      return 'several';
    case 'case':
      return together([
        ...series.cases.flatMap(({ when, then }) => (then ? [when, then] : [when])),
        ...(series.otherwise ? [series.otherwise] : []),
      ]);
    case 'maximum_of':
    case 'minimum_of':
      return together(series.sources);
    default:
      return together('left' in series ? [series.left, series.right] : [series.source]);
  }
}

function together(parts: readonly Series[]): Columns {
  let found: Columns = 'none';
  for (const part of parts) {
    const column = columnIn(part);
    if (column === 'none' || column === found) continue;
    if (column === 'several' || found !== 'none') return 'several';
    found = column;
  }
  return found;
}
