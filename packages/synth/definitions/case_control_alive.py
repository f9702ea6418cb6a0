"""Matched controls who also have to be alive, registered and without the condition on their own date."""
from datetime import date

from ehrql import codelist_from_csv, create_dataset, days
from ehrql.tables import PatientFrame, Series, table_from_file
from ehrql.tables.tpp import clinical_events, patients, practice_registrations


@table_from_file("matched.csv")
class matched(PatientFrame):
    index_date = Series(date)
    is_case = Series(bool)


copd = codelist_from_csv("codelists/copd.csv", column="code")
dataset = create_dataset()
before = clinical_events.where(clinical_events.snomedct_code.is_in(copd)).where(
    clinical_events.date.is_before(matched.index_date)
)
dataset.define_population(
    matched.exists_for_patient()
    & practice_registrations.exists_for_patient_on(matched.index_date)
    & patients.is_alive_on(matched.index_date)
    & ~before.exists_for_patient()
)
dataset.copd_after = clinical_events.where(clinical_events.snomedct_code.is_in(copd)).where(
    clinical_events.date.is_on_or_after(matched.index_date)
).exists_for_patient()
dataset.follow_up = (matched.index_date + days(365)).is_before(patients.date_of_death)
