-- Snapshots of who is waiting: each open pathway appears in one to four weekly lists.
CREATE TABLE wl_openpathways AS
WITH expanded AS (
  SELECT patient_id, k, to_day, unnest(range(floor(0.08 * activity + u(k, 126))::BIGINT)) AS r
  FROM person WHERE to_day >= DATE '2023-01-01'
), pathway AS (
  SELECT patient_id, row_key(k, 125, r) AS rk, hospital_day(row_key(k, 125, r), DATE '2022-01-02', DATE '2022-01-02', to_day - 30) AS seen,
    floor(least(900, -150 * ln(u(row_key(k, 125, r), 2) + 1e-9)))::INTEGER AS waited
  FROM expanded
), listed AS (
  SELECT *, unnest(range(1 + floor(u(rk, 3) * 4)::BIGINT)) AS week FROM pathway
)
SELECT patient_id, drawn(['100', '110', '130', '120', '320', '300', '502', 'X05', 'C01'], rk, 4) AS activity_treatment_function_code,
  seen - waited AS current_pathway_period_start_date,
  drawn(['routine', 'routine', 'routine', 'urgent', 'two week wait'], rk, 5) AS priority_type_code,
  md5('issuer' || floor(u(rk, 6) * 200)::VARCHAR) AS pseudo_organisation_code_patient_pathway_identifier_issuer,
  md5('pathway' || rk::VARCHAR) AS pseudo_patient_pathway_identifier,
  md5('referral' || rk::VARCHAR) AS pseudo_referral_identifier,
  seen - waited - floor(u(rk, 7) * 5)::INTEGER AS referral_request_received_date,
  CASE WHEN u(rk, 8) < 0.05 THEN seen + 28 END AS referral_to_treatment_period_end_date,
  seen - waited AS referral_to_treatment_period_start_date,
  drawn(['03', '03', '01', '04', '10', '92', '97'], rk, 9) AS source_of_referral,
  drawn(['ORTT', 'ORTT', 'IRTT', 'ONON', 'INON', 'PTLO', 'PTLI', 'RTTO', 'RTTI'], rk, 10) AS waiting_list_type,
  seen + (7 - dayofweek(seen)::INTEGER) % 7 + (7 * week)::INTEGER AS week_ending_date
FROM listed;
