-- Prescriptions come in courses of up to five; half of the courses repeat one of three usual medicines. Most are repeat
-- medicines, four weeks apart. Medicines for illnesses of winter are prescribed in one of the person's consultations, and one
-- about such an illness where there is one among three; medicines for summer are prescribed each by itself.
CREATE TABLE medications AS
WITH expanded AS (
  SELECT patient_id, k, born, from_day, to_day, (n_events * 9) // 20 AS n_consultations,
    unnest(range(n_prescriptions)) AS r
  FROM person
), keyed AS (
  SELECT *, r // 5 AS course, row_key(k, 31, r // 5) AS ck, row_key(k, 32, r) AS rk FROM expanded
), placed AS (
  SELECT *,
    CASE
      WHEN u(ck, 21) < 0.5 THEN floor(u(row_key(k, 33, floor(u(ck, 22) * 3)::BIGINT), 1) * 65536)::BIGINT
      ELSE floor(u(ck, 22) * 65536)::BIGINT
    END AS slot
  FROM keyed
), coded AS (
  SELECT *, CASE WHEN bend > 10 AND n_consultations > 0 THEN
      CASE
        WHEN is_illness(row_key(k, 21, floor(u(rk, 3) * n_consultations)::BIGINT)) THEN floor(u(rk, 3) * n_consultations)
        WHEN is_illness(row_key(k, 21, floor(u(rk, 4) * n_consultations)::BIGINT)) THEN floor(u(rk, 4) * n_consultations)
        ELSE floor(u(rk, 5) * n_consultations)
      END::BIGINT
    END AS consultation
  FROM placed JOIN medicine_draw USING (slot)
)
SELECT patient_id,
  CASE WHEN u(rk, 1) < 0.999 THEN
    CASE
      WHEN consultation IS NOT NULL THEN
        greatest(from_day, consultation_day(row_key(k, 21, consultation), born, from_day, to_day))
      WHEN abs(bend) > 10 THEN seasonal_day(rk, from_day, to_day, bend)
      ELSE least(to_day, seasonal_day(ck, from_day, greatest(from_day, to_day - 112), bend) + (28 * (r % 5))::INTEGER
        + floor(u(rk, 2) * 5)::INTEGER)
    END
  END AS date,
  code AS dmd_code,
  patient_id * 10000 + 5000 + r AS consultation_id
FROM coded;
