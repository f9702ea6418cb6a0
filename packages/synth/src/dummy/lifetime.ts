// When a patient's records can be: from birth to death. Birth and death leave room for what was asked of the patient before
// they were settled; what is asked afterwards has to fit in between (`Draft.narrow`).
import type { Nullable, Scalar } from '@glovebox/language';
import type { Draft, DraftRow } from './draft.js';
import { anything, isPresent } from './goal.js';
import type { Lifetime } from './choose-date.js';

/** The days that a date of a row can be on when nothing says otherwise; settles birth and death where they matter. */
export function lifetimeFor(draft: Draft, row: DraftRow, column: string): Lifetime {
  const { horizon } = draft.vocabulary;
  const year = Number(horizon.slice(0, 4));
  if (isBirth(row.table, column)) {
    const latest = recorded(draft, 'high').sort()[0];
    if (latest !== undefined) draft.narrow(row, column, { ...anything, high: latest });
    return yearOfBirth(draft, row, year);
  }
  if (isDeath(row.table, column)) {
    const earliest = recorded(draft, 'low').sort().at(-1);
    if (earliest !== undefined) draft.narrow(row, column, { ...anything, low: earliest });
  }
  const born = settle(draft, 'patients', 'date_of_birth');
  const died = isDeath(row.table, column) ? deathElsewhere(draft, row, column) : deathOf(draft);
  return {
    from: typeof born === 'string' ? born : `${year - 40}-01-01`,
    to: typeof died === 'string' ? died : horizon,
  };
}

const isBirth = (table: string, column: string): boolean => table === 'patients' && column === 'date_of_birth';
const isDeath = (table: string, column: string): boolean =>
  (table === 'patients' && column === 'date_of_death') || (table === 'ons_deaths' && column === 'date');

/** What a date outside a life has to be, by what is settled of the life already. */
export function knownLife(draft: Draft, table: string, column: string): Partial<Lifetime> {
  const valueOf = (of: string, name: string): string | undefined => {
    const value = draft.rowsOf(of)[0]?.values.get(name);
    return typeof value === 'string' ? value : undefined;
  };
  if (isBirth(table, column)) return {};
  const from = valueOf('patients', 'date_of_birth');
  const to = isDeath(table, column)
    ? undefined
    : (valueOf('patients', 'date_of_death') ?? valueOf('ons_deaths', 'date'));
  return { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
}

/** Every date that stands in the patient's records, or the bound of what was asked of one. */
function recorded(draft: Draft, side: 'low' | 'high'): string[] {
  const found: (Scalar | undefined)[] = [];
  for (const [table, { columns }] of draft.schema) {
    for (const { name } of columns.filter(({ type }) => type === 'date')) {
      if (isBirth(table, name) || (side === 'low' && isDeath(table, name))) continue;
      for (const row of draft.rowsOf(table)) {
        const asked = draft.goalOf(row, name);
        found.push(row.values.get(name) ?? (asked.mayBeNull ? undefined : asked[side]));
      }
    }
  }
  return found.filter((date) => typeof date === 'string');
}

/** In the patient's own record or in the register of deaths, as far as it is asked for: else it comes after all records. */
function deathOf(draft: Draft): Nullable | undefined {
  const person = draft.rowsOf('patients')[0];
  const isAsked = person && (person.values.has('date_of_death') || !draft.goalOf(person, 'date_of_death').mayBeNull);
  const known = isAsked ? settle(draft, 'patients', 'date_of_death') : undefined;
  return known ?? (draft.rowsOf('ons_deaths').length > 0 ? settle(draft, 'ons_deaths', 'date') : undefined);
}

/** The register and the patient's own record nearly always agree on a death. */
function deathElsewhere(draft: Draft, row: DraftRow, column: string): undefined {
  const other = row.table === 'patients' ? 'ons_deaths' : 'patients';
  const name = other === 'patients' ? 'date_of_death' : 'date';
  const known = draft.rowsOf(other)[0];
  const date = known && (known.values.get(name) ?? (other === 'ons_deaths' ? settle(draft, other, name) : undefined));
  if (typeof date === 'string' && draft.draw.chance(0.95))
    draft.narrow(row, column, { ...isPresent, low: date, high: date });
}

function settle(draft: Draft, table: string, column: string): Nullable | undefined {
  if (!draft.schema.get(table)?.columns.some(({ name }) => name === column)) return undefined;
  const row = draft.rowsOf(table)[0] ?? draft.addRow(table);
  return row && draft.decide(row, column);
}

/** A year to be born in, by how many people there are of each age, as far as a goal leaves it open. */
function yearOfBirth(draft: Draft, person: DraftRow, year: number): Lifetime {
  const { low, high } = draft.goalOf(person, 'date_of_birth');
  for (let attempt = 0; attempt < 40; attempt++) {
    const age = draft.vocabulary.isLegacy
      ? draft.draw.below(120)
      : Math.floor(Math.abs(draft.draw.uniform() + draft.draw.uniform() - 0.75) * 76);
    const life = { from: `${year - age - 2}-01-01`, to: `${year - age - 1}-12-31` };
    if ((high === undefined || life.from <= high) && (low === undefined || life.to >= low)) return life;
  }
  if (typeof high !== 'string')
    return { from: typeof low === 'string' ? low : `${year - 40}-01-01`, to: `${year}-12-31` };
  const earliest = `${String(Number(high.slice(0, 4)) - 20).padStart(4, '0')}-01-01`;
  return { from: typeof low === 'string' && low > earliest ? low : earliest, to: high };
}
