// The catalogue of mistakes in `python/tests/errors/*.txt`: small wrong definitions, each with the whole of what is printed
// for it. `npx vitest run packages/language/src/error-catalogue.test.ts -u` writes what is printed now; read the difference
// as the person who made the mistake would.
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { renderProblem } from '@glovebox/record';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorOf } from './evaluate/error-of.js';
import { evaluateDefinition } from './evaluate/evaluate-definition.js';
import { defaultCacheFolder, pythonSnapshot } from './evaluate/snapshot.js';

const folder = fileURLToPath(new URL('../python/tests/errors/', import.meta.url));

/** Before every definition that isn't marked as a whole file. */
const head = `from ehrql import *
from ehrql.codes import *
from ehrql.tables import table, table_from_rows, Constraint, EventFrame, PatientFrame, Series
from ehrql.tables.tpp import *
from datetime import date, datetime
dataset = create_dataset()
measures = create_measures()
dataset.define_population(patients.exists_for_patient())
`;

interface Mistake {
  readonly title: string;
  readonly source: string;
}

const separator = '--->';

/** A file is a preamble and mistakes: `### title`, the definition, an arrow, what is printed. */
function read(text: string): { readonly preamble: string; readonly mistakes: readonly Mistake[] } {
  const [preamble, ...parts] = text.split(/^### /m);
  const mistakes = parts.map((part) => {
    const end = part.indexOf('\n');
    return {
      title: part.slice(0, end),
      source: `${part
        .slice(end + 1)
        .split(`\n${separator}`)[0]!
        .trimEnd()}\n`,
    };
  });
  return { preamble: preamble!, mistakes };
}

/** What is said of each, by the Python that studies get. */
async function errorsOf(mistakes: readonly Mistake[], study: string): Promise<readonly unknown[]> {
  const cases = mistakes.map(({ title, source }) => ({
    kind: title.endsWith('(measures)') ? 'measures' : title.endsWith('(test)') ? 'test' : 'dataset',
    source: title.includes('(whole file') ? source : head + source,
  }));
  writeFileSync(join(study, 'mistakes.json'), JSON.stringify(cases));
  copyFileSync(`${folder}run.py`, join(study, 'run.py'));
  const { printed: lines } = await evaluateDefinition({
    file: 'run.py',
    directory: study,
    kind: 'dataset',
    limits: { seconds: 300 },
  });
  const found = lines.split('\n').filter((line) => line.startsWith('@@'));
  return found.map((line) => JSON.parse(line.slice(2)) as unknown);
}

const printed = (error: unknown): string =>
  error === null
    ? '(nothing is wrong)'
    : errorOf(error, (path) => path)
        .problems.map(renderProblem)
        .join('\n');

const files = readdirSync(folder).filter((name) => name.endsWith('.txt'));
const all = files.map((name) => ({ name, ...read(readFileSync(`${folder}${name}`, 'utf8')) }));

describe('what is said of mistakes in definitions', () => {
  const study = mkdtempSync(join(tmpdir(), 'glovebox-mistakes-'));
  const errors = new Map<Mistake, unknown>();
  beforeAll(async () => {
    await pythonSnapshot(defaultCacheFolder());
    const mistakes = all.flatMap((file) => file.mistakes);
    const found = await errorsOf(mistakes, study);
    expect(found).toHaveLength(mistakes.length);
    for (const [at, mistake] of mistakes.entries()) errors.set(mistake, found[at]);
  }, 400_000);
  afterAll(() => rmSync(study, { recursive: true, force: true }));

  it.each(all)('is as in $name', async ({ name, preamble, mistakes }) => {
    const parts = mistakes.map(
      (mistake) => `### ${mistake.title}\n${mistake.source}${separator}\n${printed(errors.get(mistake))}\n`,
    );
    await expect(`${preamble}${parts.join('\n')}`).toMatchFileSnapshot(`${folder}${name}`);
  });

  it('never names an internal class, module or schema, and always has words', () => {
    for (const [{ title }, error] of errors) {
      const text = printed(error);
      const internal = /_node|_language|PatientSeries|EventSeries|object at 0x|<class|Functions|\/tmp\/|\/glovebox\//;
      expect(text, title).not.toMatch(internal);
      expect(text, title).not.toContain('(nothing is wrong)');
    }
  });

  it('covers at least 400 mistakes, each with a title of its own', () => {
    const titles = all.flatMap(({ mistakes }) => mistakes.map(({ title }) => title));
    expect(titles.length).toBeGreaterThanOrEqual(400);
    expect(new Set(titles).size).toBe(titles.length);
  });
});
