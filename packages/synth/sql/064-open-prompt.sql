-- Answers to a questionnaire that few people were sent.
CREATE TABLE open_prompt AS
WITH asked AS (
  SELECT patient_id, k, to_day, unnest(range(1 + floor(u(k, 111) * 9)::BIGINT)) AS r
  FROM person WHERE age > 18 AND to_day >= DATE '2023-06-01' AND u(k, 110) < 0.004
), keyed AS (
  SELECT *, row_key(k, 112, r) AS rk, DATE '2022-11-01' + floor(u(row_key(k, 113, r // 4), 1) * 200)::INTEGER AS day,
    floor(u(row_key(k, 112, r), 5) * 131072)::BIGINT AS slot
  FROM asked
)
SELECT patient_id, ctv3_code, snomedct_code, day + floor(u(rk, 2) * 2)::INTEGER AS creation_date, day AS consultation_date,
  patient_id * 10000 + 9000 + r // 4 AS consultation_id, CASE WHEN u(rk, 3) < 0.8 THEN floor(u(rk, 4) * 100) END AS numeric_value
FROM keyed JOIN event_code_draw USING (slot);
