// The patient measures of the example study as a person who knows DuckDB would write them: the floor that the engine's
// own query is measured against. It shares nothing with the engine, so equal sums say that both are right.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DuckDb } from '@glovebox/engines';

const conditions = [
  'asthma',
  'copd',
  'diabetes',
  'hypertension',
  'atrial-fibrillation',
  'depression',
  'chronic-kidney-disease',
  'serious-mental-illness',
  'obesity',
];
/** Numerators that say whether an event with a code of the list happened, in the study's order. */
const reasons = [
  'upper-respiratory-infection',
  'lower-respiratory-infection',
  'bronchiolitis',
  'pneumonia',
  'influenza',
  'covid',
  'respiratory-symptoms',
  'asthma-exacerbation',
  'copd-exacerbation',
];
const otherReasons = ['back-pain', 'urinary-tract-infection', 'gastroenteritis'];
const consultations = ['consultation-face-to-face', 'consultation-remote', 'consultation-home-visit'];
const antibiotics = ['penicillins', 'coamoxiclav', 'macrolides', 'tetracyclines'].map((name) => `antibiotics-${name}`);
const prescriptions = ['reliever-inhalers', 'oral-prednisolone', 'antihistamines', 'antibiotics-urinary'];

const eventLists = [
  ...conditions.flatMap((name) => [name, `${name}-resolved`]),
  ...reasons,
  'acute-respiratory',
  ...otherReasons,
  ...consultations,
];
const drugLists = [...antibiotics, ...prescriptions];

/** Fills the two tables of codes that the query joins. */
export async function prepareFloor(db: DuckDb, study: string): Promise<void> {
  for (const [table, lists] of [
    ['floor_event_codes', eventLists],
    ['floor_drug_codes', drugLists],
  ] as const) {
    const bits = new Map<string, bigint>();
    for (const [at, name] of lists.entries()) {
      for (const code of codesOf(join(study, 'codelists', `wp-${name}.csv`))) {
        bits.set(code, (bits.get(code) ?? 0n) | (1n << BigInt(at)));
      }
    }
    await db.upload({
      name: table,
      columns: [
        { name: 'code', type: 'str' },
        { name: 'mask', type: 'int' },
      ],
      rows: [...bits],
    });
  }
}

function codesOf(path: string): readonly string[] {
  const [header, ...lines] = readFileSync(path, 'utf8').trim().split(/\r?\n/);
  const at = header!.split(',').indexOf('code');
  return lines.map((line) => line.split(',')[at]!);
}

const eventBit = (name: string): string => `(mask & ${1n << BigInt(eventLists.indexOf(name))}) <> 0`;
const drugBit = (name: string): string => `(mask & ${1n << BigInt(drugLists.indexOf(name))}) <> 0`;
const column = (name: string): string => name.replaceAll('-', '_');

