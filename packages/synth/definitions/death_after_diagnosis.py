"""Deaths within a year of a diagnosis, and their causes."""
from ehrql import codelist_from_csv, create_dataset, days
from ehrql.tables.tpp import clinical_events, ons_deaths, patients
cancer = codelist_from_csv("codelists/cancer.csv", column="code")
dataset = create_dataset()
dx = clinical_events.where(clinical_events.snomedct_code.is_in(cancer)).sort_by(clinical_events.date).first_for_patient()
dataset.define_population((dx.date >= "2018-01-01") & (ons_deaths.date > dx.date) & (ons_deaths.date <= dx.date + days(365)))
dataset.dx_date = dx.date
dataset.death = ons_deaths.date
dataset.survival = (ons_deaths.date - dx.date).days
dataset.cause = ons_deaths.underlying_cause_of_death
dataset.place = ons_deaths.place
dataset.cancer_death = ons_deaths.cause_of_death_is_in(["C349", "C509", "C61"])
dataset.age_dx = patients.age_on(dx.date)
dataset.gp_death = patients.date_of_death
