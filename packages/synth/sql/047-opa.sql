-- Outpatient appointments since April 2019, about two a person.
CREATE TABLE opa AS
WITH expanded AS (
  SELECT patient_id, k, from_day, to_day, unnest(range(least(120, floor(2.0 * activity + u(k, 81)))::BIGINT)) AS r
  FROM person WHERE to_day >= DATE '2019-04-01'
), dated AS (
  SELECT patient_id, r, row_key(k, 80, r) AS rk,
    hospital_day(row_key(k, 80, r), DATE '2019-04-01', from_day, to_day) AS appointment_date
  FROM expanded
)
SELECT patient_id, patient_id * 1000 + r AS opa_ident, appointment_date,
  drawn(['5', '5', '5', '5', '5', '6', '7', '2', '3', '4', '0'], rk, 2) AS attendance_status,
  drawn(['01', '01', '01', '02', '03', '04', '05', '09', '10', '11', '98'], rk, 3) AS consultation_medium_used,
  drawn(['1', '1', '2', '2', '2', '3', '4', '5', '9'], rk, 4) AS first_attendance,
  CASE WHEN u(rk, 5) < 0.95 THEN drawn(['WF01', 'WF02', 'WD11'], rk, 6) || drawn(['A', 'B', 'C'], rk, 7) END AS hrg_code,
  drawn(['1', '1', '2', '2', '3', '4', '5'], rk, 8) AS outcome_of_attendance,
  CASE WHEN u(rk, 9) < 0.9 THEN
    greatest(DATE '2019-04-01', appointment_date - floor(least(500, -70 * ln(u(rk, 10) + 1e-9)))::INTEGER)
  END AS referral_request_received_date,
  drawn(['100', '110', '130', '120', '320', '300', '340', '430', '502', '330', '812'], rk, 11) AS treatment_function_code
FROM dated;
