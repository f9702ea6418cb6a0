CREATE TABLE opa_proc AS
WITH keyed AS (
  SELECT *, row_key(seed_key(), 84, opa_ident) AS rk FROM opa
), coded AS (
  SELECT *, floor(u(rk, 2) * 65536)::BIGINT AS slot, floor(u(rk, 3) * 65536)::BIGINT AS second_slot
  FROM keyed WHERE u(rk, 1) < 0.25
)
SELECT patient_id, opa_ident, a.code AS primary_procedure_code, NULL::VARCHAR AS primary_procedure_code_read,
  CASE WHEN u(rk, 5) < 0.35 THEN b.code END AS procedure_code_2, NULL::VARCHAR AS procedure_code_2_read,
  appointment_date, referral_request_received_date
FROM coded JOIN procedure_draw a USING (slot) JOIN procedure_draw b ON b.slot = second_slot;
