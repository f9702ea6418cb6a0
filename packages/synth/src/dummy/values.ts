// Chooses the value of a column from what the goals on it leave: by the column's constraints, by what the definition
// mentions, by what such columns usually hold. Returns undefined when nothing fits.
import type { Column, ColumnConstraint, Nullable, Scalar } from '@glovebox/language';
import { commonDiagnoses, commonEvents, commonMedicines, commonProcedures } from '../database/common-codes.js';
import { chooseDate, type Lifetime } from './choose-date.js';
import { constraintsOf, listedValues, mayBeNull } from './column-rules.js';
import { accepts, type Goal } from './goal.js';
import { textMatching } from './pattern.js';
import type { Draw } from './random.js';
import { usualRange, usualTexts } from './usual.js';
import { columnKey, type Vocabulary } from './vocabulary.js';

/** How often a column without a goal is NULL. */
export function nullShare(table: string, column: Column, isLegacy: boolean): number {
  if (!mayBeNull(table, column)) return 0;
  if (column.name === 'date_of_death') return 0.92;
  if (column.name === 'end_date') return table === 'practice_registrations' ? 0.85 : 0.6;
  if (isLegacy) return 0;
  // Few certificates name more than some causes.
  const cause = /^cause_of_death_(\d\d)$/.exec(column.name);
  if (cause) return Math.min(0.9, Number(cause[1]) * 0.15);
  return column.type === 'date' ? 0.02 : 0.06;
}

export function chooseValue(
  table: string,
  column: Column,
  goal: Goal,
  life: Lifetime,
  vocabulary: Vocabulary,
  draw: Draw,
): Nullable | undefined {
  if (goal.mayBeNull && mayBeNull(table, column)) {
    if (!goal.mayHaveValue || draw.chance(nullShare(table, column, vocabulary.isLegacy))) return null;
  }
  if (!goal.mayHaveValue) return undefined;
  if (goal.among) return chooseListed(table, column, goal.among, draw);
  for (let attempt = 0; attempt < 12; attempt++) {
    const value = proposal(table, column, goal, life, vocabulary, draw);
    if (value !== undefined && accepts(goal, value)) return value;
  }
  return goal.mayBeNull && mayBeNull(table, column) ? null : undefined;
}

/** Most values of a list fit, so one is drawn before all are looked at. */
function chooseListed(table: string, column: Column, listed: readonly Scalar[], draw: Draw): Scalar | undefined {
  for (let attempt = 0; attempt < 4; attempt++) {
    const value = draw.from(listed);
    if (value !== undefined && fits(table, column, value)) return value;
  }
  return draw.from(listed.filter((value) => fits(table, column, value)));
}

function fits(table: string, column: Column, value: Scalar): boolean {
  if (column.categories && !column.categories.includes(value as string)) return false;
  return constraintsOf(table, column).every((constraint) => {
    if (constraint.kind === 'FirstOfMonth') return String(value).endsWith('-01');
    if (constraint.kind === 'ClosedRange')
      return Number(value) >= constraint.minimum && Number(value) <= constraint.maximum;
    return true;
  });
}

/** How often a column of type bool is true, where that isn't about evenly. */
const likely: Readonly<Record<string, number>> = {
  has_postcode: 0.97,
  care_home_is_potential_match: 0.1,
  care_home_requires_nursing: 0.05,
  care_home_does_not_require_nursing: 0.05,
  is_positive: 0.2,
};

function proposal(
  table: string,
  column: Column,
  goal: Goal,
  life: Lifetime,
  vocabulary: Vocabulary,
  draw: Draw,
): Scalar | undefined {
  if (goal.containing)
    return containing(goal.containing, vocabulary.lists.get(columnKey(table, column.name)) ?? [], draw);
  const constraints = constraintsOf(table, column);
  if (column.categories) return chooseCategory(column, draw);
  if (column.type === 'bool') return draw.chance(likely[column.name] ?? 0.4);
  if (column.type === 'date') {
    return chooseDate(table, column, goal, life, vocabulary, draw);
  }
  if (column.type === 'int') return chooseInt(table, column, constraints, goal, vocabulary, draw);
  if (column.type === 'float') return chooseFloat(table, column, goal, vocabulary, draw);
  return chooseText(table, column, constraints, vocabulary, draw);
}

/** Any category, but for sexes, of which two are usual. */
function chooseCategory(column: Column, draw: Draw): string | undefined {
  const usual = column.name === 'sex' ? ['female', 'male'].filter((sex) => column.categories?.includes(sex)) : [];
  return draw.from(usual.length > 0 && draw.chance(0.95) ? usual : column.categories!);
}

function nearConstant(table: string, column: Column, vocabulary: Vocabulary, draw: Draw): Scalar | undefined {
  const list = draw.from(vocabulary.lists.get(columnKey(table, column.name)) ?? []);
  return list && draw.from(list);
}

