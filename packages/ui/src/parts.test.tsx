import { privacyLevels, type RequestStatus } from '@glovebox/record';
import { describe, expect, test } from 'vitest';
import {
  count,
  Facts,
  formatMoment,
  formatSpan,
  inWords,
  Layout,
  LevelChip,
  LevelChips,
  levelWords,
  Name,
  StatusBadge,
  statusWords,
  written,
} from './index.js';

describe('words', () => {
  test('a span is HH:MM:SS and its hours may pass 99', () => {
    expect(formatSpan(21_602_000)).toBe('06:00:02');
    expect(formatSpan(360_000_000 + 59_999)).toBe('100:00:59');
  });

  test('a span that would be negative counts as none', () => {
    expect(formatSpan(-5000)).toBe('00:00:00');
  });

  test('a moment is written in UTC whatever the zone of the machine', () => {
    expect(formatMoment('2026-02-03T04:05:06.789Z')).toBe('3 Feb 2026, 04:05:06 UTC');
    expect(formatMoment('2026-02-03T00:30:00+02:00')).toBe('2 Feb 2026, 22:30:00 UTC');
  });

  test('counts and lists read as English', () => {
    expect([count(1, 'job'), count(2, 'job'), count(12_345, 'code')]).toEqual(['1 job', '2 jobs', '12,345 codes']);
    expect([inWords([]), inWords(['a']), inWords(['a', 'b']), inWords(['a', 'b', 'c'])]).toEqual([
      '',
      'a',
      'a and b',
      'a, b and c',
    ]);
  });
});

describe('marks', () => {
  test.each(Object.keys(statusWords) as RequestStatus[])('the status %s is an icon and a word', (status) => {
    const html = String(written(<StatusBadge status={status} />));
    expect(html).toContain(statusWords[status]);
    expect(html).toMatch(/<svg[^>]*aria-hidden="true"/);
  });

  test.each(privacyLevels)('the level %s is an icon and its name', (level) => {
    const html = String(written(<LevelChip level={level} />));
    expect(html).toContain(levelWords[level].name);
    expect(html).toContain('<svg');
  });

  test('chips come most sensitive first, once each, with how many', () => {
    const html = String(
      written(<LevelChips levels={['moderately_sensitive', 'highly_sensitive', 'moderately_sensitive']} />),
    );
    expect(html.replaceAll(/<[^>]+>/g, ' ')).toMatch(/Highly sensitive\s+Moderately sensitive × 2/);
  });
});

describe('markup', () => {
  const hostile = '"><script>alert(1)</script><img src=x onerror=alert(1)>';

  test('text that looks like markup stays text in every part', () => {
    const html = String(
      written(
        <Layout
          title={hostile}
          description={hostile}
          crumbs={[{ text: hostile, href: `/${hostile}` }]}
          jsonHref={hostile}
        >
          <Facts facts={[[hostile, hostile], null]} />
          <Name text={hostile} />
        </Layout>,
      ),
    );
    expect(html).not.toContain('<script>');
    expect(html).not.toContain('<img');
    expect(html).toContain('&lt;');
  });

  test('a page has no inline script, style or handler', () => {
    const html = String(
      written(
        <Layout title="A page" live={{ events: '/events', isActive: true }}>
          <h1>A page</h1>
        </Layout>,
      ),
    );
    expect(html).not.toMatch(/\sstyle=|\son[a-z]+=|<style|<script(?![^>]*src=)/);
    expect(html).toMatch(/<html lang="en-GB">/);
  });
});
