"""Registered elsewhere two years later, in the same region."""
from ehrql import create_dataset
from ehrql.tables.tpp import patients, practice_registrations as pr
a = pr.for_patient_on("2020-03-01")
b = pr.for_patient_on("2022-03-01")
dataset = create_dataset()
dataset.define_population((a.practice_pseudo_id != b.practice_pseudo_id) & (a.practice_nuts1_region_name == b.practice_nuts1_region_name))
dataset.a = a.practice_pseudo_id
dataset.b = b.practice_pseudo_id
dataset.region = b.practice_nuts1_region_name
dataset.a_end = a.end_date
dataset.b_start = b.start_date
dataset.age = patients.age_on("2020-03-01")
