"""Attendances with one of many diagnosis columns in a list, and what followed."""
from functools import reduce
from operator import or_

from ehrql import create_dataset, days
from ehrql.tables.tpp import apcs, emergency_care_attendances as ec, patients, practice_registrations

respiratory = ["195967001", "13645005", "233604007", "54150009", "840539006"]
dataset = create_dataset()
has_code = reduce(or_, [getattr(ec, f"diagnosis_{n:02d}").is_in(respiratory) for n in range(1, 25)])
visits = ec.where(has_code).where(ec.arrival_date.is_on_or_between("2022-10-01", "2023-03-31"))
first = visits.sort_by(visits.arrival_date).first_for_patient()
dataset.define_population(first.exists_for_patient() & practice_registrations.exists_for_patient_on("2022-10-01"))
dataset.arrived = first.arrival_date
dataset.main_diagnosis = first.diagnosis_01
dataset.discharged_home = first.discharge_destination == "306689006"
dataset.admitted = apcs.where(
    apcs.admission_date.is_on_or_between(first.arrival_date, first.arrival_date + days(1))
).exists_for_patient()
dataset.visits = visits.count_for_patient()
dataset.is_adult = patients.age_on(first.arrival_date) >= 18
