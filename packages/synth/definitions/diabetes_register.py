"""A register: diagnosed, not resolved since, with the latest measurement of the year and its target."""
from ehrql import case, codelist_from_csv, create_dataset, when, years
from ehrql.tables.tpp import clinical_events, clinical_events_ranges, medications, patients, practice_registrations

index_date = "2023-03-31"
diabetes = codelist_from_csv("codelists/diabetes.csv", column="code")
resolved = codelist_from_csv("codelists/diabetes-resolved.csv", column="code")
medicines = codelist_from_csv("codelists/diabetes-medicines.csv", column="code")
prior = clinical_events.where(clinical_events.date.is_on_or_before(index_date))
last_diagnosis = prior.where(prior.snomedct_code.is_in(diabetes)).sort_by(prior.date).last_for_patient()
last_resolved = prior.where(prior.snomedct_code.is_in(resolved)).sort_by(prior.date).last_for_patient()
on_register = last_diagnosis.exists_for_patient() & (
    last_resolved.date.is_null() | (last_resolved.date < last_diagnosis.date)
)
dataset = create_dataset()
dataset.define_population(
    on_register
    & (patients.age_on(index_date) >= 17)
    & practice_registrations.exists_for_patient_on(index_date)
    & patients.is_alive_on(index_date)
)
hba1c = clinical_events_ranges.where(clinical_events_ranges.snomedct_code == "999791000000106").where(
    clinical_events_ranges.date.is_on_or_between("2022-04-01", index_date)
)
latest = hba1c.where(hba1c.numeric_value.is_not_null()).sort_by(hba1c.date).last_for_patient()
dataset.hba1c = latest.numeric_value
dataset.comparator = latest.comparator
dataset.controlled = latest.numeric_value <= 58.0
dataset.band = case(
    when(latest.numeric_value < 48.0).then("low"),
    when(latest.numeric_value <= 58.0).then("target"),
    when(latest.numeric_value <= 75.0).then("high"),
    when(latest.numeric_value > 75.0).then("very high"),
    otherwise="missing",
)
dataset.treated = medications.where(medications.dmd_code.is_in(medicines)).where(
    medications.date.is_on_or_between("2022-10-01", index_date)
).exists_for_patient()
dataset.years_since = (index_date - clinical_events.where(clinical_events.snomedct_code.is_in(diabetes)).date.minimum_for_patient()).years
