"""The event before and the events after an index event, and the time between them."""
from ehrql import create_dataset, days, months
from ehrql.tables.tpp import clinical_events, medications, patients

dataset = create_dataset()
codes = ["22298006", "57054005", "401303003"]
infarcts = clinical_events.where(clinical_events.snomedct_code.is_in(codes))
index = infarcts.where(infarcts.date.is_on_or_between("2018-01-01", "2019-12-31")).sort_by(infarcts.date).first_for_patient()
before = infarcts.where(infarcts.date < index.date).sort_by(infarcts.date).last_for_patient()
after = infarcts.where(infarcts.date > index.date).sort_by(infarcts.date).first_for_patient()
following = infarcts.where(infarcts.date > after.date).sort_by(infarcts.date).first_for_patient()
dataset.define_population(index.exists_for_patient() & ~patients.date_of_death.is_before(index.date).when_null_then(False))
dataset.index_date = index.date
dataset.previous = before.date
dataset.next = after.date
dataset.next_but_one = following.date
dataset.gap = (after.date - index.date).days
dataset.statin_soon = medications.where(medications.dmd_code.is_in(["319997009", "320000009"])).where(
    medications.date.is_on_or_between(index.date, index.date + days(30))
).exists_for_patient()
dataset.within_year = after.date <= index.date + months(12)
dataset.is_first = ~before.exists_for_patient()
