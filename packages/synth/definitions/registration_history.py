"""Several registrations: who moved practice, deregistered, or has one long record."""
from ehrql import create_dataset, years
from ehrql.tables.tpp import patients, practice_registrations

dataset = create_dataset()
spells = practice_registrations
last = spells.sort_by(spells.start_date).last_for_patient()
dataset.define_population(
    (spells.count_for_patient() >= 2)
    & spells.where(spells.start_date <= "2019-01-01").exists_for_patient()
    & (patients.age_on("2019-01-01") >= 1)
)
dataset.registrations = spells.count_for_patient()
dataset.left = last.end_date
dataset.is_registered = last.end_date.is_null()
dataset.moved = spells.practice_pseudo_id.count_distinct_for_patient() > 1
dataset.region = last.practice_nuts1_region_name
dataset.spanned = spells.spanning("2019-01-01", "2020-01-01").exists_for_patient()
dataset.at_fifty = patients.date_of_birth + years(50)
