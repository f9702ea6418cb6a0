"""Mean readings on the last day on which there are any."""
from ehrql import create_dataset
from ehrql.tables.tpp import clinical_events as ev, patients
i = "2023-03-31"
sbp = ev.where(ev.snomedct_code.is_in(["271649006","413606001"])).where(ev.date.is_on_or_between("2022-04-01", i))
dbp = ev.where(ev.snomedct_code.is_in(["271650006","413605002"])).where(ev.date.is_on_or_between("2022-04-01", i))
last = sbp.date.maximum_for_patient()
s = sbp.where(ev.date == last).numeric_value.mean_for_patient()
d = dbp.where(ev.date == last).numeric_value.mean_for_patient()
dataset = create_dataset()
dataset.define_population((s > 140) & (d > 90) & (patients.age_on(i) < 80))
dataset.s = s
dataset.d = d
dataset.date = last
dataset.maxs = sbp.numeric_value.maximum_for_patient()
dataset.mins = sbp.numeric_value.minimum_for_patient()
dataset.total = sbp.numeric_value.sum_for_patient()
dataset.controlled_before = ev.where(ev.snomedct_code == "271649006").where(ev.date < "2022-04-01").where(ev.numeric_value < 140).exists_for_patient()
