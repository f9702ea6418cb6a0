// The reader against documents that are nearly good: whatever is sent, the answer is a definition that holds together or one
// problem, never an exception. GLOVEBOX_EXAMPLES=1000000 sends a million; GLOVEBOX_SEED makes other ones.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { checkNode } from '../model/check.js';
import { definitionRoots, topologicalOrder } from '../model/order.js';
import { mutateDocument, mutateText, randomFrom } from '../testing/mutate-document.js';
import { readDefinition } from './read-definition.js';
import { readShows } from './read-shows.js';

const count = Number(process.env['GLOVEBOX_EXAMPLES'] ?? 20_000);
const firstSeed = Number(process.env['GLOVEBOX_SEED'] ?? 1);

/** Datasets and measures that between them have every kind of node, each small enough to be read in no time. */
function goodDocuments(): readonly string[] {
  const python = fileURLToPath(new URL('../../python/', import.meta.url));
  const script = fileURLToPath(new URL('../../python/tests/every_node.py', import.meta.url));
  const env = { ...process.env, PYTHONPATH: python, PYTHONDONTWRITEBYTECODE: '1' };
  return execFileSync('python3', [script, '--small'], { encoding: 'utf8', env }).trim().split('\n');
}

/** Reads a document and throws unless the answer is one short problem, or a definition that keeps all rules. */
function isAccepted(document: unknown): boolean {
  const read = readDefinition(document);
  if (!read.ok) {
    if (read.problems.length !== 1 || read.problems[0].message.length > 500) throw new Error('not one short problem');
    return false;
  }
  const definition = read.definition.kind === 'test' ? read.definition.dataset : read.definition;
  for (const node of topologicalOrder(definitionRoots(definition))) {
    const broken = checkNode(node);
    if (broken !== undefined) throw new Error(`accepted, although ${broken}`);
  }
  return true;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

it(`survives ${count} spoiled documents`, { timeout: 60_000 + count }, () => {
  const texts = goodDocuments();
  const documents = texts.map((text) => JSON.parse(text) as unknown);
  expect(documents.length).toBeGreaterThan(5);
  expect(documents.every(isAccepted)).toBe(true);
  let accepted = 0;
  for (let i = 0; i < count; i += 1) {
    const seed = firstSeed * 1_000_003 + i;
    const random = randomFrom(seed);
    const which = random(documents.length);
    let document =
      random(10) === 0 ? parsed(mutateText(texts[which]!, random)) : mutateDocument(documents[which], random);
    if (random(4) === 0) document = mutateDocument(document, random);
    try {
      if (isAccepted(document)) accepted += 1;
    } catch (error) {
      throw new Error(`the document of seed ${seed}`, { cause: error });
    }
  }
  // Were all refused, nothing beyond the first field would ever be reached.
  expect(accepted).toBeGreaterThan(count / 100);
  expect(accepted).toBeLessThan(count / 2);
});

it('survives spoiled documents of what was shown', () => {
  const nodes = [{ kind: 'value', type: 'int', value: 1 }];
  const show = {
    path: 'a.py',
    line: 1,
    label: null,
    head: 2,
    tail: null,
    only: null,
    columns: [['value', 0]],
    days: [],
  };
  const good = { nodes, shows: [show] };
  expect(readShows(good).ok).toBe(true);
  for (let seed = 0; seed < 5000; seed += 1) {
    const read = readShows(mutateDocument(good, randomFrom(seed)));
    expect(read.ok || read.problems.length === 1, `seed ${seed}`).toBe(true);
  }
});
