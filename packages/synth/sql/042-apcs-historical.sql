-- Spells from before the current records.
CREATE TABLE apcs_historical AS
WITH expanded AS (
  SELECT patient_id, k, born, unnest(range(floor(0.3 * activity + u(k, 64))::BIGINT)) AS r
  FROM person WHERE born < DATE '2012-01-01'
), dated AS (
  SELECT patient_id, r, row_key(k, 63, r) AS rk,
    hospital_day(row_key(k, 63, r), DATE '2012-04-01', born, DATE '2017-03-01') AS admission_date
  FROM expanded
)
SELECT patient_id, patient_id * 100 + 80 + r AS apcs_ident, admission_date,
  admission_date + floor(-3 * ln(u(rk, 2) + 1e-9))::INTEGER AS discharge_date,
  drawn(['DZ11', 'EB03', 'FD10', 'LA07', 'WH08'], rk, 3) || drawn(['A', 'B', 'C'], rk, 4) AS spell_core_hrg_sus
FROM dated;
