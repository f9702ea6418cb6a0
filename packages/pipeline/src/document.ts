// Reads YAML text into a small tree in which every key and value knows where it stands. Hostile documents (deep, huge, or
// doubling themselves by aliases) are refused before they cost anything.
import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
  type Document,
  type Node,
  type YAMLError,
} from 'yaml';
import type { Place, Problem } from '@glovebox/record';
import { problem } from './problems.js';

/** Integers are bigint and floats number, so that `1` and `1.0` stay different. */
export type ScalarValue = string | bigint | number | boolean | null;

interface Located {
  /** Offsets into the text of the key (of entries) or value. */
  readonly range: readonly [number, number];
}
export interface ScalarNode extends Located {
  readonly kind: 'scalar';
  readonly value: ScalarValue;
  /** As written and unquoted, when it was; older readers may take such text for another type. */
  readonly plain: string | undefined;
}
export interface ListNode extends Located {
  readonly kind: 'list';
  readonly items: readonly TreeNode[];
}
export interface Entry {
  readonly key: string;
  readonly keyNode: ScalarNode;
  readonly value: TreeNode;
}
export interface MappingNode extends Located {
  readonly kind: 'mapping';
  readonly entries: readonly Entry[];
}
export type TreeNode = ScalarNode | ListNode | MappingNode;

export interface Source {
  readonly root: TreeNode | undefined;
  readonly problems: readonly Problem[];
  /** The place of a node, or of a part of it when offsets are given. */
  readonly placeOf: (at: Located) => Place;
}

const limits = { characters: 4 * 1024 * 1024, depth: 40, nodes: 200_000 };

