-- Prescriptions come in courses of up to five, four weeks apart; half of the courses repeat one of three usual medicines.
CREATE TABLE medications AS
WITH expanded AS (
  SELECT patient_id, k, born, from_day, to_day, unnest(range(n_prescriptions)) AS r FROM person
), keyed AS (
  SELECT *, r // 5 AS course, row_key(k, 31, r // 5) AS ck, row_key(k, 32, r) AS rk FROM expanded
), placed AS (
  SELECT *,
    CASE
      WHEN u(ck, 21) < 0.5 THEN floor(u(row_key(k, 33, floor(u(ck, 22) * 3)::BIGINT), 1) * 65536)::BIGINT
      ELSE floor(u(ck, 22) * 65536)::BIGINT
    END AS slot
  FROM keyed
)
SELECT patient_id,
  CASE WHEN u(rk, 1) < 0.999 THEN
    least(to_day, seasonal_day(ck, from_day, greatest(from_day, to_day - 112)) + (28 * (r % 5))::INTEGER
      + floor(u(rk, 2) * 5)::INTEGER)
  END AS date,
  code AS dmd_code,
  patient_id * 10000 + 5000 + r AS consultation_id
FROM placed JOIN medicine_draw USING (slot);
