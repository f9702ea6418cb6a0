// `glovebox ehrql graph-query`: the query model of a definition as a drawing, inputs on the left, results on the right. An SVG
// that stands on its own: no script, nothing loaded.
import { Graph, layout } from '@dagrejs/dagre';
import { writeText } from '@glovebox/engines';
import {
  childrenOf,
  isFrame,
  topologicalOrder,
  type DatasetDefinition,
  type MeasuresDefinition,
  type NamedSeries,
  type Node,
} from '@glovebox/language';
import { CommandFailure, type Terminal } from '../../command-line.js';
import { exitCodes, orExit } from './exit-codes.js';
import { loadDefinition } from './load-definition.js';
import { problem } from './problems.js';

export interface GraphOptions {
  readonly definition: string;
  readonly parameters: readonly string[];
  readonly output: string;
}

/** A drawing of more can't be read, and laying it out takes minutes. */
const mostNodes = 1500;

export async function graphQuery(options: GraphOptions, terminal: Terminal): Promise<void> {
  const { definition: file, parameters, output } = options;
  const loaded = await loadDefinition({ file, args: parameters, kind: 'any', isSecure: false }, terminal);
  const definition = loaded.definition.kind === 'test' ? loaded.definition.dataset : loaded.definition;
  const boxes = boxesOf(definition);
  if (boxes.length > mostNodes) {
    throw new CommandFailure(exitCodes.failed, [problem('graph-too-large', [boxes.length, mostNodes])]);
  }
  await orExit(() => writeText(draw(boxes), output));
}

interface Box {
  readonly id: string;
  readonly text: string;
  readonly kind: 'frame' | 'series' | 'result';
  readonly from: readonly string[];
}

/** What comes out of a definition, by name; a group that several measures share is one. */
function resultsOf(definition: DatasetDefinition | MeasuresDefinition): readonly NamedSeries[] {
  if (definition.kind === 'dataset') {
    return [
      { name: 'population', series: definition.population },
      ...definition.columns,
      ...definition.eventTables.flatMap((t) =>
        t.columns.map((c) => ({ name: `${t.name}.${c.name}`, series: c.series })),
      ),
    ];
  }
  const { measures } = definition;
  const groups = new Map(measures.flatMap((m) => m.groupBy.map(({ name, series }) => [`group ${name}`, series])));
  return [
    ...measures.flatMap(({ name, numerator, denominator }) => [
      { name: `${name} numerator`, series: numerator },
      { name: `${name} denominator`, series: denominator },
    ]),
    ...[...groups].map(([name, series]) => ({ name, series })),
  ];
}

function boxesOf(definition: DatasetDefinition | MeasuresDefinition): readonly Box[] {
  const results = resultsOf(definition);
  const nodes = topologicalOrder(results.map((result) => result.series));
  const ids = new Map(nodes.map((node, i) => [node, `n${i}`]));
  const steps = nodes.map((node): Box => {
    const from = childrenOf(node).map((child) => ids.get(child)!);
    return { id: ids.get(node)!, text: textOf(node), kind: isFrame(node) ? 'frame' : 'series', from };
  });
  const ends = results.map(({ name, series }, i): Box => ({
    id: `r${i}`,
    text: name,
    kind: 'result',
    from: [ids.get(series)!],
  }));
  return [...steps, ...ends];
}

const short = (text: string): string => (text.length <= 40 ? text : `${text.slice(0, 39)}…`);

function textOf(node: Node): string {
  switch (node.kind) {
    case 'table':
      return node.name;
    case 'file_table':
      return short(node.path);
    case 'select_column':
      return short(node.name);
    case 'value':
      return short(String(node.value));
    case 'parameter':
      return node.name === 'interval_start_date' ? 'start of INTERVAL' : 'end of INTERVAL';
    case 'value_set':
      return `${node.values.length} values`;
    case 'pick':
      return node.position;
    default:
      return node.kind.replaceAll('_', ' ');
  }
}

const colours = { frame: '#dbeafe', series: '#f5f5f4', result: '#dcfce7' } as const;
const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function draw(boxes: readonly Box[]): string {
  const graph = new Graph({ directed: true });
  graph.setGraph({ rankdir: 'LR', nodesep: 10, edgesep: 6, ranksep: 40, marginx: 8, marginy: 8 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { id, text } of boxes) graph.setNode(id, { width: text.length * 7.3 + 20, height: 26 });
  for (const { id, from } of boxes) for (const source of from) graph.setEdge(source, id);
  layout(graph);
  const arrows = graph.edges().map((edge: { readonly v: string; readonly w: string }) => {
    const { points } = graph.edge(edge) as { readonly points: readonly Pick<Place, 'x' | 'y'>[] };
    const path = points.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ');
    return `<polyline points="${path}" fill="none" stroke="#78716c" marker-end="url(#end)"/>`;
  });
  const drawn = boxes.map(({ id, text, kind }) => {
    const { x, y, width, height } = graph.node(id) as Place;
    const at = `x="${(x - width / 2).toFixed(1)}" y="${(y - height / 2).toFixed(1)}"`;
    const box = `<rect ${at} width="${width.toFixed(1)}" height="${height}" rx="4" fill="${colours[kind]}" stroke="#78716c"/>`;
    return `${box}<text x="${x.toFixed(1)}" y="${(y + 4).toFixed(1)}" text-anchor="middle">${escaped(text)}</text>`;
  });
  const { width = 0, height = 0 } = graph.graph() as Partial<Place>;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${Math.ceil(width)}" height="${Math.ceil(height)}" font-family="ui-monospace, monospace" font-size="12">
<defs><marker id="end" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0,0 L8,4 L0,8 z" fill="#78716c"/></marker></defs>
${[...arrows, ...drawn].join('\n')}
</svg>
`;
}
