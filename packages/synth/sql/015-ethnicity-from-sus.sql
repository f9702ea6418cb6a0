CREATE TABLE ethnicity_from_sus AS
WITH drawn AS (SELECT patient_id, u(k, 31) AS x, u(k, 32) AS y FROM person)
SELECT patient_id,
  CASE
    WHEN x < 0.76 THEN 'A' WHEN x < 0.77 THEN 'B' WHEN x < 0.82 THEN 'C'
    ELSE ['D', 'E', 'F', 'G', 'H', 'J', 'K', 'L', 'M', 'N', 'P', 'R', 'S'][1 + floor((x - 0.82) / 0.18 * 13)::INTEGER]
  END AS code
FROM drawn WHERE y < 0.7;
