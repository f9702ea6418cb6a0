// The strict reader of the one document that crosses from Python: see the README for its form. It trusts nothing: sizes,
// references, types and domains are all checked again, without recursion, and whatever is wrong becomes a problem.
import type { Problem } from '@glovebox/record';
import { checkNode, domainOf, typeOf } from '../model/check.js';
import { isIsoDate } from '../model/date.js';
import { patientDomain } from '../model/domain.js';
import type {
  DatasetDefinition,
  DummyDataOptions,
  Interval,
  Measure,
  MeasuresDefinition,
  NamedSeries,
  Node,
  Series,
  SeriesType,
} from '../model/nodes.js';
import { definitionRoots, topologicalOrder } from '../model/order.js';
import { nodePool, type NodePool } from '../model/pool.js';
import { compareText } from '../model/text.js';
import { problem } from '../problems.js';
import * as read from './fields.js';
import { Malformed, type Fields, type Json } from './fields.js';
import { earlier, readNode, type Earlier } from './read-node.js';

/** A dataset with patients made up by the researcher and what the definition should give for them. */
export interface TestDefinition {
  readonly kind: 'test';
  readonly dataset: DatasetDefinition;
  /** As written in `test_data`; dates are `{"date": "2020-01-31"}`. Checked when the tests run. */
  readonly testData: Readonly<Record<string, unknown>>;
}
export type Definition = DatasetDefinition | MeasuresDefinition | TestDefinition;

export type ReadDefinition =
  | { readonly ok: true; readonly definition: Definition; readonly claimedPermissions: readonly string[] }
  | { readonly ok: false; readonly problems: readonly [Problem] };

/** How many nodes a document may list. The largest known study has a few thousand. */
export const maximumNodes = 500_000;

class RuleBroken extends Malformed {}
class Refused extends Error {
  readonly problem: Problem;
  constructor(found: Problem) {
    super(found.message);
    this.problem = found;
  }
}

/**
 * Reads a parsed JSON document.
 *
 * @param pool where its nodes are shared; several documents may use one
 *
 * @returns the definition, whose equal nodes are one object, or the first problem: a document is made by a program, so
 *   later problems would only follow from it.
 */
export function readDefinition(json: unknown, pool: NodePool = nodePool()): ReadDefinition {
  return orProblem(() => readDocument(json, pool));
}

/** Turns what a reader throws into the problem that it stands for. */
export function orProblem<T extends object>(
  step: () => T,
): (T & { readonly ok: true }) | { readonly ok: false; readonly problems: readonly [Problem] } {
  try {
    return { ok: true, ...step() };
  } catch (error) {
    if (error instanceof Refused) return { ok: false, problems: [error.problem] };
    if (!(error instanceof Malformed)) throw error;
    const code = error instanceof RuleBroken ? 'model-rule' : 'model-malformed';
    return { ok: false, problems: [problem(code, [error.where, error.message])] };
  }
}

function readDocument(json: Json, pool: NodePool): { definition: Definition; claimedPermissions: readonly string[] } {
  const f = read.fields(json, 'the document');
  if (!f.has('glovebox') || f.take('glovebox') !== 1) throw new Refused(problem('model-version', []));
  const kind = read.oneOf(f.take('kind'), ['dataset', 'measures', 'test'], 'kind');
  const refer = earlier(readNodes(f.take('nodes'), pool));
  const claimedPermissions = f.has('claimed_permissions')
    ? read.list(f.take('claimed_permissions'), 'claimed_permissions').map((p) => read.text(p, 'claimed_permissions'))
    : [];
  const definition = readByKind(kind, f, refer);
  f.end();
  return { definition, claimedPermissions };
}

function readByKind(kind: Definition['kind'], f: Fields, refer: Earlier): Definition {
  if (kind === 'measures') return readMeasures(f.take('measures'), refer);
  const dataset = readDataset(f.take('dataset'), refer);
  if (kind === 'dataset') return dataset;
  const testData = f.take('test_data');
  read.fields(testData, 'test_data');
  return { kind, dataset, testData: testData as Record<string, unknown> };
}

/** The nodes of a document, each checked; equal ones of the same pool are one object. */
export function readNodes(json: Json, pool: NodePool): readonly Node[] {
  const items = read.list(json, 'nodes');
  if (items.length > maximumNodes) throw new Refused(problem('model-too-large', [maximumNodes]));
  const nodes: Node[] = [];
  const refer = earlier(nodes);
  items.forEach((item, i) => {
    const where = `nodes[${i}]`;
    const node = pool.share(readNode(item, where, refer));
    const broken = checkNode(node);
    if (broken !== undefined) throw new RuleBroken(`${where} (${node.kind})`, broken);
    nodes.push(node);
  });
  return nodes;
}

/** A series with one value a patient that isn't a set. */
function patientSeries(index: Json, refer: Earlier, where: string): Series {
  const series = refer.series(index, where);
  if (series.kind === 'value_set' || series.kind === 'combine_as_set') {
    throw new RuleBroken(where, 'a set of values can only follow `in`');
  }
  if (domainOf(series) !== patientDomain) throw new RuleBroken(where, 'expected one value a patient');
  return series;
}

function typed(index: Json, refer: Earlier, types: readonly SeriesType[], where: string): Series {
  const series = patientSeries(index, refer, where);
  const type = typeOf(series);
  if (!types.includes(type)) throw new RuleBroken(where, `expected ${types.join(' or ')}, got ${type}`);
  return series;
}

