-- Hospital spells, about 0.7 a person, more for people with more of everything.
CREATE TABLE apcs AS
WITH expanded AS (
  SELECT patient_id, k, from_day, to_day,
    unnest(range(least(60, floor(0.7 * activity + u(k, 61)))::BIGINT)) AS r
  FROM person
), dated AS (
  SELECT patient_id, r, row_key(k, 60, r) AS rk, to_day,
    hospital_day(row_key(k, 60, r), first_day(), from_day, to_day) AS admission_date
  FROM expanded
), coded AS (
  SELECT *, floor(u(rk, 2) * 65536)::BIGINT AS slot, floor(u(rk, 3) * 65536)::BIGINT AS second_slot,
    floor(u(rk, 4) * 65536)::BIGINT AS procedure_slot
  FROM dated
)
SELECT patient_id, patient_id * 100 + r AS apcs_ident, admission_date,
  CASE WHEN u(rk, 5) < 0.99 THEN
    least(to_day, admission_date + CASE WHEN u(rk, 6) < 0.5 THEN 0 ELSE floor(-5 * ln(u(rk, 7) + 1e-9))::INTEGER END)
  END AS discharge_date,
  drawn(['19', '19', '19', '19', '51', '54', '65', '79', '29'], rk, 8) AS discharge_destination,
  drawn(['1', '1', '1', '1', '1', '2', '4'], rk, 9) AS discharge_method,
  drawn(['DZ11', 'EB03', 'FD10', 'LA07', 'WH08', 'AA23', 'PF26'], rk, 10) || drawn(['A', 'B', 'C', 'D', 'E'], rk, 11)
    AS spell_core_hrg_sus,
  drawn(['11', '12', '13', '21', '21', '21', '22', '28', '2A', '31', '81'], rk, 12) AS admission_method,
  d.code AS primary_diagnosis,
  CASE WHEN u(rk, 13) < 0.8 THEN s.code END AS secondary_diagnosis,
  '||' || d.code || CASE WHEN u(rk, 13) < 0.8 THEN ' ,' || s.code ELSE '' END AS all_diagnoses,
  CASE WHEN u(rk, 14) < 0.45 THEN '||' || p.code END AS all_procedures,
  CASE WHEN u(rk, 15) < 0.04 THEN 1 + floor(u(rk, 16) * 12) ELSE 0 END::BIGINT AS days_in_critical_care,
  drawn(['1', '1', '1', '2', '2', '3', '5'], rk, 17) AS patient_classification
FROM coded JOIN diagnosis_draw d USING (slot) JOIN diagnosis_draw s ON s.slot = second_slot
  JOIN procedure_draw p ON p.slot = procedure_slot;
