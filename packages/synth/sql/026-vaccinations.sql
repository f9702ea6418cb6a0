-- Campaigns (a window of days and of ages) and routine vaccinations (a day of life). People who take one tend to take others.
CREATE TABLE vaccinations AS
WITH campaign AS (
  SELECT row_number() OVER () - 1 AS c, * FROM (
    SELECT 'INFLUENZA' AS disease,
      ['Fluad Tetra vaccine suspension for injection 0.5ml pre-filled syringes (Seqirus UK Ltd)',
       'Quadrivalent vaccine (split virion, inactivated) suspension for injection 0.5ml pre-filled syringes (Sanofi)',
       'Fluenz Tetra vaccine nasal suspension 0.2ml unit dose (AstraZeneca UK Ltd)'] AS products,
      make_date(y, 9, 15) AS opens, make_date(y, 12, 31) AS closes, least_age, most_age, uptake, NULL::INTEGER AS at_age
    FROM range(2016, 2026) AS years(y),
      (VALUES (2, 15, 0.50), (16, 49, 0.16), (50, 64, 0.38), (65, 120, 0.78)) AS bands(least_age, most_age, uptake)
    UNION ALL
    SELECT 'SARS-2 CORONAVIRUS',
      ['COVID-19 mRNA Vaccine Comirnaty 30micrograms/0.3ml dose conc for susp for inj MDV (Pfizer)',
       'COVID-19 Vaccine Vaxzevria 0.5ml inj multidose vials (AstraZeneca)',
       'COVID-19 mRNA Vaccine Spikevax (nucleoside modified) 0.1mg/0.5mL dose disp for inj MDV (Moderna)'],
      opens, closes, least_age, 120, uptake, NULL
    FROM (VALUES
      (DATE '2020-12-08', DATE '2021-08-31', 16, 0.84), (DATE '2021-03-01', DATE '2021-11-15', 16, 0.81),
      (DATE '2021-09-20', DATE '2022-02-28', 16, 0.62), (DATE '2022-03-28', DATE '2022-08-31', 75, 0.72),
      (DATE '2022-09-05', DATE '2023-02-12', 50, 0.63), (DATE '2023-04-03', DATE '2023-06-30', 75, 0.64),
      (DATE '2023-09-11', DATE '2024-01-31', 65, 0.66), (DATE '2024-04-15', DATE '2024-06-30', 75, 0.58),
      (DATE '2024-10-03', DATE '2025-01-31', 65, 0.57), (DATE '2025-04-01', DATE '2025-06-17', 75, 0.54),
      (DATE '2025-10-01', DATE '2026-01-31', 75, 0.55)) AS doses(opens, closes, least_age, uptake)
    UNION ALL
    SELECT disease, [product], opens, last_day(), 0, 120, uptake, at_age
    FROM (VALUES
      ('PNEUMOCOCCAL', 'Pneumovax 23 vaccine solution for injection 0.5ml vials (Merck Sharp & Dohme (UK) Ltd)', 0.71, 23900, first_day()),
      ('PNEUMOCOCCAL', 'Prevenar 13 vaccine suspension for injection 0.5ml pre-filled syringes (Pfizer Ltd)', 0.93, 380, first_day()),
      ('SHINGLES', 'Zostavax vaccine powder and solvent for suspension for injection 0.65ml (Merck Sharp & Dohme (UK) Ltd)',
        0.52, 25650, DATE '2013-09-01'),
      ('RESPIRATORY SYNCYTIAL VIRUS', 'Abrysvo vaccine powder and solvent for solution for injection 0.5ml vials (Pfizer Ltd)',
        0.45, 27450, DATE '2024-09-01'),
      ('MEASLES, MUMPS, RUBELLA', 'Priorix vaccine powder and solvent for solution for injection 0.5ml (GlaxoSmithKline UK Ltd)',
        0.91, 385, first_day()),
      ('MEASLES, MUMPS, RUBELLA', 'M-M-RVAXPRO vaccine powder and solvent for suspension for injection 0.5ml (Merck)',
        0.86, 1240, first_day()),
      ('ROTAVIRUS', 'Rotarix vaccine live oral suspension 1.5ml tube (GlaxoSmithKline UK Ltd)', 0.9, 60, first_day())
    ) AS routine(disease, product, uptake, at_age, opens)
  )
), expanded AS (
  SELECT patient_id, k, born, from_day, to_day, unnest(range((SELECT count(*) FROM campaign))) AS c FROM person
), placed AS (
  SELECT *, row_key(k, 45, c) AS ck,
    CASE
      WHEN at_age IS NOT NULL THEN born + at_age + floor(u(row_key(k, 45, c), 1) * at_age * 0.05)::INTEGER
      ELSE opens + floor(u(row_key(k, 45, c), 1) * u(row_key(k, 45, c), 2) * (closes - opens))::INTEGER
    END AS day
  FROM expanded JOIN campaign USING (c)
)
SELECT patient_id, patient_id * 100 + c AS vaccination_id, day AS date, disease AS target_disease,
  products[1 + floor(u(ck, 3) * len(products))::INTEGER] AS product_name
FROM placed
WHERE day BETWEEN greatest(born, from_day, opens) AND to_day
  AND (day - born) / 365.25 >= least_age AND (day - born) / 365.25 < most_age + 1
  AND 0.7 * u(k, 46) + 0.3 * u(ck, 4) < 0.15 + 0.7 * (uptake - 0.15) + 0.15 * uptake;
