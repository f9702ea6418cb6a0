"""One row per patient, for checking by hand what the measures count: see test_dataset.py."""

from ehrql import claim_permissions, create_dataset, days
from ehrql.tables.tpp import addresses, appointments, clinical_events, patients

from queries import (
    acute_respiratory_codes,
    acute_respiratory_groups,
    age_band,
    condition_count,
    conditions,
    events_during,
    has_condition,
    is_in_study,
    lives_in_care_home,
    outpatient_attendances_during,
    region,
    rural_urban,
    vaccinated_within_a_year,
    VACCINES,
    workload,
)
from study_dates import INDEX_DATE, PATIENT_WEEK

claim_permissions("appointments")

start, end = PATIENT_WEEK[0]

dataset = create_dataset()
dataset.configure_dummy_data(population_size=1000)

dataset.age = patients.age_on(INDEX_DATE)
dataset.age_band = age_band(INDEX_DATE)
dataset.sex = patients.sex
dataset.imd_quintile = addresses.for_patient_on(INDEX_DATE).imd_quintile
dataset.care_home = lives_in_care_home(INDEX_DATE)
dataset.region = region(INDEX_DATE)
dataset.rural_urban = rural_urban(INDEX_DATE)

for name in conditions:
    dataset.add_column(name.replace("-", "_"), has_condition(name, INDEX_DATE))
dataset.conditions = condition_count([getattr(dataset, name.replace("-", "_")) for name in conditions])

for disease in VACCINES:
    dataset.add_column(f"vaccinated_{disease}", vaccinated_within_a_year(disease, INDEX_DATE))

counts = workload(start, end)
for name in [
    "appointments_booked",
    "appointments_due",
    "appointments_attended",
    "appointments_not_attended",
    "appointments_same_day",
    "appointments_waited_over_week",
    "follow_up_within_week",
    "consultations_face_to_face",
    "consultations_remote",
    "acute_respiratory",
    "acute_respiratory_seen_same_day",
    "antibiotics_respiratory",
    "antibiotic_on_day_of_respiratory_event",
    "reliever_inhalers",
    "outpatient_referrals",
    "outpatient_attendances",
]:
    dataset.add_column(name, counts[name])

# The latest respiratory illness of the week, its group, and whether the patient was seen within two days of it.
illness = (
    events_during(acute_respiratory_codes, start, end).sort_by(clinical_events.date).last_for_patient()
)
dataset.respiratory_date = illness.date
dataset.respiratory_group = illness.snomedct_code.to_category(acute_respiratory_groups)
dataset.seen_within_two_days = appointments.where(
    appointments.seen_date.is_on_or_between(illness.date, illness.date + days(2))
).exists_for_patient()

dataset.outpatient_cost = outpatient_attendances_during(start, end).grand_total_payment_mff.sum_for_patient()

dataset.define_population(is_in_study(start, end))
