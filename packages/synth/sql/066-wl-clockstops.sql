CREATE TABLE wl_clockstops AS
WITH expanded AS (
  SELECT patient_id, k, to_day, unnest(range(least(20, floor(0.35 * activity + u(k, 121)))::BIGINT)) AS r
  FROM person WHERE to_day >= DATE '2021-05-01' AND from_day < DATE '2021-05-01'
), dated AS (
  SELECT patient_id, r, row_key(k, 120, r) AS rk,
    hospital_day(row_key(k, 120, r), DATE '2021-05-01', DATE '2021-05-01', to_day) AS stopped,
    floor(least(900, -110 * ln(u(row_key(k, 120, r), 2) + 1e-9)))::INTEGER AS waited
  FROM expanded
)
SELECT patient_id, drawn(['100', '110', '130', '120', '320', '300', '502', 'X05', 'C01'], rk, 3) AS activity_treatment_function_code,
  drawn(['routine', 'routine', 'routine', 'urgent', 'two week wait'], rk, 4) AS priority_type_code,
  md5('issuer' || floor(u(rk, 5) * 200)::VARCHAR) AS pseudo_organisation_code_patient_pathway_identifier_issuer,
  md5('pathway' || rk::VARCHAR) AS pseudo_patient_pathway_identifier,
  md5('referral' || rk::VARCHAR) AS pseudo_referral_identifier,
  stopped - waited - floor(u(rk, 6) * 5)::INTEGER AS referral_request_received_date,
  stopped AS referral_to_treatment_period_end_date, stopped - waited AS referral_to_treatment_period_start_date,
  drawn(['03', '03', '01', '04', '10', '92', '97'], rk, 7) AS source_of_referral_for_outpatients,
  drawn(['ORTT', 'ORTT', 'IRTT', 'PTLO', 'PTLI', 'RTTO', 'RTTI'], rk, 8) AS waiting_list_type,
  stopped + (7 - dayofweek(stopped)::INTEGER) % 7 AS week_ending_date
FROM dated;
