-- The prescription that each repeated course hangs on: the first of every five.
CREATE TABLE repeat_medications_raw AS
WITH keyed AS (
  SELECT *, row_key(seed_key(), 35, rowid) AS rk FROM medications_raw
  WHERE repeat_medication_id IS NOT NULL AND consultation_id % 5 = 0
)
SELECT patient_id, date, dmd_code, consultation_id, repeat_medication_id, medication_status, quantity,
  date AS start_date,
  CASE WHEN u(rk, 1) < 0.7 THEN date + 84 + floor(u(rk, 2) * 365)::INTEGER END AS end_date
FROM keyed;
