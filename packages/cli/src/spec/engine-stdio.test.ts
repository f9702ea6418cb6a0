// Runs every case of spec/ through `engine --stdio`: as other programs do, with the query model and the tables as JSON.
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { ResultColumn, TableResult } from '@glovebox/engines';
import { readDefinition, storageOf, type Nullable } from '@glovebox/language';
import { answerRequest } from '../commands/ehrql/engine-request.js';
import { exactJson, parseExactly } from '../commands/ehrql/exact-json.js';
import { casesOf, type SpecCase } from './cases.js';
import { chapters } from './chapters.js';
import { comparison, dataOf, type SpecData } from './run-case.js';
import { buildDefinitions } from './testing-definitions.js';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const sections = chapters(`${root}spec`).flatMap((chapter) => chapter.sections);
const cases = sections.flatMap(casesOf);
const answers = buildDefinitions(cases);

/** Every table as a list of objects, ints with all their digits. */
function tablesJson({ tables }: SpecData): string {
  const all = [...tables].map(([name, { columns, rows }]) => {
    const objects = rows.map(([id, ...values]) => {
      const fields = columns.map((c, at) => `${JSON.stringify(c.name)}:${exactJson(values[at]!, c.type)}`);
      return `{${[`"patient_id":${id}`, ...fields].join()}}`;
    });
    return `${JSON.stringify(name)}:[${objects.join()}]`;
  });
  return `{${all.join()}}`;
}

interface AnsweredTable {
  readonly columns: readonly ResultColumn[];
  readonly rows: readonly Readonly<Record<string, unknown>>[];
}
type Answered = AnsweredTable & {
  readonly problem?: { readonly code: string; readonly message: string; readonly hint?: string };
  readonly event_tables?: Readonly<Record<string, AnsweredTable>>;
};

function tableOf(name: string, { columns, rows }: AnsweredTable): TableResult {
  const value = (json: unknown, { type }: ResultColumn): Nullable => {
    if (json === null) return null;
    if (storageOf(type) === 'bigint') return BigInt(json as number | string);
    return storageOf(type) === 'number' && typeof json === 'string'
      ? Number(json.replace('inf', 'Infinity'))
      : (json as Nullable);
  };
  return { name, columns, rows: rows.map((row) => columns.map((column) => value(row[column.name], column))) };
}

function checkCase(one: SpecCase, document: unknown): void {
  const read = readDefinition(document);
  if (!read.ok || read.definition.kind === 'test') return;
  const tables = tablesJson(dataOf(one, read.definition));
  const line = answerRequest(`{"id":7,"model":${JSON.stringify(document)},"tables":${tables}}`);
  expect(line).not.toContain('\n');
  const answered = parseExactly(line) as Answered & { readonly id: number };
  expect(answered.id).toBe(7);
  const { expectation } = one;
  if (answered.problem) {
    const { code, message, hint } = answered.problem;
    expect({ kind: 'refused', code }, message).toEqual({
      kind: expectation.kind,
      code: (expectation as never)['code'],
    });
    expect(`${message} ${hint ?? ''}`).toContain((expectation as never)['fragment']);
    return;
  }
  const events = Object.entries(answered.event_tables ?? {}).map(([name, table]) => tableOf(name, table));
  const { found, expected } = comparison(one, [tableOf('dataset', answered), ...events]);
  expect(found).toEqual(expected);
}

// Categories are no part of an answer; ordinary Python values are no query.
const asked = cases.flatMap((one, at) => {
  const answer = answers[at]!;
  const isAsked = 'document' in answer && one.expectation.kind !== 'categories' && one.notYet === undefined;
  return isAsked ? [{ one, document: answer.document }] : [];
});

test('most cases are asked', () => {
  expect(asked.length).toBeGreaterThan(500);
});

describe('engine --stdio answers', () => {
  test.each(sections.map(({ path }) => path))('%s', (path) => {
    for (const { one, document } of asked.filter(({ one: { place } }) => place.startsWith(`${path}:`))) {
      try {
        checkCase(one, document);
      } catch (error) {
        throw new Error(`${one.place}: ${one.name}\n${String(error)}`, { cause: error });
      }
    }
  });
});
