import { expect, test } from 'vitest';
import { patternExpression } from './collect.js';

test('every character of a pattern but the star stands for itself', () => {
  for (let code = 32; code < 127; code += 1) {
    const character = String.fromCharCode(code);
    if (character === '*') continue;
    const expression = patternExpression(`output/a${character}b*.csv`);
    expect(expression.test(`output/a${character}b-1.csv`), character).toBe(true);
    expect(expression.test(`output/a${character === 'x' ? 'y' : 'x'}b-1.csv`), character).toBe(false);
  }
});

test('a star stays within one folder', () => {
  expect(patternExpression('output/*-table.csv').test('output/a/b-table.csv')).toBe(false);
});
