"""A prescription on the day, or in the consultation, of an event."""
from ehrql import codelist_from_csv, create_dataset
from ehrql.tables.tpp import clinical_events as ev, medications as m
asthma = codelist_from_csv("codelists/asthma.csv", column="code")
op = codelist_from_csv("codelists/opioids.csv", column="code")
a = ev.where(ev.snomedct_code.is_in(asthma)).where(ev.date.is_on_or_between("2021-01-01","2021-12-31"))
same = m.where(m.dmd_code.is_in(op)).where(m.date.is_in(a.date))
sc = m.where(m.consultation_id.is_in(a.consultation_id))
dataset = create_dataset()
dataset.define_population(same.exists_for_patient())
dataset.n = same.count_for_patient()
dataset.sc = sc.exists_for_patient()
dataset.first = same.date.minimum_for_patient()
dataset.code = same.sort_by(m.date).first_for_patient().dmd_code
