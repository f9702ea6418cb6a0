// Makes one patient: first whom the definition is about, then with some of what it asks for, then with the rest of a record.
import type { Series } from '@glovebox/language';
import { makePicksCertain } from './certain-picks.js';
import { complete, extend } from './complete.js';
import { Draft, type Schema } from './draft.js';
import { between, isPresent, isTrue, type Goal } from './goal.js';
import { finished, type Member } from './members.js';
import { drawsOf } from './random.js';
import { steer, usuallyNull } from './steer.js';
import type { Targets } from './targets.js';
import type { Vocabulary } from './vocabulary.js';

/** Undefined when no way to satisfy the population was found. */
export type MakePatient = (id: bigint, words: readonly string[], wishes: Wishes) => Member | undefined;

/** How many of the definition's columns a patient is steered towards; `none` also leaves out rows that nothing asks for. */
export type Wishes = 'many' | 'some' | 'none';

const attempts = 3;
export function patientMaker(schema: Schema, vocabulary: Vocabulary, targets: Targets): MakePatient {
  return (id, words, wanted) => {
    for (let attempt = 0; attempt < attempts; attempt++) {
      const isLast = attempt === attempts - 1;
      const draft = new Draft(id, drawsOf(...words, attempt), schema, vocabulary, steer, !isLast);
      if (!steer(draft, targets.population, isTrue)) continue;
      if (!makePicksCertain(draft) && !isLast) continue;
      const wishes = wanted === 'none' ? [] : (draft.draw.from(targets.wishes) ?? []);
      const count = wanted === 'many' ? 4 : draft.draw.below(3);
      for (const wish of draft.draw.shuffled(wishes).slice(0, count)) {
        if (draft.draw.chance(usuallyNull(draft, wish))) continue;
        draft.budget = Math.max(draft.budget, 600);
        steer(draft, wish, wishFor(wish, draft));
      }
      makePicksCertain(draft);
      if (complete(draft, wanted !== 'none')) return finished(draft);
    }
    return undefined;
  };
}

/** Gives patients who are finished further tables and columns, which leave what they had as it was. */
export function patientExtender(there: Schema, schema: Schema, vocabulary: Vocabulary, seed: string) {
  return ({ id, rows }: Member): Member => {
    const draft = new Draft(id, drawsOf(seed, String(id), 'more'), schema, vocabulary, steer);
    for (const [at, [table, { columns }]] of [...there].entries()) {
      for (const values of rows[at]!) {
        const row = draft.addRow(table);
        columns.forEach(({ name }, index) => row?.values.set(name, values[index + 1] ?? null));
      }
    }
    extend(draft, there);
    return finished(draft);
  };
}

function wishFor(series: Series, draft: Draft): Goal {
  if (series.kind === 'count' || series.kind === 'count_distinct') return between(1n, undefined);
  const isBool = ['exists', 'and', 'or', 'not', 'in', 'eq', 'lt', 'le', 'gt', 'ge'].includes(series.kind);
  return isBool && draft.draw.chance(0.7) ? isTrue : isPresent;
}
