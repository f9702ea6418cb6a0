import { backendScheduling } from '@glovebox/wire';
import { describe, expect, test } from 'vitest';
import { readRules } from './rules.js';
import { notesOn } from './set-scheduling.js';

const job = {
  id: 1,
  workspace: 1,
  workspaceName: 'wp',
  action: 'Extract_1',
  command: 'ehrql:v1 generate-dataset a.py',
};

describe('the rules of a backend', () => {
  test('give a job the weight 1 and no resources where none applies', () => {
    expect(readRules({})(job)).toEqual({ weight: 1, requests: {} });
    expect(readRules({ rules: [{ workspace: 'other', action: '.*', weight: 5 }] })(job).weight).toBe(1);
  });

  test('match the whole name, and letters only in their own case', () => {
    const weightBy = (action: string) => readRules({ rules: [{ workspace: 'wp', action, weight: 4 }] })(job).weight;
    expect(['Extract_1', 'Extract_\\d', 'E.*', '\\S+', 'A|Extract_1'].map(weightBy)).toEqual([4, 4, 4, 4, 4]);
    expect(['extract_1', 'Extract', 'xtract_1', '\\s+', 'Extract_|1'].map(weightBy)).toEqual([1, 1, 1, 1, 1]);
  });

  test('of the workspace go before those by command, and for each value the first that gives it counts', () => {
    const rules = [
      { command: 'ehrql:.*', weight: 2, memoryMegabytes: 9000, wallSeconds: 60 },
      { workspace: 'wp', action: 'Ex.*', weight: 3 },
      { workspace: 'wp', action: '.*', weight: 7, wallSeconds: 90 },
    ];
    expect(readRules({ rules })(job)).toEqual({
      weight: 3,
      requests: { memoryMegabytes: 9000, wallSeconds: 90 },
    });
  });
});

test('patterns take no longer for what one engine or another would try for ever', () => {
  const names = Array.from({ length: 2500 }, (_, i) => ({ ...job, action: `${'a'.repeat(60)}${i}!` }));
  const hostile = ['(a+)+$', '(a|aa)+$', '(.*a){20}', '([a-z]+)*\\d', '(a*)*b'];
  const requirementsOf = readRules({ rules: hostile.map((action) => ({ workspace: 'wp', action, weight: 2 })) });
  expect(new Set(names.map((each) => requirementsOf(each).weight))).toEqual(new Set([1]));
});

describe('a configuration', () => {
  test.each<[object, string]>([
    [{ rules: [{ action: '(', weight: 1 }] }, 'a pattern that is none'],
    [{ rules: [{ action: '(a)\\1', weight: 1 }] }, 'a pattern that refers back'],
    [{ rules: [{ action: 'a(?=b)', weight: 1 }] }, 'a pattern that looks ahead'],
    [{ rules: [{ action: '((a{100}){100}){100}', weight: 1 }] }, 'a pattern that unfolds to millions of steps'],
    [{ rules: [{ weight: 1 }] }, 'a rule for nothing'],
    [{ rules: [{ action: 'a', command: 'b' }] }, 'a rule for an action and a command at once'],
    [{ rules: [{ action: 'a', weight: 0 }] }, 'a weight of nothing'],
    [{ pools: { database: 0, other: 1 } }, 'an empty pool'],
    [{ rules: [], queues: 1 }, 'an unknown key'],
  ])('with %j is refused: %s', (scheduling, _why) => {
    expect(backendScheduling.safeParse(scheduling).success).toBe(false);
  });

  test('is told where it asks for more than there is', () => {
    const rules = [
      { action: 'big', weight: 5, memoryMegabytes: 9000 },
      { command: 'r:.*', weight: 2 },
    ];
    const report = {
      agent: 'aaaaaaaaaaaaaaaa',
      sequence: 1,
      executor: 'bubblewrap' as const,
      images: {},
      places: { database: 2, other: 8 },
      limits: { memoryMegabytes: 4096, processors: 2 },
      maintenance: 'off' as const,
      diskFree: 'over-100-gb' as const,
    };
    const notes = notesOn({ rules }, report);
    expect(notes).toHaveLength(2);
    expect(notes[0]).toContain('the weight 5 is more than the whole pool "database" of 2');
    expect(notes[1]).toContain('gets 4096');
    expect(notesOn({ rules, pools: { database: 9, other: 9 } }, null)).toEqual([]);
  });
});
