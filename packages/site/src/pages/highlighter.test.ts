import { expect, test } from 'vitest';
import { highlight, languageOf, mostHighlightedCharacters } from './highlighter.js';

const textOf = (lines: Awaited<ReturnType<typeof highlight>>): string =>
  lines.map((line) => line.map((piece) => piece.text).join('')).join('\n');

const samples: Readonly<Record<string, string>> = {
  'project.yaml': 'actions:\n  # note\n  a: "b"',
  'analysis/a.py': 'def f(x):\n    return "a" # b',
  'analysis/a.R': 'library(dplyr)\nx <- "a" # b',
  'analysis/a.do': 'gen x = "a"\n* b',
  'a.sql': "select 'a' from b -- c",
};

test.each(Object.entries(samples))(
  '%s is cut into classed pieces that are together the same text',
  async (path, text) => {
    const lines = await highlight(`${text}\n`, path);
    expect(textOf(lines)).toBe(text);
    expect(lines.flat().some((piece) => piece.kind !== undefined)).toBe(true);
    for (const { kind } of lines.flat()) expect(kind ?? '').toMatch(/^[a-z-]*$/);
  },
);

test('an unknown language and a text past the limit stay plain', async () => {
  expect(languageOf('notes.txt')).toBeUndefined();
  const long = `a: ${'x'.repeat(mostHighlightedCharacters)}`;
  for (const lines of [await highlight('a "b"', 'notes.txt'), await highlight(long, 'project.yaml')]) {
    expect(lines.flat().every((piece) => piece.kind === undefined)).toBe(true);
  }
});
