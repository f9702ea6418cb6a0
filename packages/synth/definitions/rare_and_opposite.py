"""Two conditions in a set order, never a third, with a narrow window and many events."""
from ehrql import codelist_from_csv, create_dataset
from ehrql.tables.tpp import clinical_events, patients

asthma = codelist_from_csv("codelists/asthma.csv", column="code")
copd = codelist_from_csv("codelists/copd.csv", column="code")
diabetes = codelist_from_csv("codelists/diabetes.csv", column="code")
events = clinical_events
with_asthma = events.where(events.snomedct_code.is_in(asthma))
with_copd = events.where(events.snomedct_code.is_in(copd))
first_asthma = with_asthma.sort_by(with_asthma.date).first_for_patient().date
last_copd = with_copd.sort_by(with_copd.date).last_for_patient().date
dataset = create_dataset()
dataset.define_population(
    (first_asthma < last_copd)
    & with_asthma.where(events.date.is_on_or_between("2019-02-03", "2019-02-05")).exists_for_patient()
    & with_copd.where(events.date.is_on_or_between("2021-06-01", "2021-06-07")).exists_for_patient()
    & ~events.where(events.snomedct_code.is_in(diabetes)).exists_for_patient()
    & (events.count_for_patient() > 10)
    & (patients.sex == "female")
)
dataset.first_asthma = first_asthma
dataset.last_copd = last_copd
dataset.copd_first = with_copd.sort_by(with_copd.date).first_for_patient().date < first_asthma
dataset.events = events.count_for_patient()
