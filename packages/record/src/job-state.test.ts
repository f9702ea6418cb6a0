import { describe, expect, test } from 'vitest';
import { failureReasons, insteadOf } from './failure-reason.js';
import {
  canFollow,
  isFinal,
  type JobState,
  jobStates,
  stateOf,
  type StatusCode,
  statusCodes,
  transitions,
  unusedCodes,
  phases,
} from './job-state.js';

const codes = Object.keys(statusCodes) as StatusCode[];

describe('the table of a job’s life', () => {
  test('has 24 codes, each of which can be reached and, unless it is an end, left', () => {
    expect(codes).toHaveLength(24);
    for (const code of codes) {
      const isReached = code === 'created' || transitions.some(({ to }) => to === code);
      expect([code, isReached]).toEqual([code, !unusedCodes.includes(code)]);
      expect([code, codes.some((next) => canFollow(code, next))]).toEqual([code, !isFinal(stateOf(code))]);
    }
  });

  test('lets nothing follow an end, and no code follow itself', () => {
    for (const from of codes) {
      expect(canFollow(from, from)).toBe(false);
      for (const to of codes) if (isFinal(stateOf(from))) expect(canFollow(from, to)).toBe(false);
    }
  });

  test('leads from every open code to an end, and to cancellation in one step', () => {
    for (const code of codes.filter((one) => !isFinal(stateOf(one)))) {
      expect(canFollow(code, 'cancelled_by_user')).toBe(true);
      expect(canFollow(code, 'killed_by_admin')).toBe(true);
    }
  });

  test('lets phases go on and never back', () => {
    for (const [i, earlier] of phases.entries()) {
      expect(canFollow('initiated', earlier)).toBe(true);
      for (const later of phases.slice(i + 1)) {
        expect(canFollow(earlier, later)).toBe(true);
        expect(canFollow(later, earlier)).toBe(false);
      }
    }
  });

  test('starts a job only when what it needs is there and nothing holds the backend up', () => {
    const before = codes.filter((code) => canFollow(code, 'initiated'));
    expect(before.sort()).toEqual(['waiting_on_db_workers', 'waiting_on_new_task', 'waiting_on_workers']);
  });

  test('mentions every state only by names that exist', () => {
    const known: readonly (StatusCode | JobState)[] = [...codes, ...jobStates];
    for (const { from, to, because } of transitions) {
      expect(from.every((name) => known.includes(name)) && known.includes(to)).toBe(true);
      expect(because).not.toBe('');
    }
  });
});

test('every end but success names a next step, in its code or its reason', () => {
  for (const code of codes) {
    if (stateOf(code) === 'failed') expect([code, 'hint' in statusCodes[code]]).toEqual([code, true]);
  }
  for (const [reason, words] of Object.entries(failureReasons)) {
    expect(words.hint, reason).toMatch(/\.$/);
  }
  for (const words of Object.values(insteadOf)) expect(words).toMatch(/action|script|ehrql/);
});
