import { describe, expect, it } from 'vitest';
import { runSteps, type Step, type StepEnd } from './schedule.js';

/** Steps that end when the test says so. */
function steps(needs: Readonly<Record<string, readonly string[]>>) {
  const list: Step[] = Object.entries(needs).map(([name, its]) => ({ name, needs: its }));
  const running = new Map<string, (end: StepEnd) => void>();
  const started: string[] = [];
  const start = ({ name }: Step, signal: AbortSignal): Promise<StepEnd> =>
    new Promise((resolve) => {
      started.push(name);
      running.set(name, resolve);
      signal.addEventListener('abort', () => resolve('stopped'));
    });
  const end = async (name: string, how: StepEnd = 'succeeded'): Promise<void> => {
    running.get(name)?.(how);
    await new Promise(setImmediate);
  };
  return { list, started, start, end };
}
const options = { concurrency: 2, continueOnError: false, signal: new AbortController().signal };

describe('runSteps', () => {
  it('runs as many as it may, each after what it needs', async () => {
    const { list, started, start, end } = steps({ a: [], b: ['a'], c: [], d: [], e: ['b', 'd', 'there already'] });
    const all = runSteps(list, options, start);
    expect(started).toEqual(['a', 'c']);
    await end('a');
    expect(started).toEqual(['a', 'c', 'b']);
    await end('c');
    await end('b');
    expect(started).toEqual(['a', 'c', 'b', 'd']);
    await end('d');
    await end('e');
    expect([...new Set((await all).values())]).toEqual(['succeeded']);
  });

  it('stops the others at the first failure', async () => {
    const { list, start, end } = steps({ a: [], b: [], c: ['a'], d: [] });
    const all = runSteps(list, options, start);
    await end('a', 'failed');
    expect(Object.fromEntries(await all)).toEqual({ a: 'failed', b: 'stopped', c: 'not-started', d: 'not-started' });
  });

  it('goes on with what does not need it when it may', async () => {
    const { list, start, end } = steps({ a: [], b: ['a'], c: ['b'], d: [] });
    const all = runSteps(list, { ...options, continueOnError: true }, start);
    await end('a', 'failed');
    await end('d');
    expect(Object.fromEntries(await all)).toEqual({ a: 'failed', b: 'not-started', c: 'not-started', d: 'succeeded' });
  });

  it('starts nothing more once it is told to stop', async () => {
    const stop = new AbortController();
    const { list, start } = steps({ a: [], b: [], c: [] });
    const all = runSteps(list, { ...options, signal: stop.signal }, start);
    stop.abort();
    expect(Object.fromEntries(await all)).toEqual({ a: 'stopped', b: 'stopped', c: 'not-started' });
  });

  it('waits for the others before it passes on a fault', async () => {
    const ended: string[] = [];
    const all = runSteps(steps({ a: [], b: [] }).list, options, async ({ name }, signal) => {
      if (name === 'a') throw new Error('the disk is gone');
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
      ended.push(name);
      return 'stopped';
    });
    await expect(all).rejects.toThrow('the disk is gone');
    expect(ended).toEqual(['b']);
  });
});
