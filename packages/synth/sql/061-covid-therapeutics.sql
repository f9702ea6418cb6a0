CREATE TABLE covid_therapeutics AS
WITH treated AS (
  SELECT patient_id, row_key(k, 95, 0) AS rk,
    hospital_day(row_key(k, 95, 0), DATE '2021-12-16', from_day, least(to_day, DATE '2024-03-31')) AS day
  FROM person WHERE to_day >= DATE '2021-12-16' AND age > 12 AND u(k, 96) < 0.004 + 0.0006 * activity
)
SELECT patient_id,
  drawn(['non_hospitalised', 'non_hospitalised', 'non_hospitalised', 'hospitalised_with', 'hospital_onset'], rk, 2)
    AS covid_indication,
  drawn(['Approved', 'Approved', 'Treatment Complete', 'Treatment Not Started', 'Treatment Stopped'], rk, 3) AS current_status,
  drawn(['Paxlovid', 'Molnupiravir', 'Sotrovimab', 'Remdesivir', 'Tocilizumab'], rk, 4) AS intervention,
  day AS received,
  drawn(['North East', 'North West', 'East of England', 'London', 'Midlands', 'South East', 'South West'], rk, 5) AS region,
  drawn(['IMID', 'solid cancer', 'haematologic malignancy', 'renal disease', 'rare neurological conditions'], rk, 6)
    AS risk_cohort,
  CASE WHEN u(rk, 7) < 0.9 THEN day + floor(u(rk, 8) * 4)::INTEGER END AS treatment_start_date
FROM treated;
