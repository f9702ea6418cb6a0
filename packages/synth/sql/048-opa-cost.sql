CREATE TABLE opa_cost AS
WITH priced AS (
  SELECT *, row_key(seed_key(), 82, opa_ident) AS rk, round(45 + 80 * exp(0.4 * normal(row_key(seed_key(), 82, opa_ident), 1)), 2) AS price
  FROM opa
)
SELECT patient_id, opa_ident, CASE WHEN u(rk, 3) < 0.4 THEN price END AS tariff_opp,
  round(price * 1.07, 2) AS grand_total_payment_mff, round(price * (1 + 0.05 * u(rk, 4)), 2) AS tariff_total_payment,
  appointment_date, referral_request_received_date
FROM priced;
