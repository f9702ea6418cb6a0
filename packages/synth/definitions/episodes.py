"""Episodes of prescribing and of consultation."""
from ehrql import codelist_from_csv, create_dataset, days, weeks
from ehrql.tables.tpp import clinical_events, medications, patients

opioids = codelist_from_csv("codelists/opioids.csv", column="code")
rx = medications.where(medications.dmd_code.is_in(opioids)).where(
    medications.date.is_on_or_between("2018-01-01", "2020-12-31")
)
dataset = create_dataset()
dataset.define_population((rx.count_for_patient() >= 3) & (patients.age_on("2018-01-01") >= 18))
dataset.episodes = rx.date.count_episodes_for_patient(days(90))
dataset.days_with = rx.date.count_distinct_for_patient()
dataset.codes = rx.dmd_code.count_distinct_for_patient()
dataset.first = rx.date.minimum_for_patient()
dataset.last = rx.date.maximum_for_patient()
dataset.is_long = (dataset.last - dataset.first).days > 90
dataset.consultation_episodes = clinical_events.date.count_episodes_for_patient(weeks(2))
dataset.new_user = ~medications.where(medications.dmd_code.is_in(opioids)).where(
    medications.date.is_on_or_between("2017-01-01", "2017-12-31")
).exists_for_patient()
