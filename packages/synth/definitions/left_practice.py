"""People who left their practice in a year and came to another."""
from ehrql import create_dataset
from ehrql.tables.tpp import patients, practice_registrations

spells = practice_registrations
ended = spells.where(spells.end_date.is_on_or_between("2021-01-01", "2021-12-31"))
left = ended.sort_by(ended.end_date).last_for_patient()
dataset = create_dataset()
dataset.define_population(ended.exists_for_patient() & (patients.age_on("2021-01-01") >= 18))
dataset.left = left.end_date
dataset.new = spells.where(spells.start_date >= left.end_date).exists_for_patient()
dataset.region = left.practice_nuts1_region_name
dataset.years = (left.end_date - left.start_date).years
