-- The waiting lists as they were sent: dates as text.
CREATE TABLE wl_clockstops_raw AS
SELECT * REPLACE (
  referral_request_received_date::VARCHAR AS referral_request_received_date,
  referral_to_treatment_period_end_date::VARCHAR AS referral_to_treatment_period_end_date,
  referral_to_treatment_period_start_date::VARCHAR AS referral_to_treatment_period_start_date,
  week_ending_date::VARCHAR AS week_ending_date)
FROM wl_clockstops;
CREATE TABLE wl_openpathways_raw AS
SELECT * REPLACE (
  current_pathway_period_start_date::VARCHAR AS current_pathway_period_start_date,
  referral_request_received_date::VARCHAR AS referral_request_received_date,
  referral_to_treatment_period_end_date::VARCHAR AS referral_to_treatment_period_end_date,
  referral_to_treatment_period_start_date::VARCHAR AS referral_to_treatment_period_start_date,
  week_ending_date::VARCHAR AS week_ending_date)
FROM wl_openpathways;
