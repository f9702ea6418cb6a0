// What a definition's own process says went wrong is shown in terminals and kept in records, and a hostile one says anything.
import { renderProblem } from '@glovebox/record';
import { describe, expect, it } from 'vitest';
import { errorOf } from './error-of.js';

const found = (error: unknown) => errorOf(error, (path) => path);
const place = { path: 'd.py', line: 1, excerpt: 'x = y' };

describe('what a hostile definition says went wrong', () => {
  it.each<[string, number, number]>([
    ['before the line', 0, 0],
    ['far behind it', 2 ** 53 - 1, 2 ** 53 - 1],
    ['hundreds of millions of columns wide', 1, 5e8],
    ['backwards', 5, 2],
    ['in a part of a column', 1.5, 2.5],
  ])('underlines nothing that is %s', (_what, column, endColumn) => {
    const [problem] = found({ code: 'c', message: 'm', ...place, column, end_column: endColumn }).problems;
    expect(renderProblem(problem).length).toBeLessThan(80);
  });

  it('sends a terminal nothing to obey, and keeps the columns', () => {
    const evil = '\u001b[2J\u001b]0;title\u0007\u202e\r\u0000\ud800';
    const [problem] = found({
      code: 'c',
      message: evil,
      hint: evil,
      ...place,
      excerpt: `${evil}x`,
      column: 1,
    }).problems;
    const text = renderProblem(problem);
    expect(text).not.toMatch(/[^\P{Cc}\n]|[\u202a-\u202e]|\p{Cs}/u);
    expect(problem.place!.excerpt).toHaveLength(evil.length + 1);
  });

  it('is cut where nobody would read on', () => {
    const long = 'x'.repeat(10_000_000);
    const { problems, traceback } = found({
      code: 'c',
      message: long,
      hint: long,
      ...place,
      excerpt: long,
      traceback: [],
    });
    expect(renderProblem(problems[0]).length).toBeLessThan(30_000);
    expect(traceback).toBe('Traceback (most recent call last):');
  });

  it.each([0, 256, 512, -1, 2 ** 40, 1.5])('never ends a command as if it had succeeded: %d', (code) => {
    expect(found({ exit_code: code }).exitCode).toBe(10);
  });

  it('may be nothing at all', () => {
    for (const nothing of [undefined, null, 1, 'text', [], { message: 1, path: {}, line: 'x', exit_code: 'x' }]) {
      expect(found(nothing)).toMatchObject({ problems: [{ code: 'definition-failed' }], exitCode: 10 });
    }
  });
});
