-- Registered deaths since 2019, with one to six causes.
CREATE TABLE ons_deaths AS
WITH died AS (
  SELECT patient_id, died AS date, row_key(k, 50, 0) AS rk FROM person
  WHERE died >= DATE '2019-02-01' AND u(k, 51) < 0.97
), caused AS (
  SELECT *, 1 + floor(least(5, -1.6 * ln(u(rk, 1) + 1e-9)))::INTEGER AS causes,
    list_transform(range(1, 7), i -> cause_of_death(u(rk, 10 + i))) AS cause
  FROM died
)
SELECT patient_id, date,
  cause[1] AS underlying_cause_of_death,
  CASE WHEN causes >= 1 THEN cause[1] END AS cause_of_death_01,
  CASE WHEN causes >= 2 THEN cause[2] END AS cause_of_death_02,
  CASE WHEN causes >= 3 THEN cause[3] END AS cause_of_death_03,
  CASE WHEN causes >= 4 THEN cause[4] END AS cause_of_death_04,
  CASE WHEN causes >= 5 THEN cause[5] END AS cause_of_death_05,
  CASE WHEN causes >= 6 THEN cause[6] END AS cause_of_death_06,
  NULL::VARCHAR AS cause_of_death_07, NULL::VARCHAR AS cause_of_death_08, NULL::VARCHAR AS cause_of_death_09,
  NULL::VARCHAR AS cause_of_death_10, NULL::VARCHAR AS cause_of_death_11, NULL::VARCHAR AS cause_of_death_12,
  NULL::VARCHAR AS cause_of_death_13, NULL::VARCHAR AS cause_of_death_14, NULL::VARCHAR AS cause_of_death_15,
  CASE
    WHEN u(rk, 2) < 0.44 THEN 'Hospital' WHEN u(rk, 2) < 0.71 THEN 'Home' WHEN u(rk, 2) < 0.92 THEN 'Care Home'
    WHEN u(rk, 2) < 0.97 THEN 'Hospice' WHEN u(rk, 2) < 0.99 THEN 'Elsewhere' ELSE 'Other communal establishment'
  END AS place
FROM caused;
