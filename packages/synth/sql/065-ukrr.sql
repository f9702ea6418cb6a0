CREATE TABLE ukrr AS
WITH listed AS (
  SELECT patient_id, k, unnest(range(1 + floor(u(k, 116) * 3)::BIGINT)) AS r
  FROM person WHERE age > 18 AND u(k, 115) < 0.0002 * greatest(1, age - 20) AND to_day >= DATE '2021-12-31'
), keyed AS (
  SELECT *, row_key(k, 117, r) AS rk, row_key(k, 118, 0) AS pk FROM listed
)
SELECT patient_id, ['2019_prevalence', '2020_prevalence', '2021_prevalence'][1 + r] AS dataset,
  'RC' || lpad((1 + floor(u(pk, 1) * 50))::INTEGER::VARCHAR, 3, '0') AS renal_centre,
  CASE WHEN u(pk, 2) < 0.8 THEN DATE '2009-01-01' + floor(u(pk, 3) * 3600)::INTEGER END AS rrt_start_date,
  round(90 + 500 * u(rk, 4), 0) AS latest_creatinine, round(4 + 60 * u(rk, 5), 1) AS latest_egfr,
  drawn(['ICHD', 'PD', 'TX', 'HHD'], pk, 6) AS treatment_modality_start,
  drawn(['ICHD', 'ICHD', 'PD', 'TX', 'TX', 'HHD'], rk, 7) AS treatment_modality_prevalence
FROM keyed;
