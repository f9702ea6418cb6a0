"""First positive test, tests before it, variants and symptoms."""
from ehrql import claim_permissions, create_dataset, days
from ehrql.tables.tpp import patients, practice_registrations, sgss_covid_all_tests

claim_permissions("sgss_covid_all_tests")
dataset = create_dataset()
tests = sgss_covid_all_tests
positive = tests.where(tests.is_positive).where(tests.specimen_taken_date.is_on_or_between("2020-09-01", "2021-03-31"))
first = positive.sort_by(positive.specimen_taken_date).first_for_patient()
dataset.define_population(
    first.exists_for_patient() & practice_registrations.exists_for_patient_on("2020-09-01")
)
dataset.first_positive = first.specimen_taken_date
dataset.reported = first.lab_report_date
dataset.delay = (first.lab_report_date - first.specimen_taken_date).days
dataset.symptomatic = first.was_symptomatic
dataset.sgtf = first.sgtf_status
dataset.variant = first.variant
dataset.tests_before = tests.where(
    tests.specimen_taken_date.is_before(first.specimen_taken_date)
).count_for_patient()
dataset.reinfected = positive.where(
    positive.specimen_taken_date > first.specimen_taken_date + days(90)
).exists_for_patient()
dataset.episodes = positive.specimen_taken_date.count_episodes_for_patient(days(14))
