-- The electronic frailty index of people over 65, as calculated on one day in December 2020.
CREATE TABLE decision_support_values AS
SELECT patient_id, DATE '2020-12-08' AS calculation_date,
  round(least(0.7, 0.02 + 0.05 * activity * u(k, 101)), 4) AS numeric_value,
  'UK Electronic Frailty Index (eFI)' AS algorithm_description, '1.0' AS algorithm_version
FROM person
WHERE born < DATE '1955-12-08' AND to_day >= DATE '2020-12-08';
