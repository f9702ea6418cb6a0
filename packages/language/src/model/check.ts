// The rules of types and domains: what each node accepts and what it gives. The Python front end checks the same rules
// as the researcher's line runs; here they guard against a document that didn't come from it.
// Facts are kept per node, so asking for a type costs nothing however deep the node is.
import {
  unaryKinds,
  type Binary,
  type Case,
  type Frame,
  type Node,
  type Series,
  type SeriesType,
  type Unary,
} from './nodes.js';
import { filteredDomain, isWithin, patientDomain, tableDomain, type Domain } from './domain.js';
import { childrenOf, isFrame, topologicalOrder } from './order.js';
import { isMultiCodeType, isNumeric, isOrdered } from './types.js';

interface Facts {
  /** Undefined for frames, and for an empty value set on its own. */
  readonly type: SeriesType | undefined;
  readonly domain: Domain;
}

class RuleBroken extends Error {}

const known = new WeakMap<Node, Facts>();

/**
 * Checks one node whose children are checked already.
 *
 * @returns what is wrong, as a clause that can follow "node 12 (eq):", or undefined.
 */
export function checkNode(node: Node): string | undefined {
  if (known.has(node)) return undefined;
  try {
    known.set(node, factsOf(node));
    return undefined;
  } catch (error) {
    if (error instanceof RuleBroken) return error.message;
    throw error;
  }
}

/** The type of a series. Throws when the series breaks a rule, which a read definition can't. */
export function typeOf(series: Series): SeriesType {
  const { type } = facts(series);
  if (type === undefined) throw new Error(`${series.kind} has no type`);
  return type;
}

/** The rows that a series or frame has. A frame's domain is that of its columns. */
export function domainOf(node: Node): Domain {
  return facts(node).domain;
}

function facts(node: Node): Facts {
  const found = known.get(node);
  if (found !== undefined) return found;
  for (const step of topologicalOrder([node])) {
    const broken = checkNode(step);
    if (broken !== undefined) throw new Error(`${step.kind}: ${broken}`);
  }
  return known.get(node)!;
}

const stop = (message: string): never => {
  throw new RuleBroken(message);
};
const require = (holds: boolean, message: string): void => {
  if (!holds) stop(message);
};
const child = (node: Node): Facts => known.get(node) ?? stop('a child was not checked before its parent');
const seriesType = (series: Series): SeriesType => child(series).type ?? stop(`${series.kind} has no type here`);

function columnOf(source: Frame, name: string): SeriesType {
  let frame = source;
  while (frame.kind === 'filter' || frame.kind === 'sort' || frame.kind === 'pick') frame = frame.source;
  const column = frame.columns.find((c) => c.name === name);
  return column?.type ?? stop(`the frame has no column ${JSON.stringify(name.slice(0, 40))}`);
}

/** The one event domain among the inputs of a function, or the patient domain. */
function commonDomain(inputs: readonly Node[]): Domain {
  let common: Domain = patientDomain;
  for (const input of inputs) {
    const { domain } = child(input);
    if (domain === patientDomain || domain === common) continue;
    if (common !== patientDomain) stop('its inputs have rows that do not correspond');
    common = domain;
  }
  return common;
}

function isOneRow(frame: Frame): boolean {
  return (
    frame.kind === 'pick' ||
    frame.kind === 'inline_table' ||
    frame.kind === 'file_table' ||
    (frame.kind === 'table' && frame.rows === 'one')
  );
}

function isSorted(frame: Frame): boolean {
  let step = frame;
  while (step.kind === 'filter') step = step.source;
  return step.kind === 'sort';
}

const unary = new Set<Node['kind']>(unaryKinds);
const isUnary = (node: Node): node is Unary => unary.has(node.kind);

function factsOf(node: Node): Facts {
  if ('left' in node) return binaryFacts(node);
  if (isUnary(node)) return unaryFacts(node);
  switch (node.kind) {
    case 'table':
      return { type: undefined, domain: node.rows === 'many' ? tableDomain(node) : patientDomain };
    case 'inline_table':
    case 'file_table':
      return { type: undefined, domain: patientDomain };
    case 'filter':
    case 'sort': {
      require(!isOneRow(node.source), 'its source must have many rows a patient');
      const { domain } = child(node.source);
      if (domain.kind !== 'event') return stop('its source must have many rows a patient');
      const by = node.kind === 'filter' ? node.condition : node.by;
      const key = child(by);
      const type = seriesType(by);
      requirePlain(by);
      require(isWithin(domain, key.domain), 'the series has rows that do not correspond to those of the frame');
      if (node.kind === 'filter') {
        require(type === 'bool', `the condition must be bool, not ${type}`);
        return { type: undefined, domain: filteredDomain(domain, by) };
      }
      require(key.domain !== patientDomain, 'the sort key has one value a patient');
      require(isOrdered(type), `a sort key can't be ${type}`);
      return { type: undefined, domain };
    }
    case 'pick':
      require(!isOneRow(node.source) && isSorted(node.source), 'its source must be sorted');
      return { type: undefined, domain: patientDomain };
    case 'value':
    case 'parameter':
      return { type: node.type, domain: patientDomain };
    case 'value_set':
      return { type: node.type, domain: patientDomain };
    case 'select_column':
      return { type: columnOf(node.source, node.name), domain: child(node.source).domain };
    case 'exists':
    case 'count':
      return { type: node.kind === 'exists' ? 'bool' : 'int', domain: patientDomain };
    case 'count_distinct':
    case 'min':
    case 'max':
    case 'sum':
    case 'mean':
    case 'combine_as_set':
    case 'count_episodes': {
      const type = seriesType(node.source);
      requirePlain(node.source);
      require(child(node.source).domain !== patientDomain, 'its source has one value a patient already');
      if (node.kind === 'min' || node.kind === 'max') require(isOrdered(type), `${type} has no order`);
      if (node.kind === 'sum' || node.kind === 'mean') require(isNumeric(type), `${type} is not a number`);
      if (node.kind === 'count_episodes') require(type === 'date', `episodes are counted on dates, not ${type}`);
      const counts = node.kind === 'count_distinct' || node.kind === 'count_episodes';
      return { type: counts ? 'int' : node.kind === 'mean' ? 'float' : type, domain: patientDomain };
    }
    case 'maximum_of':
    case 'minimum_of': {
      require(node.sources.length > 0, 'it needs at least one source');
      node.sources.forEach(requirePlain);
      const types = new Set(node.sources.map(seriesType));
      require(types.size === 1, `its sources have different types: ${[...types].join(', ')}`);
      const type = seriesType(node.sources[0]!);
      require(isOrdered(type), `${type} has no order`);
      return { type, domain: commonDomain(node.sources) };
    }
    case 'case':
    default:
      return caseFacts(node);
  }
}

