-- Practices that agreed to the use of their patients' records: all but a few, and always the largest. A patient's events may be
-- used up to the end of the last registration with one of them; up to any day when no other practice followed.
CREATE TABLE DirectionsAcknowledged AS
SELECT i::BIGINT AS practice_pseudo_id
FROM range(practices()) AS t(i) WHERE i = 0 OR u(row_key(seed_key(), 81, i), 1) >= 0.03 ORDER BY i;
CREATE TABLE activated AS
WITH registration AS (
  SELECT r.patient_id, r.start_date, coalesce(r.end_date, DATE '9999-12-31') AS end_date, d.practice_pseudo_id IS NOT NULL AS agreed
  FROM practice_registrations r LEFT JOIN DirectionsAcknowledged d USING (practice_pseudo_id)
)
SELECT patient_id,
  CASE
    WHEN coalesce(max(start_date) FILTER (NOT agreed) > max(start_date) FILTER (agreed), false)
      THEN arg_max(end_date, (start_date, end_date)) FILTER (agreed)
    ELSE DATE '9999-12-31'
  END AS end_date
FROM registration GROUP BY patient_id HAVING bool_or(agreed) ORDER BY patient_id;
CREATE VIEW practice_registrations_activated AS
SELECT * FROM practice_registrations
WHERE practice_pseudo_id IN (SELECT practice_pseudo_id FROM DirectionsAcknowledged);
