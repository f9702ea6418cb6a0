"""One row for each prescription: an event table beside the dataset."""
from ehrql import claim_permissions, codelist_from_csv, create_dataset
from ehrql.tables.tpp import medications, patients

claim_permissions("event_level_data")
medicines = codelist_from_csv("codelists/diabetes-medicines.csv", column="code")
rx = medications.where(medications.dmd_code.is_in(medicines)).where(medications.date.is_on_or_after("2020-01-01"))
dataset = create_dataset()
dataset.define_population(rx.exists_for_patient())
dataset.sex = patients.sex
dataset.first = rx.date.minimum_for_patient()
dataset.add_event_table("prescriptions", date=rx.date, code=rx.dmd_code)
