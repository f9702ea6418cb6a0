import fc from 'fast-check';
import { written } from '@glovebox/ui';
import { describe, expect, test } from 'vitest';
import { type DrawnAction, GraphDrawing } from './drawing.js';
import { type GraphAction, isDrawable, layOut, shownName, stages } from './layout.js';

const action = (name: string, ...needs: readonly string[]): GraphAction => ({ name, needs, marks: 1 });
const drawn = (name: string, more: Partial<DrawnAction> = {}): DrawnAction => ({
  name,
  state: 'succeeded',
  levels: ['highly_sensitive'],
  href: `/p/w/1/${name}`,
  ...more,
});

/** Pipelines without cycles: an action needs only actions before it. */
const pipelines = fc
  .array(fc.array(fc.nat(), { maxLength: 3 }), { minLength: 1, maxLength: 25 })
  .map((rows) =>
    rows.map((needs, i) => action(`a${i}`, ...new Set(i === 0 ? [] : needs.map((need) => `a${need % i}`)))),
  );

describe('whether a pipeline is drawn', () => {
  const pipeline = (count: number, needs: (i: number) => readonly number[]): readonly GraphAction[] =>
    Array.from({ length: count }, (_, i) => action(`a${i}`, ...needs(i).map((need) => `a${need}`)));
  const all = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

  test.each<[string, readonly GraphAction[], boolean]>([
    ['a chain of 300', pipeline(300, (i) => (i === 0 ? [] : [i - 1])), true],
    ['301 alone', pipeline(301, () => []), false],
    ['a summary of 299', pipeline(300, (i) => (i < 299 ? [] : all(299))), true],
    ['everything needs all before', pipeline(300, all), false],
    [
      'two halves, each of the later needing all of the earlier',
      pipeline(300, (i) => (i < 150 ? [] : all(150))),
      false,
    ],
    ['a needs b needs a', [action('a', 'b'), action('b', 'a')], true],
  ])('%s', (_what, actions, isDrawn) => {
    expect(isDrawable(actions)).toBe(isDrawn);
  });
});

describe('layout', () => {
  test('every action stands to the right of all that it needs, inside the drawing, and no two boxes touch', () => {
    fc.assert(
      fc.property(pipelines, (actions) => {
        const { boxes, width, height } = layOut(actions);
        const byName = new Map(boxes.map((box) => [box.name, box]));
        for (const { name, needs } of actions) {
          const box = byName.get(name);
          expect(box).toBeDefined();
          if (!box) continue;
          expect(box.x).toBeGreaterThanOrEqual(0);
          expect(box.x + box.width).toBeLessThanOrEqual(width + 1);
          expect(box.y + box.height).toBeLessThanOrEqual(height + 1);
          for (const need of needs) {
            const before = byName.get(need);
            expect((before?.x ?? 0) + (before?.width ?? 0)).toBeLessThan(box.x);
          }
        }
        for (const a of boxes) {
          for (const b of boxes) {
            const isApart =
              a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
            expect(a === b || isApart).toBe(true);
          }
        }
      }),
      { numRuns: 30 },
    );
  });

  test('a need that the pipeline does not have is left out', () => {
    expect(layOut([action('a', 'ghost')]).arrows).toEqual([]);
  });

  test('an empty pipeline is an empty drawing', () => {
    expect(layOut([]).boxes).toEqual([]);
  });

  test('long names are shortened in the box', () => {
    expect(shownName('x'.repeat(80))).toHaveLength(34);
  });
});

describe('stages', () => {
  test('an action stands one stage after the last that it needs', () => {
    expect(stages([action('c', 'a', 'b'), action('a'), action('b', 'a'), action('d')])).toEqual([
      ['a', 'd'],
      ['b'],
      ['c'],
    ]);
  });

  test('a cycle does not hang it', () => {
    expect(
      stages([action('a', 'b'), action('b', 'a')])
        .flat()
        .sort(),
    ).toEqual(['a', 'b']);
  });
});

describe('drawing', () => {
  const draw = (actions: readonly DrawnAction[]) =>
    String(written(<GraphDrawing layout={layOut(actions.map((a) => action(a.name)))} actions={actions} />));

  test('each box is a link that says its status and levels in words', () => {
    const html = draw([drawn('a'), drawn('b', { state: null, levels: ['moderately_sensitive'] })]);
    expect(html).toContain('href="/p/w/1/a"');
    expect(html).toContain('a: succeeded; makes highly sensitive outputs');
    expect(html).toContain('b: not part of this job request; makes moderately sensitive outputs');
  });

  test('a name that looks like markup stays text', () => {
    const html = draw([drawn('</text><script>alert(1)</script>')]);
    expect(html).not.toContain('<script>');
    expect(html).not.toMatch(/\sstyle=/);
  });
});
