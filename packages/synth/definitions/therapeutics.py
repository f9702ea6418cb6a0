"""Antivirals in the community: first treatment by kind, eligibility and outcome."""
from ehrql import claim_permissions, create_dataset, days, minimum_of
from ehrql.tables.tpp import covid_therapeutics, ons_deaths, patients, sgss_covid_all_tests

claim_permissions("covid_therapeutics", "sgss_covid_all_tests")

dataset = create_dataset()
outpatient = covid_therapeutics.where(covid_therapeutics.covid_indication == "non_hospitalised").where(
    covid_therapeutics.current_status.is_in(["Approved", "Treatment Complete"])
)
first = {}
for name in ("Paxlovid", "Sotrovimab", "Molnupiravir"):
    rows = outpatient.where(outpatient.intervention == name)
    first[name] = rows.treatment_start_date.minimum_for_patient()
started = minimum_of(*first.values())
test = sgss_covid_all_tests.where(sgss_covid_all_tests.is_positive).where(
    sgss_covid_all_tests.specimen_taken_date.is_on_or_between(started - days(5), started)
)
dataset.define_population(
    started.is_on_or_between("2021-12-16", "2022-06-30")
    & test.exists_for_patient()
    & (patients.age_on("2021-12-16") >= 18)
)
dataset.started = started
dataset.paxlovid = first["Paxlovid"] == started
dataset.sotrovimab = first["Sotrovimab"] == started
dataset.tested = test.specimen_taken_date.maximum_for_patient()
dataset.died_28 = ons_deaths.date.is_on_or_between(started, started + days(28))