/** Sets stand only on the right of `in`. */
function requirePlain(series: Series): void {
  require(series.kind !== 'value_set' && series.kind !== 'combine_as_set', 'a set of values can only follow `in`');
}

function caseFacts(node: Case): Facts {
  childrenOf(node).forEach((input) => {
    if (!isFrame(input)) requirePlain(input);
  });
  require(node.cases.length > 0, 'it has no cases');
  for (const { when } of node.cases) require(seriesType(when) === 'bool', 'every condition must be bool');
  const results = [...node.cases.map((c) => c.then), node.otherwise].filter((r) => r !== null);
  const types = new Set(results.map(seriesType));
  const [type, ...others] = types;
  if (type === undefined) return stop('all its results are NULL');
  require(others.length === 0, `its results have different types: ${[...types].join(', ')}`);
  return { type, domain: commonDomain(childrenOf(node)) };
}

function unaryFacts(node: Unary): Facts {
  const type = seriesType(node.source);
  requirePlain(node.source);
  const { domain } = child(node.source);
  switch (node.kind) {
    case 'not':
      require(type === 'bool', `expected bool, got ${type}`);
      return { type: 'bool', domain };
    case 'is_null':
      return { type: 'bool', domain };
    case 'negate':
    case 'absolute':
      require(isNumeric(type), `expected a number, got ${type}`);
      return { type, domain };
    case 'cast_to_int':
      require(isNumeric(type) || type === 'bool', `expected a number or bool, got ${type}`);
      return { type: 'int', domain };
    case 'cast_to_float':
      require(isNumeric(type), `expected a number, got ${type}`);
      return { type: 'float', domain };
    case 'year':
    case 'month':
    case 'day':
      require(type === 'date', `expected date, got ${type}`);
      return { type: 'int', domain };
    case 'to_first_of_year':
    case 'to_first_of_month':
    default:
      require(type === 'date', `expected date, got ${type}`);
      return { type: 'date', domain };
  }
}

function binaryFacts(node: Binary): Facts {
  const left = seriesType(node.left);
  const right = seriesType(node.right);
  requirePlain(node.left);
  if (node.kind !== 'in') requirePlain(node.right);
  const domain = commonDomain([node.left, node.right]);
  const bothAre = (holds: (type: SeriesType) => boolean, expected: string): void =>
    require(left === right && holds(left), `expected ${expected} on both sides, got ${left} and ${right}`);
  switch (node.kind) {
    case 'eq':
    case 'ne':
      bothAre(() => true, 'one type');
      return { type: 'bool', domain };
    case 'lt':
    case 'le':
    case 'gt':
    case 'ge':
      bothAre(isOrdered, 'one type that has an order');
      return { type: 'bool', domain };
    case 'and':
    case 'or':
      bothAre((t) => t === 'bool', 'bool');
      return { type: 'bool', domain };
    case 'add':
    case 'subtract':
    case 'multiply':
      bothAre(isNumeric, 'one type of number');
      return { type: left, domain };
    case 'true_divide':
    case 'power':
      bothAre(isNumeric, 'one type of number');
      return { type: 'float', domain };
    case 'floor_divide':
      bothAre(isNumeric, 'one type of number');
      return { type: 'int', domain };
    case 'add_days':
    case 'add_months':
    case 'add_years':
      require(left === 'date' && right === 'int', `expected date and int, got ${left} and ${right}`);
      return { type: 'date', domain };
    case 'difference_in_days':
    case 'difference_in_months':
    case 'difference_in_years':
      bothAre((t) => t === 'date', 'date');
      return { type: 'int', domain };
    case 'contains':
      require(left === 'str' || isMultiCodeType(left), `expected text, got ${left}`);
      require(partsOf(left).includes(right), `${left} can't contain ${right}`);
      return { type: 'bool', domain };
    case 'in':
    default: {
      require(node.right.kind === 'value_set' || node.right.kind === 'combine_as_set', 'the right side must be a set');
      const isEmpty = node.right.kind === 'value_set' && node.right.values.length === 0;
      require(isEmpty || left === right, `expected one type, got ${left} and a set of ${right}`);
      return { type: 'bool', domain };
    }
  }
}

/** What a text may be asked to contain. */
function partsOf(type: SeriesType): readonly SeriesType[] {
  if (type === 'ICD10MultiCodeString') return [type, 'str', 'ICD10Code'];
  if (type === 'OPCS4MultiCodeString') return [type, 'str', 'OPCS4Code'];
  return ['str'];
}
