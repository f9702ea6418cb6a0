"""Chains of case, of the kind that phenotype algorithms use."""
from functools import reduce
from operator import or_

from ehrql import case, create_dataset, minimum_of, when
from ehrql.tables.tpp import clinical_events, medications, patients, practice_registrations

index_date = "2021-06-30"
dataset = create_dataset()
dataset.define_population(
    practice_registrations.exists_for_patient_on(index_date) & (patients.age_on(index_date) > 0)
)
counts = {}
dates = {}
for number in range(12):
    rows = clinical_events.where(clinical_events.snomedct_code.is_in([str(44054006 + number * 11), str(73211009 + number)]))
    counts[number] = rows.count_for_patient()
    dates[number] = rows.date.minimum_for_patient()
dataset.any_code = reduce(or_, [counts[n] > 0 for n in counts])
age = patients.age_on(index_date)
dataset.age_band = case(*[when(age < 5 * (n + 1)).then(f"{5 * n}-{5 * n + 4}") for n in range(20)], otherwise="100+")
dataset.first_of_all = minimum_of(*dates.values())
total = reduce(lambda a, b: a + b, counts.values())
step_1 = case(when(counts[0] > 0).then("yes"), otherwise="no")
step_2 = case(when((step_1 == "yes") & (counts[1] > counts[0])).then("type 1"), when(counts[2] > 1).then("type 2"), otherwise="unsure")
step_3 = case(
    when((step_2 == "type 1") & (age < 35)).then("DM1"),
    when(step_2 == "type 2").then("DM2"),
    when((step_2 == "unsure") & (total >= 3)).then("DM other"),
    otherwise="DM unlikely",
)
dataset.step_1 = step_1
dataset.step_2 = step_2
dataset.step_3 = step_3
dataset.total = total
dataset.weighted = counts[3] * 2 + counts[4] * 3 - counts[5]
dataset.treated = medications.exists_for_patient()
