// The catalogue of mistakes in `python/tests/errors/*.txt`: small wrong definitions, each with the whole of what is printed
// for it. `npx vitest run packages/language/src/error-catalogue.test.ts -u` writes what is printed now; read the difference
// as the person who made the mistake would.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { renderProblem } from '@glovebox/record';
import { describe, expect, it } from 'vitest';
import { errorOf } from './evaluate/error-of.js';

const folder = fileURLToPath(new URL('../python/tests/errors/', import.meta.url));
const python = fileURLToPath(new URL('../python/', import.meta.url));

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

function errorsOf(mistakes: readonly Mistake[]): readonly unknown[] {
  const cases = mistakes.map(({ title, source }) => ({
    kind: title.endsWith('(measures)') ? 'measures' : title.endsWith('(test)') ? 'test' : 'dataset',
    source: title.includes('(whole file') ? source : head + source,
  }));
  const env = { ...process.env, PYTHONPATH: python, PYTHONDONTWRITEBYTECODE: '1', PYTHONHASHSEED: '0' };
  const script = `${folder}run.py`;
  return JSON.parse(
    execFileSync('python3', [script], { encoding: 'utf8', env, input: JSON.stringify(cases) }),
  ) as unknown[];
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
  it.each(all)('is as in $name', async ({ name, preamble, mistakes }) => {
    const errors = errorsOf(mistakes);
    const parts = mistakes.map(
      ({ title, source }, i) => `### ${title}\n${source}${separator}\n${printed(errors[i])}\n`,
    );
    await expect(`${preamble}${parts.join('\n')}`).toMatchFileSnapshot(`${folder}${name}`);
  });

  it('never names an internal class, module or schema, and always has words', () => {
    for (const { mistakes } of all) {
      for (const error of errorsOf(mistakes)) {
        const text = printed(error);
        expect(text).not.toMatch(/_node|_language|PatientSeries|EventSeries|object at 0x|<class|Functions|\/tmp\//);
        expect(text).not.toContain('(nothing is wrong)');
      }
    }
  });

  it('covers at least 120 mistakes, each with a title of its own', () => {
    const titles = all.flatMap(({ mistakes }) => mistakes.map(({ title }) => title));
    expect(titles.length).toBeGreaterThanOrEqual(120);
    expect(new Set(titles).size).toBe(titles.length);
  });
});
