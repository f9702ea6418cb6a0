import { describe, expect, test } from 'vitest';
import { commonEvents, commonMedicines } from './common-codes.js';
import { sortCodes } from './codelists.js';
import { commonness, endedCondition, isWinterIllness, medicineBend, prevalence } from './kinds.js';
import { layOut, makeDraws, slotCount } from './draws.js';
import { checkDigit, hasCheckDigit } from './verhoeff.js';

describe('check digits', () => {
  test('complete a published identifier', () => {
    expect(checkDigit('19596700')).toBe('1');
    expect(hasCheckDigit('195967001')).toBe(true);
  });

  test('catch a wrong digit and swapped neighbours', () => {
    expect(hasCheckDigit('195967002')).toBe(false);
    expect(hasCheckDigit('195976001')).toBe(false);
    expect(hasCheckDigit('')).toBe(false);
    expect(hasCheckDigit('19596700a')).toBe(false);
  });

  test('are right on every common code and every invented one', () => {
    const codes = [...commonEvents.map((code) => code.snomed), ...commonMedicines];
    expect(codes.filter((code) => !hasCheckDigit(code))).toEqual([]);
    const draws = makeDraws([]);
    expect(draws.events.filter(({ code }) => !hasCheckDigit(code.snomed))).toEqual([]);
    expect(draws.medicines.filter(({ code }) => !hasCheckDigit(code.code))).toEqual([]);
  });
});

describe('sorting the codes of a codelist', () => {
  test('a file of dm+d codes goes to the medicines, one of SNOMED CT codes to the events', () => {
    expect(sortCodes('list.csv', ['39113311000001107']).medicines).toEqual(['39113311000001107']);
    expect(sortCodes('list.csv', ['39113311000001107']).snomed).toEqual([]);
    expect(sortCodes('list.csv', ['195967001']).snomed).toEqual(['195967001']);
    expect(sortCodes('list.csv', ['195967001']).medicines).toEqual([]);
  });

  test('a file that only its name calls medicines goes to both', () => {
    const codes = sortCodes('steroid-medication.csv', ['325445001']);
    expect([codes.snomed, codes.medicines]).toEqual([['325445001'], ['325445001']]);
  });

  test('ICD-10, OPCS-4 and CTV3 codes are told apart, and other words are left out', () => {
    expect(sortCodes('x.csv', ['J440', 'I10X', 'XE0qn', '171..', 'Asthma attack', '']).diagnoses).toEqual([
      'J440',
      'I10X',
    ]);
    expect(sortCodes('x.csv', ['J440', 'XE0qn', '171..', 'Asthma attack']).ctv3).toEqual(['XE0qn', '171..']);
    expect(sortCodes('opcs4-hip.csv', ['W371', 'I123']).procedures).toEqual(['W371']);
  });
});

describe('what a codelist is about', () => {
  test('a list of ends goes with the list of its condition', () => {
    expect(endedCondition('wp-asthma-resolved.csv')).toBe('wp-asthma');
    expect(endedCondition('refsets-dmres_cod.csv')).toBe('refsets-dm');
    expect(endedCondition('winter-pressures.csv')).toBeUndefined();
  });

  test('exacerbations are illnesses of winter, the disease is a long-term condition, and back pain neither', () => {
    expect([isWinterIllness('copd-exacerbation.csv'), prevalence('copd-exacerbation.csv', false)]).toEqual([
      true,
      undefined,
    ]);
    expect([isWinterIllness('copd.csv'), prevalence('copd.csv', true)?.old]).toEqual([false, 11]);
    expect([isWinterIllness('back-pain.csv'), prevalence('back-pain.csv', false)]).toEqual([false, undefined]);
    expect(prevalence('gout.csv', true)).toBeDefined();
  });

  test('antibiotics follow the winter, those for urine and repeat medicines do not, antihistamines follow the summer', () => {
    expect(medicineBend('antibiotics-macrolides.csv')).toBeGreaterThan(20);
    expect(medicineBend('antibiotics-urinary.csv')).toBeLessThan(5);
    expect(medicineBend('statins.csv')).toBeLessThan(5);
    expect(medicineBend('antihistamines.csv')).toBeLessThan(-20);
  });

  test('home visits are less common than visits to the practice', () => {
    expect(commonness('consultation-home-visit.csv')).toBeLessThan(commonness('consultation-face-to-face.csv'));
  });

  test('a code whose term says that the condition is over is no code of the condition', () => {
    const list = sortCodes('diabetes.csv', ['44054006', '315051004'], new Set(['315051004']));
    const [condition] = makeDraws([list]).conditions;
    expect(condition?.codes.snomed).toEqual(['44054006']);
    expect(condition?.endings.snomed).toEqual(['315051004']);
  });
});

describe('laying out slots', () => {
  test('all slots are used once and every code has one', () => {
    const laid = layOut([
      { codes: Array.from({ length: 5000 }, (_, i) => i), weight: 0.001 },
      { codes: [-1, -2], weight: 1 },
    ]);
    expect(laid[0]!.first).toBe(0);
    expect(laid.at(-1)!.end).toBe(slotCount);
    for (const [index, { first, end }] of laid.entries()) {
      expect(end).toBeGreaterThan(first);
      expect(first).toBe(index === 0 ? 0 : laid[index - 1]!.end);
    }
  });

  test('the weight of a list is its share of the slots', () => {
    const laid = layOut([
      { codes: ['a', 'b'], weight: 3 },
      { codes: ['c'], weight: 1 },
    ]);
    expect(laid[1]!.end / slotCount).toBeCloseTo(0.75, 3);
  });

  test('more codes than half of the slots are sampled evenly', () => {
    const laid = layOut([{ codes: Array.from({ length: 100_000 }, (_, i) => i), weight: 1 }]);
    expect(laid.length).toBe(25_000);
  });
});
