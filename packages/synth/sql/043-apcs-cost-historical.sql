CREATE TABLE apcs_cost_historical AS
WITH priced AS (
  SELECT *, row_key(seed_key(), 65, apcs_ident) AS rk, round(150 + 700 * exp(normal(row_key(seed_key(), 65, apcs_ident), 1)), 2) AS price
  FROM apcs_historical
)
SELECT patient_id, apcs_ident, round(price * 1.08, 2) AS grand_total_payment_mff, price AS tariff_initial_amount,
  round(price * (1 + 0.1 * u(rk, 3)), 2) AS tariff_total_payment, admission_date, discharge_date
FROM priced;
