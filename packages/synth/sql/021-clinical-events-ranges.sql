-- The measured events again, with the reference range that the laboratory sent.
CREATE TABLE clinical_events_ranges AS
WITH measured AS (
  SELECT *, row_key(seed_key(), 23, rowid) AS rk FROM clinical_events WHERE numeric_value IS NOT NULL
)
SELECT patient_id, date, snomedct_code, ctv3_code, numeric_value,
  CASE WHEN u(rk, 1) < 0.6 THEN round(numeric_value * 0.7, 1) END AS lower_bound,
  CASE WHEN u(rk, 1) < 0.6 THEN round(numeric_value * 1.4, 1) END AS upper_bound,
  CASE
    WHEN u(rk, 2) < 0.55 THEN NULL
    WHEN u(rk, 2) < 0.93 THEN '='
    ELSE ['~', '>=', '>', '<', '<='][1 + floor(u(rk, 3) * 5)::INTEGER]
  END AS comparator,
  consultation_id
FROM measured;