/** The parser itself refuses deep nesting, but only after some time; this form of it is cheap to see at once. */
const bracketBomb = /(?:[[{]\s*){100}/;

export function readSource(text: string, path: string): Source {
  const lineCounter = new LineCounter();
  const placeOf = ({ range: [start, end] }: Located): Place => locate(text, path, lineCounter, start, end);
  const refuse = (what: string, limit: string): Source => ({
    root: undefined,
    problems: [problem('too-large', [what, limit], { path, line: 1, column: 1 })],
    placeOf,
  });
  if (text.length > limits.characters) return refuse('its size', '4 MiB');
  if (text.includes('\0'))
    return {
      root: undefined,
      problems: [problem('yaml-syntax', ['it holds the character NUL'], { path, line: 1, column: 1 })],
      placeOf,
    };
  if (bracketBomb.test(text)) return refuse('how deep its values nest', `${limits.depth} levels`);

  let document: Document.Parsed;
  try {
    document = parseDocument(text, {
      lineCounter,
      merge: true,
      intAsBigInt: true,
      uniqueKeys: true,
      prettyErrors: false,
      logLevel: 'error',
    });
  } catch (error) {
    if (error instanceof RangeError) return refuse('how deep its values nest', `${limits.depth} levels`);
    throw error;
  }
  if (document.errors.length > 0)
    return { root: undefined, problems: document.errors.map((e) => yamlProblem(e, text, placeOf)), placeOf };
  const reading = new TreeReading(document, placeOf);
  try {
    const root = document.contents === null ? undefined : reading.read(document.contents, 0);
    return { root, problems: reading.problems, placeOf };
  } catch (error) {
    if (!(error instanceof TooLarge)) throw error;
    return { root: undefined, problems: [problem('too-large', [error.what, error.limit], placeOf(error))], placeOf };
  }
}

function locate(text: string, path: string, lines: LineCounter, start: number, end: number): Place {
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const nextBreak = text.indexOf('\n', start);
  const lineEnd = nextBreak === -1 ? text.length : nextBreak;
  const column = start - lineStart + 1;
  return {
    path,
    line: Math.max(1, lines.linePos(start).line),
    column,
    excerpt: text.slice(lineStart, Math.min(lineEnd, lineStart + 300)).replace(/\r$/, ''),
    endColumn: Math.max(column + 1, Math.min(end, lineEnd) - lineStart + 1),
  };
}

function yamlProblem(error: YAMLError, text: string, placeOf: Source['placeOf']): Problem {
  const [start, end] = error.pos;
  const place = placeOf({ range: [start, end] });
  if (error.code === 'MULTIPLE_DOCS') return problem('several-documents', [], place);
  if (error.code === 'DUPLICATE_KEY') {
    const key = /^[^:\n]{1,80}/.exec(text.slice(start))?.[0].trim() ?? '';
    return problem('duplicate-key', [key], place);
  }
  if (error.code === 'RESOURCE_EXHAUSTION')
    return problem('too-large', ['how much its values refer to one another', 'what a reader can hold'], place);
  const detail = error.message.replace(/\.$/, '').replace(/\s+/g, ' ');
  return problem('yaml-syntax', [detail.charAt(0).toLowerCase() + detail.slice(1)], place);
}

class TooLarge extends Error {
  readonly what: string;
  readonly limit: string;
  readonly range: readonly [number, number];
  constructor(what: string, limit: string, range: readonly [number, number]) {
    super(what);
    this.what = what;
    this.limit = limit;
    this.range = range;
  }
}

/** What each alias stands for: the last node with that anchor before it. One walk, however many aliases there are. */
function aliasTargets(document: Document.Parsed): Map<Node, Node> {
  const anchors = new Map<string, Node>();
  const targets = new Map<Node, Node>();
  visit(document, {
    Node: (_, node) => {
      if (isAlias(node)) {
        const target = anchors.get(node.source);
        if (target) targets.set(node, target);
      } else if (node.anchor) anchors.set(node.anchor, node);
    },
  });
  return targets;
}

/** Walks the parsed document once, following aliases, under a budget of nodes and depth. */
class TreeReading {
  readonly problems: Problem[] = [];
  #nodes = 0;
  readonly #targets: ReadonlyMap<Node, Node>;
  readonly #placeOf: Source['placeOf'];

  constructor(document: Document.Parsed, placeOf: Source['placeOf']) {
    this.#targets = aliasTargets(document);
    this.#placeOf = placeOf;
  }

  read(node: Node, depth: number): TreeNode {
    const range: readonly [number, number] = [node.range?.[0] ?? 0, node.range?.[1] ?? 0];
    const empty: ScalarNode = { kind: 'scalar', value: null, plain: undefined, range };
    this.#nodes++;
    if (depth > limits.depth) throw new TooLarge('how deep its values nest', `${limits.depth} levels`, range);
    if (this.#nodes > limits.nodes)
      throw new TooLarge('how often its values refer to one another', `${limits.nodes} values`, range);
    if (isAlias(node)) {
      const target = this.#targets.get(node);
      return target ? this.read(target, depth + 1) : empty;
    }
    if (isSeq(node))
      return { kind: 'list', range, items: node.items.map((item) => this.read(item as Node, depth + 1)) };
    if (isMap(node))
      return {
        kind: 'mapping',
        range,
        entries: this.#entries(node.items as { key: Node; value: Node | null }[], depth),
      };
    if (!isScalar(node)) return empty;
    // No program can be given this character and no database keeps it.
    if (typeof node.value === 'string' && node.value.includes('\0'))
      this.problems.push(problem('yaml-syntax', ['a text holds the character NUL'], this.#placeOf({ range })));
    const plain = node.type === 'PLAIN' ? node.source : undefined;
    return { kind: 'scalar', value: scalarValue(node.value), plain, range };
  }

  #entries(items: readonly { key: Node; value: Node | null }[], depth: number): Entry[] {
    const own = new Map<string, Entry>();
    const merged = new Map<string, Entry>();
    for (const { key, value } of items) {
      const keyNode = this.read(key, depth + 1);
      if (keyNode.kind !== 'scalar') {
        this.problems.push(problem('key-not-text', ['a mapping'], this.#placeOf(keyNode)));
        continue;
      }
      const read: TreeNode = value
        ? this.read(value, depth + 1)
        : { kind: 'scalar', value: null, plain: undefined, range: keyNode.range };
      if (keyNode.plain === '<<') {
        const sources = read.kind === 'list' ? read.items : [read];
        for (const source of sources) {
          if (source.kind !== 'mapping') continue;
          for (const entry of source.entries) if (!merged.has(entry.key)) merged.set(entry.key, entry);
        }
        continue;
      }
      const text = keyNode.plain ?? String(keyNode.value ?? '');
      if (own.has(text)) this.problems.push(problem('duplicate-key', [text], this.#placeOf(keyNode)));
      own.set(text, { key: text, keyNode, value: read });
    }
    return [...own.values(), ...[...merged.values()].filter((entry) => !own.has(entry.key))];
  }
}

function scalarValue(value: unknown): ScalarValue {
  if (value === null || value === undefined) return null;
  if (typeof value === 'symbol') return value.description ?? '';
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean')
    return value;
  return null;
}

/** How a message names what was found. */
export function describe(node: TreeNode): string {
  if (node.kind !== 'scalar') return node.kind === 'list' ? 'a list' : 'a mapping';
  if (node.value === null) return 'empty';
  if (typeof node.value === 'string')
    return `the text \`${node.value.length > 60 ? `${node.value.slice(0, 57)}...` : node.value}\``;
  if (typeof node.value === 'boolean') return `the truth value \`${node.value}\``;
  return `the number \`${node.plain ?? String(node.value)}\``;
}
