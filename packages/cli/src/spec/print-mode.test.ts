// Prints the dataset of every case of spec/ as SQL of every database, and has it read by a parser of that database.
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { dialectNames, dialects, printDatasetSql } from '@glovebox/engines';
import { readDefinition, type DatasetDefinition } from '@glovebox/language';
import { ProblemError } from '@glovebox/record';
import { sqlParsers, strangersIn } from '@glovebox/testkit';
import { casesOf } from './cases.js';
import { chapters } from './chapters.js';
import { buildDefinitions } from './testing-definitions.js';

const spec = fileURLToPath(new URL('../../../../spec', import.meta.url));
const cases = chapters(spec).flatMap(({ sections }) => sections.flatMap(casesOf));

const datasets = buildDefinitions(cases).flatMap((answer, at): readonly (readonly [string, DatasetDefinition])[] => {
  const read = 'document' in answer ? readDefinition(answer.document) : undefined;
  if (!read?.ok || cases[at]!.expectation.kind === 'refused') return [];
  const { definition } = read;
  if (definition.kind === 'measures') return [];
  return [[cases[at]!.place, definition.kind === 'test' ? definition.dataset : definition]];
});

/** SQL with names and constants of no matter: statements of one shape are read once, because reading is slow. */
const shapeOf = (sql: string): string =>
  sql
    .replaceAll(/N?'(?:[^']|'')*'/g, "'x'")
    .replaceAll(/\[[^\]]*\]|"[^"]*"/g, 'x')
    .replaceAll(/-?\d[\d.e]*/gi, '0');

test.each(dialectNames)('every dataset of the language reference is SQL for %s', { timeout: 300_000 }, async (name) => {
  const shapes = new Set<string>();
  const refused: string[] = [];
  for (const [place, definition] of datasets) {
    try {
      const sql = printDatasetSql(definition, dialects[name]);
      const shape = shapeOf(sql);
      if (name !== 'duckdb' && !shapes.has(shape)) expect(await sqlParsers[name](sql), `${place}\n${sql}`).toEqual([]);
      if (name === 'mssql' || name === 'trino') expect(strangersIn(name, sql), `${place}\n${sql}`).toEqual([]);
      shapes.add(shape);
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      refused.push(`${place} ${error.problems[0]!.code}`);
    }
  }
  expect(shapes.size).toBeGreaterThan(300);
  expect(refused).toEqual([]);
});