/** One row a group, in any order: the nineteen groups, the denominator, then the numerators in the study's order. */
export function floorSql(start: string, end: string): string {
  const [s, e] = [`DATE '${start}'`, `DATE '${end}'`];
  const during = (name: string): string => `${name} BETWEEN ${s} AND ${e}`;
  const age = `date_diff('year', date_of_birth, ${s}) - CASE WHEN strftime(date_of_birth, '%m%d') > strftime(${s}, '%m%d') THEN 1 ELSE 0 END`;
  const flags = conditions.map((name) => `flag_${column(name)}`);
  const flagged = conditions.map((name) => {
    const [on, off] = [`on_${column(name)}`, `off_${column(name)}`];
    return `coalesce(${on} IS NOT NULL AND (${off} IS NULL OR ${off} < ${on}), FALSE) AS flag_${column(name)}`;
  });
  const eventNumerators = [...consultations, ...reasons, 'acute-respiratory', ...otherReasons];
  const drugNumerators = [...prescriptions, ...antibiotics];
  const groups = [
    'age_band',
    'sex',
    'imd_quintile',
    'care_home',
    'region',
    'rural_urban',
    ...flags,
    'conditions',
    'vaccinated_influenza',
    'vaccinated_covid',
    'vaccinated_pneumococcal',
  ];
  const attended = `status IN ('Arrived', 'In Progress', 'Finished', 'Visit', 'Waiting', 'Patient Walked Out')`;
  const numerators = [
    'booked',
    'due',
    'attended',
    'did_not_attend',
    'cancelled_by_patient',
    'cancelled_by_practice',
    'same_day',
    'waited_week',
    'waited_month',
    'follow_up',
    'attended_three',
    ...consultations.map(column),
    ...reasons.map(column),
    'acute_respiratory',
    'seen_same_day',
    ...otherReasons.map(column),
    ...prescriptions.map(column),
    ...antibiotics.map(column),
    'antibiotics',
    'antibiotic_on_day',
    'referrals',
    'attendances',
  ];
  return `
WITH registered AS (
  SELECT patient_id, arg_max(practice_nuts1_region_name, (start_date, end_date IS NOT NULL, end_date, practice_pseudo_id))
      FILTER (WHERE end_date >= ${s} OR end_date IS NULL) AS region,
    bool_or(end_date >= ${e} OR end_date IS NULL) AS throughout
  FROM practice_registrations WHERE start_date <= ${s} GROUP BY patient_id
), people AS (
  SELECT patient_id, sex, ${age} AS age, coalesce(region, 'unknown') AS region
  FROM patients JOIN registered USING (patient_id)
  WHERE throughout AND (date_of_death > ${s} OR date_of_death IS NULL) AND sex IN ('female', 'male')
    AND date_of_birth IS NOT NULL AND ${age} BETWEEN 0 AND 109
), address AS (
  SELECT patient_id, arg_max(struct_pack(imd := imd_rounded, ru := rural_urban_classification,
      care := coalesce(care_home_is_potential_match OR care_home_requires_nursing OR care_home_does_not_require_nursing, FALSE)),
      (coalesce(has_postcode, FALSE), start_date, end_date IS NOT NULL, end_date, address_id)) AS a
  FROM addresses WHERE start_date <= ${s} AND (end_date >= ${s} OR end_date IS NULL) GROUP BY patient_id
), vaccinated AS (
  SELECT patient_id, bool_or(target_disease = 'INFLUENZA') AS v_influenza,
    bool_or(target_disease = 'SARS-2 CORONAVIRUS') AS v_covid, bool_or(target_disease = 'PNEUMOCOCCAL') AS v_pneumococcal
  FROM vaccinations WHERE date BETWEEN ${s} - INTERVAL 1 YEAR AND ${s} - INTERVAL 1 DAY GROUP BY patient_id
), seen AS (
  SELECT DISTINCT patient_id, seen_date AS date FROM appointments WHERE ${attended} AND ${during('seen_date')}
), coded AS (
  SELECT patient_id, date, mask FROM clinical_events JOIN floor_event_codes ON snomedct_code = code WHERE date <= ${e}
), events AS (
  SELECT patient_id,
    ${conditions.flatMap((name) => [`max(date) FILTER (WHERE ${eventBit(name)} AND date < ${s}) AS on_${column(name)}`, `max(date) FILTER (WHERE ${eventBit(`${name}-resolved`)} AND date < ${s}) AS off_${column(name)}`]).join(',\n    ')},
    ${eventNumerators.map((name) => (consultations.includes(name) ? `count(*) FILTER (WHERE ${eventBit(name)} AND date >= ${s})` : `bool_or(${eventBit(name)} AND date >= ${s})`) + ` AS ${column(name)}`).join(',\n    ')}
  FROM coded GROUP BY patient_id
), respiratory AS (
  SELECT DISTINCT patient_id, date FROM coded WHERE ${eventBit('acute-respiratory')} AND date >= ${s}
), drugs AS (
  SELECT patient_id, date, mask FROM medications JOIN floor_drug_codes ON dmd_code = code WHERE ${during('date')}
), prescribed AS (
  SELECT patient_id, ${drugNumerators.map((name) => `count(*) FILTER (WHERE ${drugBit(name)}) AS ${column(name)}`).join(', ')}
  FROM drugs GROUP BY patient_id
), visits AS (
  SELECT patient_id, count(*) FILTER (WHERE ${during('booked_date')}) AS booked,
    count(*) FILTER (WHERE ${during('start_date')}) AS due,
    count(*) FILTER (WHERE ${attended} AND ${during('seen_date')}) AS attended,
    count(*) FILTER (WHERE ${during('start_date')} AND status = 'Did Not Attend') AS did_not_attend,
    count(*) FILTER (WHERE ${during('start_date')} AND status = 'Cancelled by Patient') AS cancelled_by_patient,
    count(*) FILTER (WHERE ${during('start_date')} AND status IN ('Cancelled by Unit', 'Cancelled by Other Service')) AS cancelled_by_practice,
    count(*) FILTER (WHERE ${during('start_date')} AND start_date = booked_date) AS same_day,
    count(*) FILTER (WHERE ${during('start_date')} AND start_date - booked_date > 7) AS waited_week,
    count(*) FILTER (WHERE ${during('start_date')} AND start_date - booked_date > 28) AS waited_month,
    bool_or(${attended} AND seen_date BETWEEN ${s} - 7 AND ${s} - 1) AS attended_before
  FROM appointments
  WHERE ${during('booked_date')} OR ${during('start_date')} OR seen_date BETWEEN ${s} - 7 AND ${e}
  GROUP BY patient_id
), hospital AS (
  SELECT patient_id, count(*) FILTER (WHERE ${during('referral_request_received_date')}) AS referrals,
    count(*) FILTER (WHERE ${during('appointment_date')}) AS attendances
  FROM opa_cost WHERE ${during('referral_request_received_date')} OR ${during('appointment_date')} GROUP BY patient_id
), rows AS (
  SELECT *, ${flagged.join(', ')},
    CASE WHEN age < 5 THEN '0-4' WHEN age < 18 THEN '5-17' WHEN age < 40 THEN '18-39' WHEN age < 65 THEN '40-64' WHEN age < 80 THEN '65-79' ELSE '80+' END AS age_band,
    CASE WHEN a.imd BETWEEN 0 AND 6568 THEN '1 (most deprived)' WHEN a.imd <= 13137 THEN '2' WHEN a.imd <= 19706 THEN '3' WHEN a.imd <= 26275 THEN '4' WHEN a.imd <= 32844 THEN '5 (least deprived)' ELSE 'unknown' END AS imd_quintile,
    coalesce(a.care, FALSE) AS care_home,
    CASE WHEN a.ru <= 4 THEN 'urban' WHEN a.ru <= 8 THEN 'rural' ELSE 'unknown' END AS rural_urban,
    coalesce(v_influenza, FALSE) AS vaccinated_influenza, coalesce(v_covid, FALSE) AS vaccinated_covid,
    coalesce(v_pneumococcal, FALSE) AS vaccinated_pneumococcal,
    coalesce(attended, 0) > 0 AND coalesce(attended_before, FALSE) AS follow_up, coalesce(attended, 0) >= 3 AS attended_three,
    patient_id IN (SELECT patient_id FROM respiratory JOIN seen USING (patient_id, date)) AS seen_same_day,
    patient_id IN (SELECT patient_id FROM drugs JOIN respiratory USING (patient_id, date) WHERE ${antibiotics.map(drugBit).join(' OR ')}) AS antibiotic_on_day,
    ${antibiotics.map((name) => `coalesce(${column(name)}, 0)`).join(' + ')} AS antibiotics
  FROM people LEFT JOIN address USING (patient_id) LEFT JOIN vaccinated USING (patient_id)
    LEFT JOIN events USING (patient_id) LEFT JOIN prescribed USING (patient_id) LEFT JOIN visits USING (patient_id)
    LEFT JOIN hospital USING (patient_id)
), cells AS (
  SELECT *, CASE WHEN n = 0 THEN 'none' WHEN n = 1 THEN 'one' WHEN n = 2 THEN 'two' ELSE 'three or more' END AS conditions
  FROM (SELECT *, ${flags.map((flag) => `CAST(${flag} AS INTEGER)`).join(' + ')} AS n FROM rows)
)
SELECT ${groups.join(', ')}, count(*) AS denominator,
  ${numerators.map((name) => `coalesce(sum(CAST(${name} AS INTEGER)), 0) AS sum_${name}`).join(',\n  ')}
FROM cells GROUP BY ${groups.join(', ')}`;
}

/** How many columns of the result come before the denominator. */
export const floorGroups = 19;
