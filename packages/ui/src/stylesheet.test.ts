import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const css = readFileSync(new URL('../assets/glovebox.css', import.meta.url), 'utf8');

function tokensIn(block: string): ReadonlyMap<string, string> {
  return new Map([...block.matchAll(/--([a-z-]+):\s*(#[0-9a-f]{6})/g)].map((m) => [m[1] ?? '', m[2] ?? '']));
}

const [light = '', dark = ''] = [...css.matchAll(/:root \{([^}]*)\}/g)].map((m) => m[1] ?? '');
const themes = { light: tokensIn(light), dark: tokensIn(dark) };

/** Relative luminance as WCAG 2 defines it. */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((i) => {
    const c = Number.parseInt(hex.slice(i, i + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [high = 0, low = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

const text = [
  'ink',
  'quiet',
  'accent',
  'pending',
  'running',
  'succeeded',
  'failed',
  'highly',
  'moderately',
  'released',
  'published',
];
const surfaces = [
  'paper',
  'card',
  'failed-wash',
  'running-wash',
  'succeeded-wash',
  'added-wash',
  'removed-wash',
  'code-wash',
];

describe.each(Object.entries(themes))('the %s theme', (_name, tokens) => {
  test('has every token of the other theme', () => {
    expect([...tokens.keys()]).toEqual([...themes.light.keys()]);
  });

  test.each(text)('%s reads with at least 4.5 to 1 on every surface it stands on', (name) => {
    for (const surface of surfaces) {
      // Highlighted code and status words stand on these; a wash of one status never carries the words of another.
      if (
        surface.endsWith('-wash') &&
        !['ink', 'quiet', 'accent', surface.replace('-wash', ''), 'highly', 'moderately'].includes(name)
      )
        continue;
      const ratio = contrast(tokens.get(name) ?? '', tokens.get(surface) ?? '');
      expect(ratio, `${name} on ${surface}`).toBeGreaterThanOrEqual(4.5);
    }
  });

  test('marks stand out with at least 3 to 1', () => {
    for (const surface of ['card', 'paper', 'failed-wash']) {
      expect(contrast(tokens.get('mark') ?? '', tokens.get(surface) ?? ''), surface).toBeGreaterThanOrEqual(3);
    }
  });
});

test('the stylesheet stays under 20 KB, loads nothing and sets no font from elsewhere', () => {
  expect(Buffer.byteLength(css)).toBeLessThan(20 * 1024);
  expect(css).not.toMatch(/url\(|@import|@font-face/);
});

test('every colour is a token', () => {
  const rules = css.replace(/:root \{[^}]*\}/g, '');
  expect(rules).not.toMatch(/#[0-9a-f]{3,8}\b|rgb\(|hsl\(/);
});
