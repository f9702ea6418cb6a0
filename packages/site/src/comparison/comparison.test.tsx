import fc from 'fast-check';
import { readPipeline } from '@glovebox/pipeline';
import type { ChangedFile } from '@glovebox/repository';
import { written } from '@glovebox/ui';
import { describe, expect, test } from 'vitest';
import { compareCodelist, isCodelist } from './codelists.js';
import { FileSection } from './difference.js';
import { hunksOf } from './hunks.js';
import { revealed } from './revealed.js';
import { sentencesOf } from './sentences.js';
import { summarise } from './summary.js';

const pipeline = (...blocks: readonly string[]): string => `version: "4.0"\nactions:\n${blocks.join('')}`;
const block = (name: string, { script = 'analysis/a.R', needs = '', level = 'highly_sensitive' } = {}): string =>
  `  ${name}:\n    run: r:latest ${script} ${name}\n${needs && `    needs: [${needs}]\n`}    outputs:\n      ${level}:\n        out: output/${name}.csv\n`;

const read = (text: string) => readPipeline(text, 'project.yaml').pipeline;
const changed = (path: string, before: string | null, after: string | null): ChangedFile => ({
  path,
  previousPath: null,
  status: 'modified',
  added: 1,
  deleted: 1,
  isBinary: false,
  isTooLarge: false,
  before,
  after,
});

describe('the summary in words', () => {
  test('names actions that were added, removed and changed, and which part of them', () => {
    const before = pipeline(block('one'), block('two'), block('gone'));
    const after = pipeline(
      block('one', { level: 'moderately_sensitive' }),
      block('two', { needs: 'one' }),
      block('fresh'),
    );
    const sentences = sentencesOf(summarise([changed('project.yaml', before, after)], read(before), read(after)));
    expect(sentences).toEqual([
      '2 actions changed in project.yaml: one (outputs) and two (needs).',
      '1 action added: fresh.',
      '1 action removed: gone.',
    ]);
  });

  test('an action written differently with the same meaning has not changed', () => {
    const before = pipeline(block('one'));
    const after = before.replace('r:latest analysis/a.R', '>\n      r:latest\n      analysis/a.R');
    expect(sentencesOf(summarise([changed('project.yaml', before, after)], read(before), read(after)))).toEqual([
      'No file changed.',
    ]);
  });

  test('says which action runs a script that changed, and counts the rest', () => {
    const text = pipeline(block('one'));
    const files = [changed('analysis/a.R', 'x', 'y'), changed('README.md', 'x', 'y')];
    expect(sentencesOf(summarise(files, read(text), read(text)))).toEqual([
      'The code that 1 action runs changed: one.',
      '1 other file changed: README.md.',
    ]);
  });

  test('counts the codes that a codelist gained and lost', () => {
    const text = pipeline(block('one'));
    const files = [changed('codelists/asthma.csv', 'code,term\n1,a\n2,b\n', 'code,term\n2,renamed\n3,c\n4,d\n')];
    expect(sentencesOf(summarise(files, read(text), read(text)))).toEqual([
      'The codelist asthma gained 2 codes and lost 1 code.',
    ]);
  });

  test('a pipeline that can not be read is said, and the other findings stay', () => {
    const text = pipeline(block('one'));
    const sentences = sentencesOf(
      summarise([changed('project.yaml', 'not: [a pipeline', text)], read('not: [a pipeline'), read(text)),
    );
    expect(sentences[0]).toMatch(/were not compared/);
    expect(sentences).toContain('1 other file changed: project.yaml.');
  });
});

describe('codelists', () => {
  test('the code column is found by name, else the first column counts', () => {
    expect(compareCodelist('a', 'term,snomedcode\na,1\n', 'term,snomedcode\nb,1\n')).toMatchObject({
      gained: 0,
      lost: 0,
    });
    expect(compareCodelist('a', 'x,y\n1,a\n', 'x,y\n2,a\n')).toMatchObject({ gained: 1, lost: 1 });
  });

  test('quoted commas, a byte order mark and repeated codes do not confuse the count', () => {
    expect(compareCodelist('a', '\ufeffcode,term\n1,"a, b"\n1,"c"\n', 'code,term\n1,x\n')).toMatchObject({
      gained: 0,
      lost: 0,
    });
  });

  test('a new list gains all its codes; only CSV files in the folder count', () => {
    expect(compareCodelist('a', null, 'code\n1\n2\n')).toMatchObject({ gained: 2, lost: 0 });
    expect([
      isCodelist('codelists/a.csv'),
      isCodelist('codelists/codelists.json'),
      isCodelist('x/codelists/a.csv'),
    ]).toEqual([true, false, false]);
  });
});

describe('hunks', () => {
  test('lines far from any change are folded, with three lines of context', () => {
    const lines = Array.from({ length: 40 }, (_, i) => `line ${i}`);
    const after = lines.with(20, 'changed');
    const hunks = hunksOf(lines.join('\n'), after.join('\n')) ?? [];
    expect(hunks.map(({ isFold, lines }) => [isFold, lines.length])).toEqual([
      [true, 17],
      [false, 8],
      [true, 16],
    ]);
  });

  test('the lines of each side, put together again, are that side', () => {
    const text = fc
      .array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 30 })
      .map((lines) => lines.map((l) => `${l}\n`).join(''));
    fc.assert(
      fc.property(text, text, (before, after) => {
        const lines = (hunksOf(before, after) ?? []).flatMap((hunk) => hunk.lines);
        const side = (skip: string) =>
          lines
            .filter((line) => line.sign !== skip)
            .map((line) => `${line.text}\n`)
            .join('');
        expect(side('ins')).toBe(before);
        expect(side('del')).toBe(after);
      }),
    );
  });

  test('texts that differ in too much are given up instead of holding up the process', () => {
    const many = (word: string) => Array.from({ length: 20_000 }, (_, i) => `${word} ${i}`).join('\n');
    expect(hunksOf(many('a'), many('b'))).toBeNull();
  });
});

describe('a shown difference', () => {
  test('code that looks like markup stays text, and hidden characters are spelled out', () => {
    const hunks = hunksOf('', 'x = "</code><script>alert(1)</script>" # \u202e\n');
    const file = {
      path: '<b>.py',
      previousPath: null,
      status: 'added' as const,
      added: 1,
      deleted: 0,
      hunks,
      why: null,
    };
    const html = String(written(<FileSection file={file} isOpen />));
    expect(html).not.toContain('<script>');
    expect(html).not.toContain('<b>');
    expect(html).toContain('⟨U+202E⟩');
  });

  test('tabs and line breaks are not hidden characters', () => {
    expect(revealed('a\tb\r\nc')).toBe('a\tb\r\nc');
  });

  test('a binary file is named, with why it is not shown', () => {
    const file = {
      path: 'a.png',
      previousPath: null,
      status: 'added' as const,
      added: null,
      deleted: null,
      hunks: null,
      why: 'A binary file; its content is not shown.',
    };
    expect(String(written(<FileSection file={file} isOpen />))).toContain('A binary file');
  });
});
