"""Adults registered for three months and alive on a day, with the usual demographics."""
from ehrql import case, codelist_from_csv, create_dataset, months, when
from ehrql.tables.tpp import addresses, clinical_events, ethnicity_from_sus, patients, practice_registrations

index_date = "2022-01-01"
ethnicity_codes = codelist_from_csv("codelists/ethnicity.csv", column="Code", category_column="Grouping_6")
registration = practice_registrations.for_patient_on(index_date)
dataset = create_dataset()
dataset.age = patients.age_on(index_date)
dataset.define_population(
    (dataset.age >= 18)
    & (dataset.age <= 105)
    & patients.sex.is_in(["female", "male"])
    & practice_registrations.spanning(index_date - months(3), index_date).exists_for_patient()
    & (patients.date_of_death.is_after(index_date) | patients.date_of_death.is_null())
)
dataset.sex = patients.sex
dataset.age_band = case(
    when(dataset.age < 40).then("18-39"),
    when(dataset.age < 65).then("40-64"),
    when(dataset.age < 80).then("65-79"),
    otherwise="80+",
)
dataset.region = registration.practice_nuts1_region_name
dataset.stp = registration.practice_stp
address = addresses.for_patient_on(index_date)
dataset.imd_quintile = address.imd_quintile
dataset.rural = address.rural_urban_classification
latest_ethnicity = (
    clinical_events.where(clinical_events.snomedct_code.is_in(ethnicity_codes))
    .sort_by(clinical_events.date)
    .last_for_patient()
)
dataset.ethnicity = latest_ethnicity.snomedct_code.to_category(ethnicity_codes)
dataset.ethnicity_sus = ethnicity_from_sus.code
dataset.configure_dummy_data(population_size=1000)
