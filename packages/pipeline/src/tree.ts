// The small tree that a YAML document is read into: every key and value knows where it stands, aliases and merged keys are
// followed, and a document that grows by referring to itself is refused.
import { isAlias, isMap, isScalar, isSeq, type Node } from 'yaml';
import type { Place, Problem } from '@glovebox/record';
import { limits, tooDeep, tooOften } from './limits.js';
import { problem } from './problems.js';
import type { Timestamp } from './scalar-tags.js';

/** Integers are bigint and floats number, so that `1` and `1.0` stay different. */
export type ScalarValue = string | bigint | number | boolean | Timestamp | null;

export interface Located {
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

/** Tags that say what a value is anyway, and whether it is; others ask the reader to make something of it. */
const plainTags: Readonly<Record<string, (node: Node) => boolean>> = {
  str: isScalar,
  int: (node) => isScalar(node) && typeof node.value === 'bigint',
  float: (node) => isScalar(node) && typeof node.value === 'number',
  bool: (node) => isScalar(node) && typeof node.value === 'boolean',
  null: (node) => isScalar(node) && node.value === null,
  seq: isSeq,
  map: isMap,
};
const isPlainTag = (tag: string, node: Node): boolean => {
  const name = tag.replace('tag:yaml.org,2002:', '');
  return name !== tag && Object.hasOwn(plainTags, name) && plainTags[name]?.(node) === true;
};

/** What reading a value took: its size as if its aliases were written out. */
interface Read {
  readonly node: TreeNode;
  readonly values: number;
  readonly characters: number;
  /** Levels below it. */
  readonly height: number;
}

/**
 * Walks the parsed document once, under a budget of values, characters and depth. What an alias stands for is read once and then
 * shared, but counts each time, since whoever uses the tree walks it each time.
 */
export class TreeReading {
  readonly problems: Problem[] = [];
  /** So far; repeated ones are those that aliases stand for. */
  #values = 0;
  #repeated = 0;
  #characters = 0;
  #deepest = 0;
  /** The last value with each name so far, or 'open' while it is being read. */
  readonly #anchors = new Map<string, Read | 'open'>();
  readonly #placeOf: (at: Located) => Place;

  constructor(placeOf: (at: Located) => Place) {
    this.#placeOf = placeOf;
  }

  read(node: Node, depth: number): TreeNode {
    const range: readonly [number, number] = [node.range?.[0] ?? 0, node.range?.[1] ?? 0];
    this.#reach(depth, range);
    if (isAlias(node)) return this.#again(node.source, depth, range);
    this.#values++;
    if (!node.anchor) return this.#read(node, depth, range);

    const [values, characters, deepest] = [this.#values, this.#characters, this.#deepest];
    this.#anchors.set(node.anchor, 'open');
    this.#deepest = depth;
    const read = this.#read(node, depth, range);
    this.#anchors.set(node.anchor, {
      node: read,
      values: this.#values - values + 1,
      characters: this.#characters - characters,
      height: this.#deepest - depth,
    });
    this.#deepest = Math.max(deepest, this.#deepest);
    return read;
  }

