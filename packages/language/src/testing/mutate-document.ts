// Spoils a document in one place, the way a bug or an attacker would: values of the wrong kind, references shifted, parts
// dropped, doubled, swapped or put where other parts belong. Everything follows from the numbers that `random` gives.

/** A whole number from 0 up to but not including the limit. */
export type Random = (limit: number) => number;

/** A small generator of numbers, the same for the same seed everywhere. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  return (limit) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}

type Json = unknown;
type Members = Readonly<Record<string, Json>>;

/** A copy with one part changed; what did not change is shared with the original. */
export function mutateDocument(document: Json, random: Random): Json {
  return changed(document, document, random, 0);
}

/** The text of a document with a few characters changed, dropped, doubled or moved. */
export function mutateText(text: string, random: Random): string {
  const at = random(text.length + 1);
  const length = 1 + random(random(4) === 0 ? 400 : 4);
  const piece = text.slice(at, at + length);
  const other = random(text.length + 1);
  switch (random(5)) {
    case 0:
      return text.slice(0, at) + text.slice(at + length);
    case 1:
      return text.slice(0, at) + piece + text.slice(at);
    case 2:
      return text.slice(0, at) + characters[random(characters.length)]! + text.slice(at + 1);
    case 3:
      return text.slice(0, at) + String(random(100_000)) + text.slice(at + 1);
    default:
      return text.slice(0, at) + text.slice(other, other + length) + text.slice(at + length);
  }
}

const characters = ['"', '{', '}', '[', ']', ',', ':', '-', '0', 'e', '\\', '\\u0000', '\\ud800', 'é', 'null', ' '];

const kinds = [
  'table',
  'filter',
  'sort',
  'pick',
  'value',
  'value_set',
  'select_column',
  'case',
  'eq',
  'and',
  'not',
  'sum',
];
const odd: readonly Json[] = [
  null,
  true,
  -1,
  0,
  0.5,
  1e308,
  2 ** 53,
  '9223372036854775808',
  '',
  'nan',
  '\0',
  '\ud800',
  '2020-02-30',
  '__proto__',
  'constructor',
  'x'.repeat(5000),
  [],
  {},
  [[[[[[[[[[]]]]]]]]]],
  JSON.parse('{"__proto__": {"kind": "value"}}'),
  ...kinds,
];

function changed(part: Json, whole: Json, random: Random, depth: number): Json {
  const isInner = typeof part === 'object' && part !== null;
  const size = isInner ? Object.keys(part).length : 0;
  // The deeper, the likelier to change here; lists of nodes are long, so most changes land inside one node.
  if (size === 0 || random(12) < depth) return replaced(part, whole, random);
  return Array.isArray(part)
    ? changedList(part as readonly Json[], whole, random, depth)
    : changedObject(part as Members, whole, random, depth);
}

function changedList(list: readonly Json[], whole: Json, random: Random, depth: number): Json {
  const [at, other] = [random(list.length), random(list.length)];
  switch (random(10)) {
    case 0:
      return list.toSpliced(at, 1);
    case 1:
      return list.toSpliced(at, 0, list[other]);
    case 2:
      return list.with(at, list[other]).with(other, list[at]);
    case 3:
      return list.toSpliced(at, list.length);
    default:
      return list.with(at, changed(list[at], whole, random, depth + 1));
  }
}

function changedObject(object: Members, whole: Json, random: Random, depth: number): Json {
  const names = Object.keys(object);
  const name = names[random(names.length)]!;
  const { [name]: value, ...rest } = object;
  switch (random(12)) {
    case 0:
      return rest;
    case 1:
      return { ...rest, [names[random(names.length)]!]: value };
    case 2:
      return { ...object, [String(odd[random(odd.length)])]: value };
    default:
      return { ...object, [name]: changed(value, whole, random, depth + 1) };
  }
}

function replaced(part: Json, whole: Json, random: Random): Json {
  if (typeof part === 'number' && random(2) === 0) return part + random(9) - 4;
  if (typeof part === 'string' && random(3) === 0) return mutateText(part, random);
  return random(4) === 0 ? anyPart(whole, random) : odd[random(odd.length)];
}

/** Some part of the document, for where it does not belong. */
function anyPart(part: Json, random: Random): Json {
  const members: readonly Json[] = typeof part === 'object' && part !== null ? Object.values(part) : [];
  if (members.length === 0 || random(4) === 0) return part;
  return anyPart(members[random(members.length)], random);
}
