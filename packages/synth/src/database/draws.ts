// Which code each slot stands for. A draw is a random slot, so a code's number of slots is how common it is: a power law
// within each list. A list's codes are neighbours, which is what lets a person's codes cluster by subject.
import { checkDigit } from './verhoeff.js';
import {
  commonDiagnoses,
  commonEvents,
  commonMedicines,
  commonProcedures,
  winterCodes,
  type EventCode,
} from './common-codes.js';
import type { CodelistCodes } from './codelists.js';
import { bends, medicineBend, type Sufferers } from './kinds.js';
import { sortLists, type Condition, type WeighedCodes } from './lists.js';

export const slotCount = 65_536;
/** Slots of the codes that record a condition, and as many after them for the codes that record its end. */
const conditionSlots = 4096;

/** A code and the slots `first` to `end - 1`. */
export interface Share<T> {
  readonly code: T;
  readonly first: number;
  readonly end: number;
}

/** A list of codes and how much of all draws it takes, relative to the other lists. */
interface Group<T> {
  readonly codes: readonly T[];
  readonly weight: number;
}

/**
 * Lays the groups out over so many slots from `start` on. Every code gets at least one slot; with too many codes, an even
 * sample of them.
 */
export function layOut<T>(groups: readonly Group<T>[], slots: number = slotCount, start = 0): Share<T>[] {
  const count = groups.reduce((sum, group) => sum + group.codes.length, 0);
  const keepOneIn = Math.ceil(count / (slots / 2));
  const kept = groups
    .map((group) => ({ ...group, codes: group.codes.filter((_, index) => index % keepOneIn === 0) }))
    .filter((group) => group.codes.length > 0);
  const keptCount = kept.reduce((sum, group) => sum + group.codes.length, 0);
  const totalWeight = kept.reduce((sum, group) => sum + group.weight, 0);
  const spare = slots - keptCount;
  const wanted = kept.flatMap((group) => {
    const ranks = group.codes.map((_, index) => 1 / (index + 1) ** 0.9);
    const sum = ranks.reduce((a, b) => a + b, 0);
    return group.codes.map((code, index) => ({ code, share: ((group.weight / totalWeight) * ranks[index]!) / sum }));
  });
  let first = 0;
  let passed = 0;
  return wanted.map(({ code, share }, index) => {
    passed += share;
    const end = index === wanted.length - 1 ? slots : index + 1 + Math.floor(passed * spare);
    const laid = { code, first: start + first, end: start + end };
    first = end;
    return laid;
  });
}

/** Identifiers of the right form in a namespace that nobody was assigned: the long tail that no codelist names. */
function inventedIdentifiers(count: number, namespace: string): string[] {
  return Array.from({ length: count }, (_, index) => {
    const digits = `${index + 1}${namespace}10`;
    return digits + checkDigit(digits);
  });
}

function inventedReadCode(index: number): string {
  return `Z${index.toString(36).toUpperCase().padStart(4, '0')}`;
}

/** A medicine, and how its prescriptions follow the year: see `bends`. */
export interface Medicine {
  readonly code: string;
  readonly bend: number;
}

export interface Draws {
  /**
   * Slots from 0: illnesses of winter; from `slotCount`: everything else; from twice that: the codes of each condition in
   * turn, and of its end.
   */
  readonly events: readonly Share<EventCode>[];
  /** Illnesses of small children have the slots before `childrenEnd`; those of older people the ones from `elderStart` on. */
  readonly winter: { readonly childrenEnd: number; readonly elderStart: number };
  readonly conditions: readonly Condition[];
  readonly medicines: readonly Share<Medicine>[];
  readonly diagnoses: readonly Share<string>[];
  readonly procedures: readonly Share<string>[];
}

