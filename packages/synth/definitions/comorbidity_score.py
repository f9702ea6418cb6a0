"""A score of conditions, of which three are wanted."""
from ehrql import codelist_from_csv, create_dataset
from ehrql.tables.tpp import clinical_events as ev, practice_registrations as pr
names = ["asthma","copd","diabetes","cancer"]
dataset = create_dataset()
score = 0
for n in names:
    c = codelist_from_csv(f"codelists/{n}.csv", column="code")
    has = ev.where(ev.snomedct_code.is_in(c)).where(ev.date <= "2022-01-01").exists_for_patient()
    dataset.add_column(n, has)
    score = has.as_int() + score
dataset.score = score
dataset.is_four = score >= 4
dataset.define_population((score >= 3) & pr.exists_for_patient_on("2022-01-01"))
