-- One to four addresses a person. Deprivation and rurality belong to the area, so neighbours share them.
CREATE TABLE addresses AS
WITH counted AS (
  SELECT *, row_key(k, 12, 0) AS rk, 1 + least(3, floor(ln(u(rk, 1)) / ln(0.45)))::BIGINT AS n, to_day - born AS span
  FROM person
), expanded AS (
  SELECT *, unnest(range(n)) AS j FROM counted
), dated AS (
  SELECT patient_id, j, n, died, age, row_key(rk, 1, j) AS jk,
    born + floor(span * CASE WHEN j = 0 THEN 0 ELSE (j + 0.8 * u(row_key(rk, 1, j), 1)) / n END)::INTEGER AS start_date,
    born + floor(span * (j + 1 + 0.8 * u(row_key(rk, 1, j + 1), 1)) / n)::INTEGER AS next_start,
    floor(((home_slot + CASE WHEN j = n - 1 THEN 0 ELSE floor(u(row_key(rk, 1, j), 4) * 2500) END)::BIGINT % 65536)
      * 6791 / 65536)::BIGINT AS area
  FROM expanded
), placed AS (
  SELECT *, row_key(seed_key(), 12, area) AS area_key,
    age >= 65 AND j = n - 1 AND u(jk, 5) < CASE WHEN age < 75 THEN 0.006 WHEN age < 85 THEN 0.03 ELSE 0.13 END AS in_care_home
  FROM dated
), described AS (
  SELECT *,
    CASE
      WHEN u(area_key, 1) < 0.35 THEN 1 WHEN u(area_key, 1) < 0.38 THEN 2 WHEN u(area_key, 1) < 0.80 THEN 3
      WHEN u(area_key, 1) < 0.805 THEN 4 WHEN u(area_key, 1) < 0.89 THEN 5 WHEN u(area_key, 1) < 0.90 THEN 6
      WHEN u(area_key, 1) < 0.97 THEN 7 ELSE 8
    END AS rurality,
    least(328, greatest(0, floor(329 * u(area_key, 2) + 12 * normal(jk, 6))))::BIGINT * 100 AS deprivation,
    u(jk, 8) < 0.985 AS postcode
  FROM placed
)
SELECT patient_id, patient_id * 10 + j AS address_id,
  CASE WHEN u(jk, 10) < 0.998 THEN start_date END AS start_date,
  CASE
    WHEN j < n - 1 THEN greatest(start_date, next_start - CASE WHEN u(jk, 2) < 0.1 THEN -10 ELSE 1 END)
    WHEN died IS NOT NULL AND u(jk, 2) < 0.5 THEN greatest(start_date, died)
  END AS end_date,
  CASE WHEN u(jk, 3) < 0.85 THEN 0 WHEN u(jk, 3) < 0.9 THEN 1 ELSE 3 END::BIGINT AS address_type,
  CASE WHEN postcode THEN rurality::BIGINT END AS rural_urban_classification,
  CASE WHEN postcode THEN deprivation END AS imd_rounded,
  CASE WHEN postcode THEN 'E020' || lpad((area + 1)::VARCHAR, 5, '0') END AS msoa_code,
  postcode AS has_postcode,
  in_care_home AS care_home_is_potential_match,
  in_care_home AND u(jk, 9) < 0.45 AS care_home_requires_nursing,
  in_care_home AND u(jk, 9) >= 0.45 AS care_home_does_not_require_nursing
FROM described;
