-- Most appointments are the consultations of clinical_events, so that events and appointments of one day meet.
CREATE TABLE appointments AS
WITH expanded AS (
  SELECT patient_id, k, born, from_day, to_day, unnest(range(n_appointments)) AS r,
    (n_events * 9) // 20 AS n_consultations
  FROM person
), keyed AS (
  SELECT *, row_key(k, 40, r) AS rk, row_key(k, 21, CASE WHEN r < n_consultations THEN r ELSE 100000 + r END) AS ck
  FROM expanded
), dated AS (
  SELECT patient_id, rk, greatest(from_day, consultation_day(ck, born, from_day, to_day)) AS start_day,
    CASE WHEN u(rk, 1) < 0.35 THEN 0 ELSE floor(least(180, -9 * ln(u(rk, 2)))) END::INTEGER AS lead,
    u(rk, 3) AS s
  FROM keyed
), described AS (
  SELECT *,
    CASE
      WHEN s < 0.055 THEN 'Did Not Attend' WHEN s < 0.125 THEN 'Cancelled by Patient' WHEN s < 0.165 THEN 'Cancelled by Unit'
      WHEN s < 0.195 THEN 'Arrived' WHEN s < 0.205 THEN 'In Progress' WHEN s < 0.225 THEN 'Booked'
      WHEN s < 0.240 THEN 'Visit' WHEN s < 0.247 THEN 'Waiting' WHEN s < 0.251 THEN 'Requested'
      WHEN s < 0.261 THEN 'Blocked' WHEN s < 0.265 THEN 'Cancelled by Other Service' WHEN s < 0.268 THEN 'No Access Visit'
      WHEN s < 0.270 THEN 'Cancelled Due To Death' WHEN s < 0.278 THEN 'Patient Walked Out' WHEN s < 0.281 THEN NULL
      ELSE 'Finished'
    END AS status
  FROM dated
)
SELECT patient_id,
  CASE WHEN u(rk, 4) < 0.998 THEN start_day - lead END AS booked_date,
  start_day AS start_date,
  CASE WHEN status IN ('Finished', 'Arrived', 'In Progress', 'Visit') AND u(rk, 5) < 0.98 THEN start_day END AS seen_date,
  status
FROM described;