function chooseInt(
  table: string,
  column: Column,
  constraints: readonly ColumnConstraint[],
  goal: Goal,
  vocabulary: Vocabulary,
  draw: Draw,
): bigint | undefined {
  const listed = listedValues(constraints).filter((value) => typeof value === 'number');
  if (listed.length > 0) return BigInt(draw.from(listed)!);
  const range = constraints.find((constraint) => constraint.kind === 'ClosedRange');
  const step = range?.kind === 'ClosedRange' ? range.step : 1;
  const near = nearConstant(table, column, vocabulary, draw);
  const usual = usualRange(columnKey(table, column.name));
  const centre = typeof near === 'bigint' ? Number(near) : (usual?.low ?? 0);
  const least = range?.kind === 'ClosedRange' ? range.minimum : Math.min(usual?.low ?? 0, centre * 2);
  const most = range?.kind === 'ClosedRange' ? range.maximum : Math.max(usual?.high ?? 100, centre * 2);
  const low = goal.low === undefined ? least : Math.max(Number(goal.low), range ? least : -Infinity);
  const high = goal.high === undefined ? Math.max(most, low) : Math.min(Number(goal.high), range ? most : Infinity);
  const from = Math.ceil((Math.min(low, high) - least) / step);
  const steps = Math.floor((high - least) / step) - from + 1;
  const place = usual ? Math.floor(draw.uniform() ** 3 * steps) : draw.below(steps);
  const value = least + (from + place) * step;
  return Number.isSafeInteger(value) ? BigInt(value) : undefined;
}

function chooseFloat(table: string, column: Column, goal: Goal, vocabulary: Vocabulary, draw: Draw): number {
  const near = nearConstant(table, column, vocabulary, draw);
  // Measurements are mostly about as large as what the definition compares them with.
  if (typeof near === 'number' && draw.chance(0.9)) {
    const about = Math.round(near * (8 + 4.5 * draw.uniform())) / 10;
    if (accepts(goal, about)) return about;
  }
  const usual = usualRange(columnKey(table, column.name));
  const centre = typeof near === 'number' ? near : 50;
  const least = usual?.low ?? centre - Math.abs(centre);
  const most = Math.max(usual?.high ?? 0, centre + Math.abs(centre));
  const low = goal.low === undefined ? Math.min(Number(goal.high ?? least), least) : Number(goal.low);
  const high = goal.high === undefined ? Math.max(low + 1, most) : Number(goal.high);
  const value = low + draw.uniform() ** (usual ? 2 : 1) * (high - low);
  const rounded = Math.round(value * 10) / 10;
  return accepts(goal, rounded) ? rounded : value;
}

const commonCodes: Readonly<Record<string, readonly string[]>> = {
  SNOMEDCTCode: commonEvents.map((code) => code.snomed),
  CTV3Code: commonEvents.map((code) => code.ctv3),
  DMDCode: commonMedicines,
  ICD10Code: commonDiagnoses,
  OPCS4Code: commonProcedures,
  BNFCode: ['0501013B0AAABAB', '0301011R0AAAPAP', '0212000B0AAABAB', '0103050P0AAAAAA'],
};

function chooseText(
  table: string,
  column: Column,
  constraints: readonly ColumnConstraint[],
  vocabulary: Vocabulary,
  draw: Draw,
): string | undefined {
  const near = draw.chance(table === 'ons_deaths' ? 0.15 : 0.6)
    ? nearConstant(table, column, vocabulary, draw)
    : undefined;
  if (typeof near === 'string' && !column.type.endsWith('MultiCodeString')) return near;
  const pattern = constraints.find((constraint) => constraint.kind === 'Regex');
  if (pattern?.kind === 'Regex') return textMatching(pattern.regex, draw);
  const codes = commonCodes[column.type.replace('MultiCodeString', 'Code')];
  if (column.type.endsWith('MultiCodeString')) {
    return `||${Array.from({ length: 1 + draw.below(4) }, () => (draw.chance(0.3) && typeof near === 'string' ? near : draw.from(codes!)!)).join(' ,')}`;
  }
  return draw.from(
    codes ?? usualTexts(columnKey(table, column.name)) ?? ['alpha', 'beta', 'gamma', 'delta', 'epsilon'],
  );
}

/** A text in which all parts occur: one that the definition mentions, or the parts in a row. */
function containing(parts: readonly string[], lists: readonly (readonly Scalar[])[], draw: Draw): string {
  const mentioned = lists
    .flat()
    .filter((value) => typeof value === 'string' && parts.every((part) => value.includes(part)));
  return (draw.chance(0.5) ? (draw.from(mentioned) as string | undefined) : undefined) ?? parts.join(' ,');
}
