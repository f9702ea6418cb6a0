-- Events come in consultations (about nine for twenty events), and more than half repeat what the person had before: a
-- neighbour of one of four favourite slots, and neighbours in the draw are codes of one list.
CREATE TABLE clinical_events AS
WITH expanded AS (
  SELECT patient_id, k, born, from_day, to_day, unnest(range(n_events)) AS r FROM person
), keyed AS (
  SELECT *, (r * 9) // 20 AS consultation, row_key(k, 20, r) AS rk FROM expanded
), placed AS (
  SELECT *, row_key(k, 21, consultation) AS ck,
    CASE
      WHEN u(rk, 1) < 0.55 THEN
        floor(u(row_key(k, 22, floor(u(rk, 2) * 4)::BIGINT), 1) * 65536 + (u(rk, 3) - 0.5) * 300)::BIGINT + 65536
      ELSE floor(u(rk, 2) * 65536)::BIGINT
    END % 65536 AS slot
  FROM keyed
)
SELECT patient_id,
  CASE WHEN u(rk, 4) < 0.999 THEN consultation_day(ck, born, from_day, to_day) END AS date,
  CASE WHEN u(rk, 5) < 0.995 THEN snomedct_code END AS snomedct_code,
  CASE WHEN u(rk, 6) < 0.97 THEN ctv3_code END AS ctv3_code,
  CASE
    WHEN mean IS NOT NULL AND u(rk, 7) < 0.97 THEN round(greatest(low, mean + sd * normal(rk, 8)), 1)
    WHEN u(rk, 7) < 0.03 THEN 0.0
  END AS numeric_value,
  patient_id * 10000 + consultation AS consultation_id
FROM placed JOIN event_code_draw USING (slot);
