"""The end of follow-up as the earliest of several dates."""
from ehrql import codelist_from_csv, create_dataset, maximum_of, minimum_of, years
from ehrql.tables.tpp import clinical_events, ons_deaths, patients, practice_registrations

cancer = codelist_from_csv("codelists/cancer.csv", column="code")
study_start, study_end = "2018-01-01", "2022-12-31"
dataset = create_dataset()
registration = practice_registrations.for_patient_on(study_start)
turns_40 = patients.date_of_birth + years(40)
entry = maximum_of(study_start, registration.start_date + years(1), turns_40)
first_cancer = clinical_events.where(clinical_events.snomedct_code.is_in(cancer)).date.minimum_for_patient()
exit = minimum_of(study_end, registration.end_date, ons_deaths.date, first_cancer)
dataset.define_population(
    registration.exists_for_patient() & (entry < exit) & patients.is_alive_on(study_start)
)
dataset.entry = entry
dataset.exit = exit
dataset.days = (exit - entry).days
dataset.had_event = (first_cancer == exit).when_null_then(False)
dataset.died = (ons_deaths.date == exit).when_null_then(False)
