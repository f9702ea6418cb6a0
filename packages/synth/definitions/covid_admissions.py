"""Admissions with COVID-19 as the main diagnosis, their length and critical care."""
from ehrql import case, codelist_from_csv, create_dataset, days, when
from ehrql.tables.tpp import apcs, patients, practice_registrations

codes = codelist_from_csv("codelists/covid-icd10.csv", column="code")
dataset = create_dataset()
emergency = ["21", "22", "23", "24", "25", "2A", "2B", "2C", "2D", "28"]
spells = (
    apcs.where(apcs.primary_diagnosis.is_in(codes))
    .where(apcs.admission_method.is_in(emergency))
    .where(apcs.patient_classification == "1")
    .where(apcs.admission_date.is_on_or_between("2020-03-01", "2021-06-30"))
)
first = spells.sort_by(spells.admission_date).first_for_patient()
dataset.define_population(
    first.exists_for_patient()
    & (patients.age_on("2020-03-01") >= 18)
    & practice_registrations.exists_for_patient_on(first.admission_date - days(1))
)
dataset.admitted = first.admission_date
dataset.discharged = first.discharge_date
dataset.nights = (first.discharge_date - first.admission_date).days
dataset.critical_care = first.days_in_critical_care > 0
dataset.destination = first.discharge_destination
dataset.died_in_hospital = patients.date_of_death.is_on_or_between(first.admission_date, first.discharge_date)
dataset.again_in_30_days = apcs.where(
    apcs.admission_date.is_on_or_between(first.discharge_date + days(1), first.discharge_date + days(30))
).exists_for_patient()
dataset.length = case(
    when(dataset.nights == 0).then("day"), when(dataset.nights <= 7).then("week"), otherwise="longer"
)
