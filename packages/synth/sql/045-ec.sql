CREATE TABLE ec AS
SELECT patient_id, id AS ec_ident, arrival_date,
  'VB' || lpad((1 + floor(u(row_key(seed_key(), 72, id), 1) * 11))::INTEGER::VARCHAR, 2, '0') || 'Z' AS sus_hrg_code
FROM emergency_care_attendances;
