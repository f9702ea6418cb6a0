CREATE TABLE medications_raw AS
WITH keyed AS (SELECT *, row_key(seed_key(), 34, rowid) AS rk FROM medications)
SELECT patient_id, date, dmd_code, consultation_id,
  CASE WHEN u(rk, 1) < 0.9 THEN 0 ELSE floor(u(rk, 2) * 29) END::BIGINT AS medication_status,
  ['28 tablet', '56 tablet', '7 capsule', '21 capsule', '1 inhaler', '100 ml', '30 gram', '84 tablet']
    [1 + floor(u(rk, 3) * 8)::INTEGER] AS quantity,
  CASE WHEN u(rk, 4) < 0.7 THEN patient_id * 10000 + (consultation_id % 5000) // 5 END AS repeat_medication_id
FROM keyed;
