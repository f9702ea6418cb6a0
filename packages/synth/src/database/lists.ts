// The codelists sorted by what they are about, so that each kind can be recorded at its own times and for its own people.
import {
  commonness,
  conditionName,
  endedCondition,
  isWinterIllness,
  prevalence,
  sufferers,
  type Sufferers,
} from './kinds.js';
import type { CodelistCodes } from './codelists.js';

type EventCodes = Pick<CodelistCodes, 'snomed' | 'ctv3'>;

/** A long-term condition: how many in a hundred have it at twenty and at eighty, and the codes for it and for its end. */
export interface Condition {
  readonly young: number;
  readonly old: number;
  readonly codes: EventCodes;
  readonly endings: EventCodes;
}

/** Codes of one subject, and how often they are recorded relative to others. */
export interface WeighedCodes extends EventCodes {
  readonly commonness: number;
}

/** An illness of winter, and whom it befalls. */
export interface WinterCodes extends WeighedCodes {
  readonly sufferers: Sufferers;
}

export interface SortedLists {
  readonly conditions: readonly Condition[];
  readonly winter: readonly WinterCodes[];
  readonly other: readonly WeighedCodes[];
  /** Ends of conditions that no list of codes goes with. */
  readonly endings: readonly WeighedCodes[];
}

/** A person's conditions are kept in whole numbers of one byte, and a few dozen conditions are plenty. */
const mostConditions = 64;

const pick = (list: EventCodes, isWanted: (code: string) => boolean): EventCodes => ({
  snomed: list.snomed.filter(isWanted),
  ctv3: list.ctv3.filter(isWanted),
});
const join = (a: EventCodes, b: EventCodes): EventCodes => ({
  snomed: [...a.snomed, ...b.snomed],
  ctv3: [...a.ctv3, ...b.ctv3],
});
const count = (list: EventCodes): number => list.snomed.length + list.ctv3.length;
const none: EventCodes = { snomed: [], ctv3: [] };

/** Sorts the lists that hold codes of events. A code that several conditions have belongs to the first. */
export function sortLists(codelists: readonly CodelistCodes[]): SortedLists {
  const lists = codelists.filter((list) => count(list) > 0);
  const conditions: Condition[] = [];
  const winter: WinterCodes[] = [];
  const other: WeighedCodes[] = [];
  const endings: WeighedCodes[] = [];
  const paired = new Set<CodelistCodes>();
  const taken = new Set<string>();
  for (const list of lists) {
    if (endedCondition(list.file) !== undefined) continue;
    const endList = lists.find((end) => endedCondition(end.file) === conditionName(list.file));
    const common = prevalence(list.file, endList !== undefined);
    const isEnding = new Set(list.endings);
    const codes = pick(list, (code) => !isEnding.has(code) && !taken.has(code));
    const ends = join(
      pick(list, (code) => isEnding.has(code) && !taken.has(code)),
      endList ? pick(endList, (code) => !isEnding.has(code) && !taken.has(code)) : none,
    );
    if (common && count(codes) > 0 && conditions.length < mostConditions) {
      conditions.push({ ...common, codes, endings: ends });
      if (endList) paired.add(endList);
      for (const code of [...codes.snomed, ...codes.ctv3, ...ends.snomed, ...ends.ctv3]) taken.add(code);
    } else if (isWinterIllness(list.file)) {
      winter.push({ ...list, commonness: commonness(list.file), sufferers: sufferers(list.file) });
    } else {
      other.push({ ...codes, commonness: commonness(list.file) });
      endings.push({ ...pick(list, (code) => isEnding.has(code)), commonness: 1 });
    }
  }
  const left = lists.filter((list) => endedCondition(list.file) !== undefined && !paired.has(list));
  const free = (list: WeighedCodes): WeighedCodes => ({
    ...pick(list, (code) => !taken.has(code)),
    commonness: list.commonness,
  });
  return {
    conditions,
    winter: winter.map((list) => ({ ...free(list), sufferers: list.sufferers })),
    other: other.map(free),
    endings: [...endings, ...left.map((list) => ({ ...list, commonness: 1 }))].map(free),
  };
}