function namedSeries(
  json: Json,
  where: string,
  reserved: readonly string[],
  series: (index: Json, where: string) => Series,
): readonly NamedSeries[] {
  const seen = new Set(reserved);
  return read.list(json, where).map((item, i) => {
    const at = `${where}[${i}]`;
    const [first, second] = read.pair(item, at);
    const name = read.outputName(first, at);
    if (seen.has(name)) throw new Malformed(at, `the name ${read.short(name)} is reserved or there twice`);
    seen.add(name);
    return { name, series: series(second, at) };
  });
}

function readDataset(json: Json, refer: Earlier): DatasetDefinition {
  const f = read.fields(json, 'dataset');
  const population = typed(f.take('population'), refer, ['bool'], 'dataset.population');
  const columns = namedSeries(f.take('columns'), 'dataset.columns', ['patient_id'], (index, where) =>
    patientSeries(index, refer, where),
  );
  const names = new Set<string>(['dataset']);
  const eventTables = (f.has('event_tables') ? read.list(f.take('event_tables'), 'dataset.event_tables') : []).map(
    (item, i) => {
      const where = `dataset.event_tables[${i}]`;
      const table = read.fields(item, where);
      const name = read.outputName(table.take('name'), where);
      if (names.has(name)) throw new Malformed(where, `the name ${read.short(name)} is reserved or there twice`);
      names.add(name);
      const eventColumns = readEventColumns(table.take('columns'), refer, where);
      table.end();
      return { name, columns: eventColumns };
    },
  );
  const dummyData = readDummyData(f, refer);
  f.end();
  const definition: DatasetDefinition = { kind: 'dataset', population, columns, eventTables, dummyData };
  if (topologicalOrder(definitionRoots(definition)).some((node) => node.kind === 'parameter')) {
    throw new Refused(problem('model-parameter', []));
  }
  return definition;
}

/** The columns of an event table: at least one, and the rows of all that have rows are the same. */
function readEventColumns(json: Json, refer: Earlier, where: string): readonly NamedSeries[] {
  const columns = namedSeries(json, `${where}.columns`, ['patient_id'], (index, at) => {
    const series = refer.series(index, at);
    if (series.kind === 'value_set' || series.kind === 'combine_as_set') {
      throw new RuleBroken(at, 'a set of values can only follow `in`');
    }
    return series;
  });
  const domains = new Set(columns.map((c) => domainOf(c.series)).filter((d) => d !== patientDomain));
  if (domains.size !== 1) throw new RuleBroken(where, 'the columns of an event table share the rows of one table');
  return columns;
}

function readMeasures(json: Json, refer: Earlier): MeasuresDefinition {
  const f = read.fields(json, 'measures');
  const groups = new Map<string, Series>();
  const names = new Set<string>();
  const measures = read.list(f.take('measures'), 'measures.measures').map((item, i) => {
    const measure = readMeasure(item, `measures.measures[${i}]`, refer);
    if (names.has(measure.name)) throw new Malformed(`measures.measures[${i}]`, 'its name is there twice');
    names.add(measure.name);
    for (const { name, series } of measure.groupBy) {
      if ((groups.get(name) ?? series) !== series) {
        throw new RuleBroken(`measures.measures[${i}]`, `the group ${read.short(name)} means two things`);
      }
      groups.set(name, series);
    }
    return measure;
  });
  const dummyData = readDummyData(f, refer);
  const disclosureControl = read.boolean(f.take('disclosure_control'), 'measures.disclosure_control');
  f.end();
  return { kind: 'measures', measures, dummyData, disclosureControl };
}

const reservedGroups = ['measure', 'numerator', 'denominator', 'ratio', 'interval_start', 'interval_end'];

function readMeasure(json: Json, where: string, refer: Earlier): Measure {
  const f = read.fields(json, where);
  const name = read.outputName(f.take('name'), where);
  const numerator = typed(f.take('numerator'), refer, ['bool', 'int'], `${where}.numerator`);
  const denominator = typed(f.take('denominator'), refer, ['bool', 'int'], `${where}.denominator`);
  const groupBy = namedSeries(f.take('group_by'), `${where}.group_by`, reservedGroups, (index, at) =>
    patientSeries(index, refer, at),
  );
  const intervals = new Map<string, Interval>();
  for (const item of read.list(f.take('intervals'), `${where}.intervals`)) {
    const [start, end] = read.pair(item, `${where}.intervals`).map((d) => date(d, `${where}.intervals`)) as [
      string,
      string,
    ];
    if (start > end) throw new Malformed(`${where}.intervals`, 'an interval ends before it starts');
    intervals.set(`${start} ${end}`, { start, end });
  }
  f.end();
  const ordered = [...intervals].sort(([a], [b]) => compareText(a, b)).map(([, interval]) => interval);
  return { name, numerator, denominator, groupBy, intervals: ordered };
}

function date(value: Json, where: string): string {
  const string = read.text(value, where);
  if (!isIsoDate(string)) throw new Malformed(where, `${read.short(string)} is not a date`);
  return string;
}

function readDummyData(parent: Fields, refer: Earlier): DummyDataOptions {
  if (!parent.has('dummy_data')) return {};
  const where = 'dummy_data';
  const f = read.fields(parent.take('dummy_data'), where);
  const options = {
    ...(f.has('population_size') ? { populationSize: read.integer(f.take('population_size'), where) } : {}),
    ...(f.has('timeout') ? { timeoutSeconds: finite(f.take('timeout'), where) } : {}),
    ...(f.has('legacy') ? { legacy: read.boolean(f.take('legacy'), where) } : {}),
    ...(f.has('additional_population_constraint')
      ? { additionalPopulationConstraint: typed(f.take('additional_population_constraint'), refer, ['bool'], where) }
      : {}),
  };
  f.end();
  return options;
}

function finite(value: Json, where: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new Malformed(where, 'expected a number');
  return value;
}
