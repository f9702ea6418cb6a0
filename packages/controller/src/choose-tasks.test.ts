import type { LeaseCandidate } from '@glovebox/store';
import { describe, expect, test } from 'vitest';
import { chooseTasks, overtakenSeconds, type Pool } from './choose-tasks.js';

const now = new Date('2026-11-01T08:00:00Z');
const before = (seconds: number): Date => new Date(now.getTime() - seconds * 1000);

let job = 0;
const task = (workspace: number, weight = 1, readyAt = now): LeaseCandidate => {
  job += 1;
  return { task: `w${workspace}-${job}`, job, workspace, weight, readyAt };
};
const pool = (candidates: readonly LeaseCandidate[], more: Partial<Pool> = {}): Pool => {
  return { usesDatabase: false, places: 100, size: null, usedWeight: 0, candidates, ...more };
};
const workspaces = (chosen: readonly string[]) => chosen.map((name) => name.slice(0, 2)).join(' ');
const none = new Map<number, number>();

describe('the turn order', () => {
  test('gives the next place to the workspace with the fewest tasks out, and counts each choice', () => {
    const candidates = [task(1), task(1), task(1), task(2), task(2)];
    expect(workspaces(chooseTasks([pool(candidates, { places: 4 })], none, now))).toBe('w1 w2 w1 w2');
    const busy = new Map([[1, 3]]);
    expect(workspaces(chooseTasks([pool(candidates, { places: 4 })], busy, now))).toBe('w2 w2 w1 w1');
  });

  test('prefers the oldest job, and tasks that query the database, where loads are equal', () => {
    const [old, young] = [task(2), task(1)];
    const database = [task(3)];
    const pools = [pool(database, { usesDatabase: true }), pool([young, old])];
    expect(chooseTasks(pools, none, now)).toEqual([database[0]?.task, old.task, young.task]);
  });

  test('does not count against a workspace what found no place', () => {
    const database = Array.from({ length: 5 }, () => task(1));
    const other = [task(1), task(2), task(2), task(1)];
    const pools = [pool(database, { usesDatabase: true, size: 2, usedWeight: 2 }), pool([...other], { places: 2 })];
    expect(workspaces(chooseTasks(pools, none, now))).toBe('w1 w2');
  });

  test('fills one pool while the other is full', () => {
    const pools = [pool([task(1)], { usesDatabase: true, places: 0 }), pool([task(1)])];
    expect(chooseTasks(pools, none, now)).toHaveLength(1);
  });
});

describe('weights', () => {
  test('add up to no more than the pool', () => {
    const candidates = [task(1, 2), task(1, 2), task(1, 2)];
    expect(chooseTasks([pool(candidates, { size: 5 })], none, now)).toHaveLength(2);
    expect(chooseTasks([pool(candidates, { size: 5, usedWeight: 3 })], none, now)).toHaveLength(1);
    expect(chooseTasks([pool(candidates, { size: 5, usedWeight: 4 })], none, now)).toHaveLength(0);
  });

  test('below one let more run, as far as the agent has places', () => {
    const candidates = Array.from({ length: 9 }, () => task(1, 0.1));
    expect(chooseTasks([pool(candidates, { size: 1, usedWeight: 0.2 })], none, now)).toHaveLength(8);
    expect(chooseTasks([pool(candidates, { size: 1, places: 3 })], none, now)).toHaveLength(3);
  });

  test('larger than the pool count as all of it: the task runs alone rather than never', () => {
    const heavy = task(1, 50);
    expect(chooseTasks([pool([heavy, task(1)], { size: 4 })], none, now)).toEqual([heavy.task]);
    expect(chooseTasks([pool([heavy], { size: 4, usedWeight: 1 })], none, now)).toEqual([]);
  });

  test('let lighter tasks overtake a heavy one, until it has waited for long', () => {
    const light = task(2);
    const heavy = (waited: number) => ({ ...task(1, 3, before(waited)), job: 0 });
    const room = { size: 4, usedWeight: 2 };
    expect(chooseTasks([pool([heavy(overtakenSeconds - 1), light], room)], none, now)).toEqual([light.task]);
    expect(chooseTasks([pool([heavy(overtakenSeconds), light], room)], none, now)).toEqual([]);
  });
});
