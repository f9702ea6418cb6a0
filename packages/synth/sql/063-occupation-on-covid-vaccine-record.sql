CREATE TABLE occupation_on_covid_vaccine_record AS
SELECT patient_id, u(k, 106) < 0.08 AS is_healthcare_worker
FROM person
WHERE age BETWEEN 18 AND 75 AND to_day >= DATE '2020-12-08' AND u(k, 105) < 0.5;
