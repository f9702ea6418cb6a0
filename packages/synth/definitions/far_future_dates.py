"""Follow-up to the first of several ends, with dates that stand for never."""
from ehrql import codelist_from_csv, create_dataset, minimum_of
from ehrql.tables.tpp import clinical_events as ev, patients, practice_registrations as pr
dm = codelist_from_csv("codelists/diabetes.csv", column="code")
start = "2019-01-01"
dataset = create_dataset()
r = pr.for_patient_on(start)
end = minimum_of(patients.date_of_death.when_null_then("2099-12-31"), r.end_date.when_null_then("2099-12-31"), "2023-12-31")
dataset.define_population((patients.age_on(start) >= 18) & (patients.age_on(start) < 90) & r.exists_for_patient() & (end > start))
dataset.end = end
dataset.dm = ev.where(ev.snomedct_code.is_in(dm)).where(ev.date.is_on_or_between(start, end)).exists_for_patient()
dataset.followup = (end - start).days
dataset.age = patients.age_on(start)
dataset.birth = patients.date_of_birth
