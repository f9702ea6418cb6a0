"""Treated soon after a diagnosis that was never resolved for good, registered for a year, without an earlier stroke."""
from ehrql import codelist_from_csv, create_dataset, days, maximum_of, years
from ehrql.tables.tpp import apcs, clinical_events as ev, medications as m, practice_registrations as pr
dm = codelist_from_csv("codelists/diabetes.csv", column="code")
dmm = codelist_from_csv("codelists/diabetes-medicines.csv", column="code")
res = codelist_from_csv("codelists/diabetes-resolved.csv", column="code")
stroke = codelist_from_csv("codelists/stroke-icd10.csv", column="code")
dx = ev.where(ev.snomedct_code.is_in(dm)).sort_by(ev.date).first_for_patient().date
tx = m.where(m.dmd_code.is_in(dmm)).sort_by(m.date).first_for_patient().date
index = maximum_of(dx, tx, "2016-04-01")
last_res = ev.where(ev.snomedct_code.is_in(res)).sort_by(ev.date).last_for_patient().date
last_dx = ev.where(ev.snomedct_code.is_in(dm)).sort_by(ev.date).last_for_patient().date
dataset = create_dataset()
dataset.define_population(
    (dx <= tx)
    & (tx <= dx + days(180))
    & (index < "2020-01-01")
    & (last_res.is_null() | (last_res < last_dx))
    & ~apcs.where(apcs.primary_diagnosis.is_in(stroke)).where(apcs.admission_date < index).exists_for_patient()
    & pr.spanning(index - years(1), index).exists_for_patient()
)
dataset.dx = dx
dataset.tx = tx
dataset.index = index
dataset.stroke = apcs.where(apcs.primary_diagnosis.is_in(stroke)).where(apcs.admission_date >= index).admission_date.minimum_for_patient()
dataset.res = last_res
