"""Infants born in a season, registered by six weeks, with vaccinations by age."""
from ehrql import create_dataset, days, months, weeks, years
from ehrql.tables.tpp import parents, patients, practice_registrations, vaccinations

dataset = create_dataset()
born = patients.date_of_birth
dataset.define_population(
    born.is_on_or_between("2021-04-01", "2021-09-30")
    & practice_registrations.where(practice_registrations.start_date <= born + weeks(6)).exists_for_patient()
)
dataset.born = born
dataset.mother = parents.mother_id.is_not_null()
primary = vaccinations.where(vaccinations.target_disease.is_in(["DIPHTHERIA", "TETANUS", "PERTUSSIS"]))
dataset.by_8_weeks = primary.where(primary.date <= born + weeks(9)).exists_for_patient()
dataset.by_1_year = primary.where(primary.date < born + years(1)).count_for_patient()
dataset.age_at_first = (primary.date.minimum_for_patient() - born).months
dataset.first_day = born + days(1)
dataset.half_year = born + months(6)