  #reach(depth: number, range: readonly [number, number]): void {
    if (depth > limits.depth) throw tooDeep(range);
    this.#deepest = Math.max(this.#deepest, depth);
  }

  #add(characters: number, range: readonly [number, number]): void {
    this.#characters += characters;
    if (this.#characters > limits.characters) throw tooOften('2 MiB of text', range);
  }

  #again(name: string, depth: number, range: readonly [number, number]): TreeNode {
    const target = this.#anchors.get(name);
    if (!target) {
      this.problems.push(problem('alias-unknown', [name.slice(0, 80)], this.#placeOf({ range })));
      return { kind: 'scalar', value: null, plain: undefined, range };
    }
    // Written out, a value inside itself has no end.
    if (target === 'open' || (this.#repeated += target.values) > limits.repeated)
      throw tooOften(`${limits.repeated} repeated values`, range);
    this.#values += target.values;
    this.#add(target.characters, range);
    this.#reach(depth + 1 + target.height, range);
    return target.node;
  }

  #read(node: Node, depth: number, range: readonly [number, number]): TreeNode {
    if (node.tag !== undefined && !isPlainTag(node.tag, node))
      this.problems.push(problem('tag-not-accepted', [node.tag.slice(0, 80)], this.#placeOf({ range })));
    if (isSeq(node))
      return { kind: 'list', range, items: node.items.map((item) => this.read(item as Node, depth + 1)) };
    if (isMap(node))
      return {
        kind: 'mapping',
        range,
        entries: this.#entries(node.items as { key: Node; value: Node | null }[], depth),
      };
    if (!isScalar(node)) return { kind: 'scalar', value: null, plain: undefined, range };
    if (typeof node.value === 'string') {
      this.#add(node.value.length, range);
      // No program can be given these and no database keeps them; escapes in quotes can write them.
      const [unkept] = /\0|\p{Surrogate}/u.exec(node.value) ?? [];
      if (unkept !== undefined) {
        const found = unkept === '\0' ? 'the character NUL' : 'half of a character';
        this.problems.push(problem('yaml-syntax', [`a text holds ${found}`], this.#placeOf({ range })));
      }
    }
    const plain = node.type === 'PLAIN' ? node.source : undefined;
    return { kind: 'scalar', value: scalarValue(node.value), plain, range };
  }

  #entries(items: readonly { key: Node; value: Node | null }[], depth: number): Entry[] {
    const own = new Map<string, Entry>();
    const merged = new Map<string, Entry>();
    const values = new Map<string, ScalarNode>();
    let merge: ScalarNode | undefined;
    for (const { key, value } of items) {
      const keyNode = this.read(key, depth + 1);
      if (keyNode.kind !== 'scalar' || (keyNode.value === null && !keyNode.plain)) {
        this.problems.push(problem('key-not-text', [describe(keyNode)], this.#placeOf(keyNode)));
        continue;
      }
      const read: TreeNode = value
        ? this.read(value, depth + 1)
        : { kind: 'scalar', value: null, plain: undefined, range: keyNode.range };
      if (keyNode.plain === '<<') {
        if (merge) this.#repeats('<<', keyNode, merge);
        merge = keyNode;
        const sources = read.kind === 'list' ? read.items : [read];
        for (const source of sources) {
          if (source.kind !== 'mapping')
            this.problems.push(problem('merge-not-a-mapping', [describe(source)], this.#placeOf(source)));
          else for (const entry of source.entries) if (!merged.has(entry.key)) merged.set(entry.key, entry);
        }
        continue;
      }
      const text = keyNode.plain ?? (typeof keyNode.value === 'string' ? keyNode.value : '');
      const sameValue = `=${identity(keyNode)}`;
      const first = own.get(text)?.keyNode ?? values.get(sameValue);
      if (first) this.#repeats(text, keyNode, first);
      values.set(sameValue, keyNode);
      own.set(text, { key: text, keyNode, value: read });
    }
    return [...own.values(), ...[...merged.values()].filter((entry) => !own.has(entry.key))];
  }

  #repeats(key: string, at: ScalarNode, first: ScalarNode): void {
    this.problems.push(problem('duplicate-key', [key, this.#placeOf(first).line ?? 1], this.#placeOf(at)));
  }
}

/** Keys that are equal as values, like `1`, `01` and `true`, are the same key to those who read the file next. */
const identity = ({ value, plain = '' }: ScalarNode): string => {
  if (typeof value === 'object') return plain;
  return typeof value === 'string' ? value : String(Number(value));
};

function scalarValue(value: unknown): ScalarValue {
  if (value === null || value === undefined) return null;
  if (typeof value === 'symbol') return value.description ?? '';
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean')
    return value;
  return typeof value === 'object' && 'date' in value ? { date: String(value.date) } : null;
}

/** How a message names what was found. */
export function describe(node: TreeNode): string {
  if (node.kind !== 'scalar') return node.kind === 'list' ? 'a list' : 'a mapping';
  if (node.value === null) return 'empty';
  if (typeof node.value === 'string')
    return `the text \`${node.value.length > 60 ? `${node.value.slice(0, 57)}...` : node.value}\``;
  if (typeof node.value === 'boolean') return `the truth value \`${node.value}\``;
  if (typeof node.value === 'object') return `the date \`${node.value.date}\``;
  const written = node.plain ?? String(node.value);
  return `the number \`${written.length > 60 ? `${written.slice(0, 57)}...` : written}\``;
}
