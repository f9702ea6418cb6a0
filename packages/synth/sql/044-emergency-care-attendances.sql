-- Attendances at emergency departments since October 2017, about one a person, with one to three diagnoses.
CREATE TABLE emergency_care_attendances AS
WITH expanded AS (
  SELECT patient_id, k, from_day, to_day, unnest(range(least(60, floor(0.9 * activity + u(k, 71)))::BIGINT)) AS r
  FROM person WHERE to_day >= DATE '2017-10-01'
), dated AS (
  SELECT patient_id, r, row_key(k, 70, r) AS rk,
    hospital_day(row_key(k, 70, r), DATE '2017-10-01', from_day, to_day) AS arrival_date
  FROM expanded
), coded AS (
  SELECT *, floor(u(rk, 2) * 131072)::BIGINT AS slot, floor(u(rk, 3) * 131072)::BIGINT AS second_slot,
    floor(u(rk, 4) * 131072)::BIGINT AS third_slot
  FROM dated
)
SELECT patient_id, patient_id * 100 + r AS id, arrival_date,
  drawn(['306689006', '306689006', '306689006', '306706006', '1066331000000109', '50861005'], rk, 5) AS discharge_destination,
  CASE WHEN u(rk, 6) < 0.96 THEN a.snomedct_code END AS diagnosis_01,
  CASE WHEN u(rk, 6) < 0.25 THEN b.snomedct_code END AS diagnosis_02,
  CASE WHEN u(rk, 6) < 0.07 THEN c.snomedct_code END AS diagnosis_03,
  NULL::VARCHAR AS diagnosis_04, NULL::VARCHAR AS diagnosis_05, NULL::VARCHAR AS diagnosis_06, NULL::VARCHAR AS diagnosis_07,
  NULL::VARCHAR AS diagnosis_08, NULL::VARCHAR AS diagnosis_09, NULL::VARCHAR AS diagnosis_10, NULL::VARCHAR AS diagnosis_11,
  NULL::VARCHAR AS diagnosis_12, NULL::VARCHAR AS diagnosis_13, NULL::VARCHAR AS diagnosis_14, NULL::VARCHAR AS diagnosis_15,
  NULL::VARCHAR AS diagnosis_16, NULL::VARCHAR AS diagnosis_17, NULL::VARCHAR AS diagnosis_18, NULL::VARCHAR AS diagnosis_19,
  NULL::VARCHAR AS diagnosis_20, NULL::VARCHAR AS diagnosis_21, NULL::VARCHAR AS diagnosis_22, NULL::VARCHAR AS diagnosis_23,
  NULL::VARCHAR AS diagnosis_24
FROM coded JOIN event_code_draw a USING (slot) JOIN event_code_draw b ON b.slot = second_slot
  JOIN event_code_draw c ON c.slot = third_slot;
