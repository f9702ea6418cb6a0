import { describe, expect, it } from 'vitest';
import type { Column } from '@glovebox/language';
import { constraintsBroken } from './constraints.js';

describe('the constraints of a column', () => {
  it('may be a closed set of numbers', () => {
    const type: Column = { name: 'address_type', type: 'int' };
    expect(constraintsBroken('addresses', type, 3n)).toEqual([]);
    expect(constraintsBroken('addresses', type, 0n)).toEqual([]);
    expect(constraintsBroken('addresses', type, 2n)).toEqual(["Constraint.Categorical('0', '1', '3')"]);
  });

  it('are those that a study gives its own table', () => {
    const score: Column = {
      name: 'score',
      type: 'int',
      constraints: [{ kind: 'NotNull' }, { kind: 'ClosedRange', minimum: 1, maximum: 5, step: 1 }],
    };
    expect(constraintsBroken('own', score, 5n)).toEqual([]);
    expect(constraintsBroken('own', score, null)).toEqual(['Constraint.NotNull()']);
    expect(constraintsBroken('own', score, 6n)).toEqual(['Constraint.ClosedRange(1, 5)']);
  });
});
