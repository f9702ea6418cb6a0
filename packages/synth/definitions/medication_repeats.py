"""The same medicine again within weeks of the first, and a third time: each pick depends on the one before."""
from ehrql import codelist_from_csv, create_dataset, days
from ehrql.tables.tpp import medications as m
dmm = codelist_from_csv("codelists/diabetes-medicines.csv", column="code")
rx = m.where(m.dmd_code.is_in(dmm)).sort_by(m.date)
first = rx.first_for_patient()
again = rx.where(m.date.is_on_or_between(first.date + days(14), first.date + days(60))).where(m.dmd_code == first.dmd_code).first_for_patient()
third = rx.where(m.date.is_on_or_between(again.date + days(14), again.date + days(60))).first_for_patient()
dataset = create_dataset()
dataset.define_population(third.exists_for_patient() & (first.date > "2019-01-01"))
dataset.first = first.date
dataset.again = again.date
dataset.third = third.date
dataset.switched = third.dmd_code != first.dmd_code
dataset.n = rx.count_for_patient()
