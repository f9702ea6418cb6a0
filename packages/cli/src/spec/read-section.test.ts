import { describe, expect, test } from 'vitest';
import { runDataset } from '@glovebox/engines';
import type { DatasetDefinition } from '@glovebox/language';
import { casesOf } from './cases.js';
import { chapterPage, contentsPage } from './page.js';
import { readSection, tablesOf } from './read-section.js';
import { comparison, dataOf } from './run-case.js';

const fence = '```';
const block = (kind: string, ...lines: string[]): string => [fence + kind, ...lines, fence].join('\n');
const section = (...parts: string[]) => readSection('x.md', ['# Title', ...parts].join('\n'));
const tables = block('tables', 'p', 'patient_id | i1 | s1', '1 | 5 | a\\|b', '2 | | ""', '', 'e', 'patient_id', '1');

describe('a section', () => {
  test('has tables whose cells may hold the divider', () => {
    const [part] = section(tables).parts;
    if (part?.kind !== 'tables') throw new Error('expected a block of tables');
    expect(tablesOf(part).get('p')?.rows).toEqual([
      ['1', '5', 'a|b'],
      ['2', '', '""'],
    ]);
    expect(tablesOf(part).get('e')).toEqual({ header: ['patient_id'], rows: [['1']] });
  });

  test('gives a case for each line, in which the expression may hold the divider', () => {
    const cases = casesOf(section(tables, block('ehrql', 'x = 1'), block('examples', ' | 1 | 2', 'p.b1 | p.b2 | T |')));
    expect(cases).toHaveLength(1);
    expect(cases[0]).toMatchObject({ expression: 'p.b1 | p.b2', setup: 'x = 1\n', notYet: undefined });
    expect(cases[0]!.expectation).toEqual({
      kind: 'rows',
      cells: {
        header: ['patient_id', 'value'],
        rows: [
          ['1', 'T'],
          ['2', ''],
        ],
      },
    });
  });

  test('forgets a definition at the next heading but keeps the tables', () => {
    const parts = [
      tables,
      block('ehrql', 'x = 1'),
      block('values', 'x | 1'),
      '',
      '## Next',
      '',
      block('values', 'y | 2'),
    ];
    expect(casesOf(section(...parts)).map((one) => [one.setup, one.tables.size])).toEqual([
      ['x = 1\n', 2],
      ['', 2],
    ]);
  });

  test('carries the reason of a mark', () => {
    const [one] = casesOf(section(block('values notyet: no engine has it', '1 | 2')));
    expect(one?.notYet).toBe('no engine has it');
  });

  test.each([
    ['no title', () => readSection('x.md', 'text'), /expected a title/],
    ['an unknown kind of block', () => section(block('tabels')), /x\.md:2: no such kind of block: tabels/],
    ['a block without an end', () => section('```values', '1 | 1'), /not closed/],
    [
      'a definition of which nothing is expected',
      () => casesOf(section(block('ehrql', 'x = 1'))),
      /nothing is expected/,
    ],
    ['an outcome without a definition', () => casesOf(section(block('expected', 'patient_id'))), /no definition/],
    ['a line with too few cells', () => casesOf(section(block('examples', ' | 1 | 2', 'p.i1 | 1'))), /malformed line/],
    ['a block without cases', () => casesOf(section(block('values'))), /no case/],
  ])('is refused with %s', (_, read, message) => {
    expect(read).toThrow(message);
  });
});

describe('a case', () => {
  const definition: DatasetDefinition = (() => {
    const p = {
      kind: 'table',
      name: 'p',
      rows: 'one',
      columns: [
        { name: 'i1', type: 'int' },
        { name: 's1', type: 'str' },
      ],
    } as const;
    const series = { kind: 'select_column', source: p, name: 'i1' } as const;
    const population = { kind: 'exists', source: p } as const;
    return { kind: 'dataset', population, columns: [{ name: 'value', series }], eventTables: [], dummyData: {} };
  })();
  const outcome = (...lines: string[]): readonly [unknown, unknown] => {
    const [one] = casesOf(section(tables, block('examples', ...lines)));
    const { found, expected } = comparison(one!, runDataset(definition, dataOf(one!, definition).tables));
    return [found, expected];
  };

  test('holds only when every patient has the expected value and no other patient is there', () => {
    const [found, expected] = outcome(' | 1 | 2', 'p.i1 | 5 |');
    expect(found).toEqual(expected);
    for (const lines of [
      [' | 1 | 2', 'p.i1 | 6 |'],
      [' | 1 | 2', 'p.i1 | 5 | 0'],
      [' | 1', 'p.i1 | 5'],
      [' | 1 | 2 | 3', 'p.i1 | 5 | |'],
    ]) {
      const [value, wrong] = outcome(...lines);
      expect(value).not.toEqual(wrong);
    }
  });

  test('names a column that its table lacks', () => {
    const wrong = block('tables', 'p', 'patient_id | nope', '1 | 5');
    const [one] = casesOf(section(wrong, block('examples', ' | 1', 'p.i1 | 5')));
    expect(() => dataOf(one!, definition)).toThrow(/found patient_id,nope/);
  });
});

test('a page holds the prose, tables and expressions of its sections, with the divider escaped', () => {
  const introduction = readSection('README.md', '# Chapter\n\nWhat it is about.');
  const page = chapterPage({
    name: 'chapter',
    introduction,
    sections: [section(tables, block('refused', 'p.a | p.b | some-code | some words'))],
  });
  expect(page).toContain('# Chapter\n\nWhat it is about.\n\n## Title\n\nTable `p`:');
  expect(page).toContain('| 1 | 5 | a\\|b |');
  expect(page).toContain('| `p.a \\| p.b` | some-code | some words |');
  const contents = contentsPage([{ name: 'chapter', introduction, sections: [readSection('x.md', '# And, or, not')] }]);
  expect(contents).toContain('- [Chapter](chapter.md): [And, or, not](chapter.md#and-or-not)');
});
