// What a codelist is about, told from its name: an illness of winter, a long-term condition, the end of one, or none of these.
//
// It decides when a code is recorded and for whom, so that figures over synthetic patients tell a plausible story. The rules
// are deliberately few; a list that they don't know is recorded all year round, for anyone.
import { parse } from 'node:path';

/** How a list's codes follow the year, in days that dates are bent by: towards January, or towards July when negative. */
export const bends = { winter: 38, none: 2, summer: -38 } as const;

/** How many in a hundred have the condition at twenty and at eighty years of age. */
interface Prevalence {
  readonly young: number;
  readonly old: number;
}

const prevalences: readonly (readonly [RegExp, Prevalence])[] = [
  [/asthma|(^|\W)ast(\W|$)/, { young: 11, old: 10 }],
  [/copd|obstructive/, { young: 0.1, old: 11 }],
  [/hypertension|(^|\W)hyp(\W|$)/, { young: 1, old: 58 }],
  [/fibrillation|afib/, { young: 0.1, old: 19 }],
  [/diabetes|(^|\W)dm/, { young: 1, old: 20 }],
  [/depress/, { young: 9, old: 14 }],
  [/kidney|ckd|renal/, { young: 0.2, old: 24 }],
  [/mental|schizo|bipolar|psychos/, { young: 0.6, old: 1.4 }],
  [/obes/, { young: 8, old: 24 }],
  [
    /cancer|heart|coronary|stroke|dementia|arthritis|osteopor|epilep|thyroid|parkinson|chronic/,
    { young: 0.5, old: 12 },
  ],
];
const otherCondition: Prevalence = { young: 1, old: 10 };

const winterIllness =
  /respirat|influenza|(^|\W)(flu|rsv|cold|ili|urti|lrti)(\W|$)|covid|sars|bronchi|pneumonia|exacerbat|cough|throat|tonsil|pharyng|sinusit|otitis|croup/;
const winterMedicine =
  /antibiotic|antibacterial|antiviral|amoxicillin|amoxiclav|penicillin|macrolide|doxycycline|prednisolone/;
const summerMedicine = /antihistamine|hay-?fever/;
const ended = /(^|\W)(resolved|remission|resolution)(\W|$)|res-cod$/;
const endedTerm = /\b(resolved|in (full )?remission|history of|h\/o)\b/i;

const nameOf = (file: string): string => parse(file).name.toLowerCase().replaceAll('_', '-');

/** The name of the condition whose end the list records, or nothing when it is no such list. */
export function endedCondition(file: string): string | undefined {
  const name = nameOf(file);
  return ended.test(name) ? name.replace(ended, '') : undefined;
}

/** Whether a code's term says that a condition is over. */
export const saysEnded = (term: string): boolean => endedTerm.test(term);

export const isWinterIllness = (file: string): boolean => winterIllness.test(nameOf(file));

/**
 * How common a long-term condition is, or nothing when the list is of none.
 *
 * @param hasEnd whether another list records that it is over, which only long-term conditions have
 */
export function prevalence(file: string, hasEnd: boolean): Prevalence | undefined {
  const name = nameOf(file);
  if (winterIllness.test(name) || ended.test(name)) return undefined;
  return prevalences.find(([pattern]) => pattern.test(name))?.[1] ?? (hasEnd ? otherCondition : undefined);
}

/** Whom an illness of winter befalls: small children, anyone, or those past middle age. */
export type Sufferers = 'young' | 'all' | 'old';

export function sufferers(file: string): Sufferers {
  const name = nameOf(file);
  if (/bronchiol|croup/.test(name)) return 'young';
  return /copd|obstructive/.test(name) ? 'old' : 'all';
}

export function medicineBend(file: string): number {
  const name = nameOf(file);
  if (summerMedicine.test(name)) return bends.summer;
  return winterMedicine.test(name) && !name.includes('urin') ? bends.winter : bends.none;
}

const uncommon = /home-?visit|pneumonia|bronchiol|exacerbat|psychos/;
const veryCommon = /upper|urti|symptom|face-?to-?face|cough/;

/** How often the codes of a list are recorded, relative to other lists as long. */
export function commonness(file: string): number {
  const name = nameOf(file);
  if (uncommon.test(name)) return 0.25;
  return veryCommon.test(name) ? 2 : 1;
}

/** The part of a list's name that its list of ends shares. */
export const conditionName = (file: string): string => nameOf(file).replace(/-cod$/, '');
