"""One row for each registered adult: age, sex, and whether asthma was ever recorded."""

from ehrql import codelist_from_csv, create_dataset
from ehrql.tables.core import clinical_events, patients, practice_registrations

INDEX_DATE = "2024-01-01"

asthma_codes = codelist_from_csv("local_codelists/asthma.csv", column="code")

dataset = create_dataset()
dataset.configure_dummy_data(population_size=1000)

age = patients.age_on(INDEX_DATE)
is_registered = practice_registrations.for_patient_on(INDEX_DATE).exists_for_patient()
dataset.define_population(is_registered & (age >= 18) & (age < 110))

asthma_events = clinical_events.where(clinical_events.snomedct_code.is_in(asthma_codes))

dataset.age = age
dataset.sex = patients.sex
dataset.has_asthma = asthma_events.where(asthma_events.date.is_on_or_before(INDEX_DATE)).exists_for_patient()
