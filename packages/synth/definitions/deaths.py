"""People who died, by cause and place."""
from ehrql import case, codelist_from_csv, create_dataset, when
from ehrql.tables.tpp import ons_deaths, patients, practice_registrations

stroke = codelist_from_csv("codelists/stroke-icd10.csv", column="code")
covid = codelist_from_csv("codelists/covid-icd10.csv", column="code")
dataset = create_dataset()
dataset.define_population(
    ons_deaths.date.is_on_or_between("2020-01-01", "2022-12-31")
    & practice_registrations.exists_for_patient_on("2020-01-01")
    & (patients.age_on("2020-01-01") >= 18)
)
dataset.died = ons_deaths.date
dataset.died_gp = patients.date_of_death
dataset.place = ons_deaths.place
dataset.of_covid = ons_deaths.underlying_cause_of_death.is_in(covid)
dataset.with_covid = ons_deaths.cause_of_death_is_in(covid)
dataset.of_stroke = ons_deaths.cause_of_death_is_in(stroke)
dataset.cause = case(
    when(dataset.of_covid).then("covid"),
    when(dataset.of_stroke).then("stroke"),
    otherwise="other",
)
dataset.days_apart = (ons_deaths.date - patients.date_of_death).days
