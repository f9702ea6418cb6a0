CREATE TABLE ec_cost AS
WITH priced AS (
  SELECT *, row_key(seed_key(), 73, ec_ident) AS rk, round(60 + 110 * exp(0.5 * normal(row_key(seed_key(), 73, ec_ident), 1)), 2) AS price
  FROM ec
)
SELECT patient_id, ec_ident, round(price * 1.07, 2) AS grand_total_payment_mff, price AS tariff_total_payment, arrival_date,
  CASE WHEN u(rk, 3) < 0.25 THEN arrival_date + floor(u(rk, 4) * 1.3)::INTEGER END AS ec_decision_to_admit_date,
  CASE WHEN u(rk, 5) < 0.2 THEN greatest(DATE '2017-10-01', arrival_date - floor(u(rk, 6) * 4)::INTEGER) END AS ec_injury_date
FROM priced;