/** The draws of a database: the codelists' codes take about half of each, common codes and an invented tail the rest. */
export function makeDraws(codelists: readonly CodelistCodes[]): Draws {
  const tail = inventedIdentifiers(3000, '9999999');
  const realCtv3 = new Map(commonEvents.map((code) => [code.snomed, code]));
  let invented = tail.length;
  const toEvents = (list: { readonly snomed: readonly string[]; readonly ctv3: readonly string[] }): EventCode[] => [
    ...list.snomed.map((snomed) => realCtv3.get(snomed) ?? { snomed, ctv3: inventedReadCode(invented++) }),
    ...list.ctv3.map((ctv3, index) => ({ snomed: tail[(index * 7) % tail.length]!, ctv3 })),
  ];
  const lists = sortLists(codelists);
  const listed = new Set(codelists.flatMap((list) => list.snomed));
  const prescribed = new Set(codelists.flatMap((list) => list.medicines));
  const common = commonEvents.filter((code) => !listed.has(code.snomed));
  const codesOfWinter = common.filter((code) => winterCodes.has(code.snomed));
  const otherCodes = common.filter((code) => !winterCodes.has(code.snomed));
  const weighed = (list: WeighedCodes): Weighed<EventCode> => ({ codes: toEvents(list), commonness: list.commonness });
  const key = (code: EventCode): string => `${code.snomed} ${code.ctv3}`;
  // In order of whom they befall, so that each age has its part of the slots.
  const groups = fresh(
    lists.winter.map((list) => ({ ...weighed(list), sufferers: list.sufferers })),
    key,
    0.9,
  );
  const of = (age: Sufferers): Group<EventCode>[] => groups.filter(({ list }) => list.sufferers === age);
  const ofAll = [...of('all'), { codes: codesOfWinter, weight: 0.1 }];
  const winter = layOut<EventCode>([...of('young'), ...ofAll, ...of('old')]);
  const isIn = (age: Sufferers): ((share: Share<EventCode>) => boolean) => {
    const codes = new Set(of(age).flatMap((group) => group.codes));
    return ({ code }) => codes.has(code);
  };
  return {
    winter: {
      childrenEnd: winter.findLast(isIn('young'))?.end ?? 0,
      elderStart: winter.find(isIn('old'))?.first ?? slotCount,
    },
    events: [
      ...winter,
      ...layOut<EventCode>(
        [
          ...fresh(lists.other.map(weighed), key, 0.4),
          ...fresh(lists.endings.map(weighed), key, 0.002),
          { codes: otherCodes, weight: 0.4 },
          { codes: tail.map((snomed, index) => ({ snomed, ctv3: inventedReadCode(index) })), weight: 0.2 },
        ],
        slotCount,
        slotCount,
      ),
      ...lists.conditions.flatMap((condition, index) => {
        const start = 2 * slotCount + 2 * index * conditionSlots;
        return [
          ...layOut([{ codes: toEvents(condition.codes), weight: 1 }], conditionSlots, start),
          ...layOut([{ codes: toEvents(condition.endings), weight: 1 }], conditionSlots, start + conditionSlots),
        ];
      }),
    ],
    conditions: lists.conditions,
    medicines: layOut<Medicine>([
      ...fresh(
        codelists.map((list) => ({
          codes: list.medicines.map((code) => ({ code, bend: medicineBend(list.file) })),
        })),
        (medicine) => medicine.code,
        0.5,
      ),
      {
        codes: commonMedicines.filter((code) => !prescribed.has(code)).map((code) => ({ code, bend: bends.none })),
        weight: 0.2,
      },
      { codes: inventedIdentifiers(1500, '9999998').map((code) => ({ code, bend: bends.none })), weight: 0.3 },
    ]),
    diagnoses: layOut([
      ...fresh(
        codelists.map((list) => ({ codes: list.diagnoses })),
        String,
        0.4,
      ),
      { codes: commonDiagnoses, weight: 0.6 },
    ]),
    procedures: layOut([
      ...fresh(
        codelists.map((list) => ({ codes: list.procedures })),
        String,
        0.4,
      ),
      { codes: commonProcedures, weight: 0.6 },
    ]),
  };
}

/** Lists, and how often the codes of each are recorded; without a number, as often as others as long. */
interface Weighed<T> {
  readonly codes: readonly T[];
  readonly commonness?: number;
}

/** The lists without codes that a shorter list has; each weighs by the square root of its length, and its commonness. */
function fresh<T, L extends Weighed<T>>(
  lists: readonly (L & Weighed<T>)[],
  key: (code: T) => string,
  weight: number,
): (Group<T> & { readonly list: L })[] {
  const seen = new Set<string>();
  const kept = lists
    .toSorted((a, b) => a.codes.length - b.codes.length)
    .map((list) => {
      const { codes, commonness = 1 } = list;
      const left = codes.filter((code) => !seen.has(key(code)));
      for (const code of left) seen.add(key(code));
      return { list, codes: left, weight: commonness * Math.sqrt(left.length) };
    });
  const total = kept.reduce((sum, group) => sum + group.weight, 0);
  return kept.map((group) => ({ ...group, weight: (weight * group.weight) / Math.max(total, 1e-9) }));
}
