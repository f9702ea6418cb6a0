"""Outpatient appointments in a specialty after a referral, joined by identifier to their procedures."""
from ehrql import create_dataset
from ehrql.tables.tpp import opa, opa_diag, opa_proc, patients, practice_registrations

dataset = create_dataset()
seen = opa.where(opa.attendance_status.is_in(["5", "6"])).where(opa.treatment_function_code == "110").where(
    opa.appointment_date.is_on_or_between("2019-04-01", "2022-03-31")
)
dataset.define_population(seen.exists_for_patient() & practice_registrations.exists_for_patient_on("2019-04-01"))
first = seen.sort_by(seen.appointment_date, seen.opa_ident).first_for_patient()
dataset.first = first.appointment_date
dataset.referred = first.referral_request_received_date
dataset.wait = (first.appointment_date - first.referral_request_received_date).weeks
dataset.by_phone = first.consultation_medium_used == "02"
dataset.is_new = first.first_attendance.is_in(["1", "3"])
dataset.has_procedure = opa_proc.where(opa_proc.opa_ident.is_in(seen.opa_ident)).exists_for_patient()
dataset.has_diagnosis = opa_diag.where(opa_diag.primary_diagnosis_code.is_in(["M160", "M161", "M170"])).exists_for_patient()
dataset.age = patients.age_on(first.appointment_date)
