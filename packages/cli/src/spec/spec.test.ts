// Runs every case of spec/ on every engine. The definitions are built by the Python front end in one process.
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readDefinition } from '@glovebox/language';
import { ProblemError } from '@glovebox/record';
import { casesOf, type SpecCase } from './cases.js';
import { chapters } from './chapters.js';
import { startPostgres, type PostgresServer } from '@glovebox/testkit';
import { buildDefinitions, type Answer } from './testing-definitions.js';
import { comparison, dataOf, duckDbEngine, postgresEngine, referenceEngine, type SpecEngine } from './run-case.js';

const root = fileURLToPath(new URL('../../../../', import.meta.url));

let server: PostgresServer | undefined;
const specEngines: SpecEngine[] = [referenceEngine, duckDbEngine()];
beforeAll(async () => {
  server = await startPostgres();
  specEngines.push(postgresEngine(server.url));
});
afterAll(async () => {
  for (const engine of specEngines) await engine.close();
  await server?.stop();
});

/** Throws where the case does not hold. */
async function check(one: SpecCase, answer: Answer): Promise<void> {
  const { expectation } = one;
  if ('code' in answer) return expectRefusal(one, [answer]);
  if ('text' in answer) return expect({ kind: 'text', text: answer.text }).toEqual(expectation);
  const read = readDefinition(answer.document);
  if (!read.ok) return expectRefusal(one, read.problems);
  const definition = read.definition.kind === 'test' ? read.definition.dataset : read.definition;
  const data = dataOf(one, definition);
  for (const engine of specEngines) {
    try {
      const { found, expected } = comparison(one, await engine.run(definition, data));
      expect(found, `${engine.name} engine, ${one.place}`).toEqual(expected);
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      expectRefusal(one, error.problems);
    }
  }
}

function expectRefusal(
  { expectation, place }: SpecCase,
  problems: readonly { readonly code: string; readonly message: string; readonly hint?: string | undefined }[],
): void {
  const [found] = problems;
  if (expectation.kind !== 'refused') throw new Error(`${place}: refused: ${found?.code}: ${found?.message}`);
  expect(found?.code, `${place}: ${found?.message}`).toBe(expectation.code);
  expect(`${found?.message} ${found?.hint ?? ''}`).toContain(expectation.fragment);
}

const all = chapters(`${root}spec`).flatMap(({ sections }) =>
  sections.map((section) => ({ section, cases: casesOf(section) })),
);
const cases = all.flatMap((each) => each.cases);
const answers = new Map(buildDefinitions(cases).map((answer, i) => [cases[i]!, answer]));

test('there are at least 300 cases, each once in its section', () => {
  expect(cases.length).toBeGreaterThanOrEqual(300);
  const keys = all.flatMap(({ section, cases: own }) =>
    own.map(({ tables, setup, expression }) => JSON.stringify([section.path, [...tables], setup, expression])),
  );
  expect(keys.filter((key, i) => keys.indexOf(key) !== i)).toEqual([]);
});

describe.each(all)('$section.path', ({ cases: own }) => {
  test.each(own)('$name', async (one) => {
    const checked = check(one, answers.get(one)!);
    if (one.notYet === undefined) return await checked;
    const holds = await checked.then(
      () => true,
      () => false,
    );
    expect(holds, `${one.place} holds now: remove its mark`).toBe(false);
  });
});
