// Which code each of 65,536 slots stands for. A draw is a random slot, so a code's number of slots is how common it is:
// a power law within each list. A list's codes are neighbours, which is what lets a person's codes cluster by subject.
import { checkDigit } from './verhoeff.js';
import { commonDiagnoses, commonEvents, commonMedicines, commonProcedures, type EventCode } from './common-codes.js';
import type { CodelistCodes } from './codelists.js';

export const slotCount = 65_536;

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

/** Lays the groups out over all slots. Every code gets at least one slot; with too many codes, an even sample of them. */
export function layOut<T>(groups: readonly Group<T>[]): Share<T>[] {
  const count = groups.reduce((sum, group) => sum + group.codes.length, 0);
  const keepOneIn = Math.ceil(count / (slotCount / 2));
  const kept = groups
    .map((group) => ({ ...group, codes: group.codes.filter((_, index) => index % keepOneIn === 0) }))
    .filter((group) => group.codes.length > 0);
  const keptCount = kept.reduce((sum, group) => sum + group.codes.length, 0);
  const totalWeight = kept.reduce((sum, group) => sum + group.weight, 0);
  const spare = slotCount - keptCount;
  const wanted = kept.flatMap((group) => {
    const ranks = group.codes.map((_, index) => 1 / (index + 1) ** 0.9);
    const sum = ranks.reduce((a, b) => a + b, 0);
    return group.codes.map((code, index) => ({ code, share: ((group.weight / totalWeight) * ranks[index]!) / sum }));
  });
  let first = 0;
  let passed = 0;
  return wanted.map(({ code, share }, index) => {
    passed += share;
    const end = index === wanted.length - 1 ? slotCount : index + 1 + Math.floor(passed * spare);
    const laid = { code, first, end };
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

export interface Draws {
  readonly events: readonly Share<EventCode>[];
  readonly medicines: readonly Share<string>[];
  readonly diagnoses: readonly Share<string>[];
  readonly procedures: readonly Share<string>[];
}

/** The draws of a database: the codelists' codes take about half of each, common codes and an invented tail the rest. */
export function makeDraws(codelists: readonly CodelistCodes[]): Draws {
  const tail = inventedIdentifiers(3000, '9999999');
  let invented = tail.length;
  const events = codelists.map((list): readonly EventCode[] => [
    ...list.snomed.map((snomed) => ({ snomed, ctv3: inventedReadCode(invented++) })),
    ...list.ctv3.map((ctv3, index) => ({ snomed: tail[(index * 7) % tail.length]!, ctv3 })),
  ]);
  return {
    events: layOut<EventCode>([
      ...fresh(events, (code) => `${code.snomed} ${code.ctv3}`, 0.5),
      { codes: commonEvents, weight: 0.3 },
      { codes: tail.map((snomed, index) => ({ snomed, ctv3: inventedReadCode(index) })), weight: 0.2 },
    ]),
    medicines: layOut([
      ...fresh(
        codelists.map((list) => list.medicines),
        String,
        0.5,
      ),
      { codes: commonMedicines, weight: 0.2 },
      { codes: inventedIdentifiers(1500, '9999998'), weight: 0.3 },
    ]),
    diagnoses: layOut([
      ...fresh(
        codelists.map((list) => list.diagnoses),
        String,
        0.4,
      ),
      { codes: commonDiagnoses, weight: 0.6 },
    ]),
    procedures: layOut([
      ...fresh(
        codelists.map((list) => list.procedures),
        String,
        0.4,
      ),
      { codes: commonProcedures, weight: 0.6 },
    ]),
  };
}

/** The lists without codes that an earlier list has; each weighs by the square root of its length. */
function fresh<T>(lists: readonly (readonly T[])[], key: (code: T) => string, weight: number): Group<T>[] {
  const seen = new Set<string>();
  const kept = lists.map((list) =>
    list.filter((code) => {
      if (seen.has(key(code))) return false;
      seen.add(key(code));
      return true;
    }),
  );
  const total = kept.reduce((sum, list) => sum + Math.sqrt(list.length), 0);
  return kept.map((codes) => ({ codes, weight: (weight * Math.sqrt(codes.length)) / Math.max(total, 1e-9) }));
}
