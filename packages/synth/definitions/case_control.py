"""Controls that a file matched to cases: each with its own date."""
from datetime import date

from ehrql import create_dataset, days
from ehrql.tables import PatientFrame, Series, table_from_file
from ehrql.tables.tpp import apcs, clinical_events, ons_deaths, patients


@table_from_file("matched.csv")
class matched(PatientFrame):
    index_date = Series(date)
    set_id = Series(int)
    is_case = Series(bool)
    region = Series(str)


dataset = create_dataset()
dataset.define_population(matched.exists_for_patient())
dataset.set_id = matched.set_id
dataset.is_case = matched.is_case
dataset.age = patients.age_on(matched.index_date)
dataset.alive = patients.is_alive_on(matched.index_date)
dataset.event_after = clinical_events.where(
    clinical_events.date.is_on_or_between(matched.index_date, matched.index_date + days(180))
).exists_for_patient()
dataset.admitted = apcs.where(apcs.admission_date > matched.index_date).admission_date.minimum_for_patient()
dataset.died = ons_deaths.date > matched.index_date
