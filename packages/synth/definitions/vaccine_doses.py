"""Doses of COVID-19 vaccine in order, each at least some weeks after the one before."""
from ehrql import case, create_dataset, days, when
from ehrql.tables.tpp import patients, practice_registrations, vaccinations

dataset = create_dataset()
covid = vaccinations.where(vaccinations.target_disease == "SARS-2 CORONAVIRUS").where(
    vaccinations.date.is_on_or_after("2020-12-08")
)
first = covid.sort_by(covid.date).first_for_patient()
after_first = covid.where(covid.date > first.date + days(19))
second = after_first.sort_by(after_first.date).first_for_patient()
after_second = covid.where(covid.date > second.date + days(56))
third = after_second.sort_by(after_second.date).first_for_patient()
dataset.define_population(
    practice_registrations.exists_for_patient_on("2021-12-01")
    & (patients.age_on("2021-12-01") >= 16)
    & first.date.is_on_or_before("2021-10-31")
    & second.exists_for_patient()
)
for number, dose in enumerate([first, second, third], start=1):
    dataset.add_column(f"dose_{number}_date", dose.date)
    dataset.add_column(f"dose_{number}_product", dose.product_name)
dataset.doses = covid.count_for_patient()
dataset.days_between = (second.date - first.date).days
dataset.is_mixed = first.product_name != second.product_name
dataset.is_boosted = third.exists_for_patient()
dataset.kind = case(
    when(third.exists_for_patient()).then("three doses"),
    when((second.date - first.date).days > 84).then("two, late"),
    otherwise="two, early",
)
