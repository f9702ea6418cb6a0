// The frames that a shown value goes through, each as a table of its own: the rows of a table, then what each filter leaves,
// then the row that is picked. They have the columns that the definition uses anyway, so that looking at them asks for no
// more data.
import {
  columnsUsed,
  describeStep,
  domainOf,
  isFrame,
  topologicalOrder,
  type Column,
  type Frame,
  type NamedSeries,
  type Node,
  type Series,
  type Show,
} from '@glovebox/language';

/** Rows of an intermediate table that are shown; enough to see what a filter did. */
const mostRows = 20;

/** @param roots everything that the definition and its shows use */
export function intermediateFrames(show: Show, roots: readonly Series[]): readonly Show[] {
  const used = columnsUsed(roots);
  const of = [...show.columns.map(({ series }) => series), ...(show.only ? [show.only] : [])];
  return topologicalOrder(of)
    .filter((node): node is Frame => isFrame(node) && node.kind !== 'sort')
    .map((frame) => ({
      path: show.path,
      line: show.line,
      label: describeStep(frame),
      head: mostRows,
      days: [],
      ...shownAs(frame, columnsOf(frame, used)),
    }));
}

function columnsOf(frame: Frame, used: ReadonlyMap<Node, readonly string[]>): readonly string[] {
  let base = frame;
  while (base.kind === 'filter' || base.kind === 'sort' || base.kind === 'pick') base = base.source;
  return base.kind === 'table' ? (used.get(base) ?? []) : base.columns.map((column: Column) => column.name);
}

function shownAs(frame: Frame, names: readonly string[]): Pick<Show, 'columns' | 'only'> {
  const columns = names.map((name): NamedSeries => ({ name, series: { kind: 'select_column', source: frame, name } }));
  const isOfPatients = columns.length === 0 || domainOf(frame).kind === 'patient';
  if (!isOfPatients) return { columns };
  const only: Series = { kind: 'exists', source: frame };
  // Without a column there is still to see who has rows, and how many.
  return { only, columns: columns.length > 0 ? columns : [{ name: 'rows', series: { kind: 'count', source: frame } }] };
}
