"""Dummy data limited further than the population is."""
from ehrql import codelist_from_csv, create_dataset
from ehrql.tables.tpp import clinical_events, medications, patients

diabetes = codelist_from_csv("codelists/diabetes.csv", column="code")
medicines = codelist_from_csv("codelists/diabetes-medicines.csv", column="code")
dataset = create_dataset()
dataset.define_population(patients.age_on("2023-04-01") >= 18)
diagnosed = clinical_events.where(clinical_events.snomedct_code.is_in(diabetes))
treated = medications.where(medications.dmd_code.is_in(medicines))
dataset.first_diagnosis = diagnosed.sort_by(diagnosed.date).first_for_patient().date
dataset.first_treatment = treated.sort_by(treated.date).first_for_patient().date
dataset.sex = patients.sex
dataset.configure_dummy_data(
    population_size=1000,
    additional_population_constraint=(dataset.first_diagnosis < dataset.first_treatment)
    & (patients.sex == "male")
    & patients.date_of_death.is_null(),
)
