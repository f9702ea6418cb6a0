CREATE TABLE sgss_covid_all_tests AS
WITH expanded AS (
  SELECT patient_id, k, from_day, to_day, unnest(range(least(40, floor(-2.2 * ln(u(k, 91) + 1e-9)))::BIGINT)) AS r
  FROM person WHERE to_day >= DATE '2020-03-01' AND from_day <= DATE '2022-03-01'
), dated AS (
  SELECT *, row_key(k, 90, r) AS rk,
    hospital_day(row_key(k, 90, r), DATE '2020-03-01', from_day, least(to_day, DATE '2022-06-30')) AS day
  FROM expanded
)
SELECT patient_id, day AS specimen_taken_date, u(rk, 2) < 0.09 AS is_positive,
  day + floor(u(rk, 3) * 4)::INTEGER AS lab_report_date,
  CASE WHEN u(rk, 4) < 0.7 THEN u(rk, 5) < 0.5 END AS was_symptomatic,
  CASE WHEN u(rk, 2) < 0.09 AND u(rk, 6) < 0.4 THEN floor(u(rk, 7) * 10)::BIGINT END AS sgtf_status,
  CASE WHEN u(rk, 2) < 0.09 AND u(rk, 8) < 0.2 THEN drawn(['VOC-20DEC-01', 'VOC-21APR-02', 'VOC-21NOV-01', 'No VOC detected'], rk, 9) END
    AS variant,
  CASE WHEN u(rk, 2) < 0.09 AND u(rk, 8) < 0.2 THEN
    drawn(['Private Lab Sequencing', 'Reflex Assay', 'Sanger Provisional Result'], rk, 10) END AS variant_detection_method
FROM dated;
