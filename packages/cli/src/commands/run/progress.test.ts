import { describe, expect, it } from 'vitest';
import { liveProgress } from './progress.js';
import { memorySize } from './sizes.js';

function watch(actions: readonly string[], mostLines: number) {
  let screen = '';
  const progress = liveProgress(
    actions,
    (text) => (screen = text),
    () => (screen = ''),
    mostLines,
  );
  return { progress, screen: () => screen };
}

describe('the live list', () => {
  it('has a line for each action and a line of counts, and goes away', () => {
    const { progress, screen } = watch(['extract', 'fit'], 20);
    progress.start('extract');
    progress.say('extract', 'Running');
    expect(screen()).toBe('> extract     0 s  Running\n  fit              waiting\n0 of 2 done, 1 running');
    progress.end('extract', 'failed');
    expect(screen()).toContain('x extract     0 s  failed\n');
    expect(screen()).toContain('0 of 2 done, 1 failed, 0 running');
    progress.close();
    expect(screen()).toBe('');
  });

  it('shows only what is running when there is no room for all', () => {
    const names = Array.from({ length: 30 }, (_, i) => `action_${i}`);
    const { progress, screen } = watch(names, 10);
    for (const name of names.slice(0, 12)) progress.start(name);
    expect(screen().split('\n')).toHaveLength(10);
    expect(screen()).not.toContain('waiting');
    progress.close();
  });
});

it('sizes are read with their units, and others refused', () => {
  expect(['4G', '4g', '4GiB', '4096m', '4294967296'].map(memorySize)).toEqual(Array<number>(5).fill(2 ** 32));
  expect(memorySize('1.5G')).toBe(1.5 * 2 ** 30);
  for (const text of ['', 'G', '4X', '-1G', '1e3', '63M', '999999999T']) expect(() => memorySize(text), text).toThrow();
});
