-- Outpatient departments rarely send a diagnosis.
CREATE TABLE opa_diag AS
WITH keyed AS (
  SELECT *, row_key(seed_key(), 83, opa_ident) AS rk FROM opa
), coded AS (
  SELECT *, floor(u(rk, 2) * 65536)::BIGINT AS slot, floor(u(rk, 3) * 65536)::BIGINT AS second_slot
  FROM keyed WHERE u(rk, 1) < 0.12
)
SELECT patient_id, opa_ident, a.code AS primary_diagnosis_code,
  CASE WHEN u(rk, 4) < 0.1 THEN r.ctv3_code END AS primary_diagnosis_code_read,
  CASE WHEN u(rk, 5) < 0.3 THEN b.code END AS secondary_diagnosis_code_1,
  NULL::VARCHAR AS secondary_diagnosis_code_1_read, appointment_date, referral_request_received_date
FROM coded JOIN diagnosis_draw a USING (slot) JOIN diagnosis_draw b ON b.slot = second_slot
  JOIN event_code_draw r ON r.slot = coded.slot + 65536;
