-- As registered: one death in two hundred was sent twice.
CREATE TABLE ons_deaths_raw AS
WITH copies AS (
  SELECT *, unnest(range(CASE WHEN u(row_key(seed_key(), 52, patient_id), 1) < 0.005 THEN 2 ELSE 1 END)) AS copy
  FROM ons_deaths
)
SELECT patient_id, date, place, underlying_cause_of_death, cause_of_death_01, cause_of_death_02, cause_of_death_03,
  cause_of_death_04, cause_of_death_05, cause_of_death_06, cause_of_death_07, cause_of_death_08, cause_of_death_09,
  cause_of_death_10, cause_of_death_11, cause_of_death_12, cause_of_death_13, cause_of_death_14, cause_of_death_15
FROM copies;
