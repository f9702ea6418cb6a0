"""Appointments that took place and what was recorded on their day."""
from ehrql import claim_permissions, create_dataset
from ehrql.tables.tpp import appointments, clinical_events, patients, practice_registrations

claim_permissions("appointments")
dataset = create_dataset()
valid = appointments.where(
    appointments.start_date.is_on_or_between("2022-01-03", "2022-01-09")
    & appointments.status.is_in(["Arrived", "In Progress", "Finished", "Visit", "Waiting", "Patient Walked Out"])
)
dataset.define_population(
    practice_registrations.spanning("2021-01-03", "2022-01-09").exists_for_patient()
    & (patients.age_on("2022-01-03") <= 120)
    & valid.exists_for_patient()
)
first = valid.sort_by(valid.start_date).first_for_patient()
dataset.waited = (first.start_date - first.booked_date).days
dataset.same_day = first.start_date == first.booked_date
dataset.was_seen = first.seen_date.is_not_null()
dataset.appointments = valid.count_for_patient()
dataset.event_that_day = clinical_events.where(clinical_events.date.is_in(valid.start_date)).exists_for_patient()
