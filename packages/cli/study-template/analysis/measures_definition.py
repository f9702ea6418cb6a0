"""In each month, the share of adults who had asthma recorded, by sex."""

from ehrql import INTERVAL, codelist_from_csv, create_measures, months
from ehrql.tables.core import clinical_events, patients

asthma_codes = codelist_from_csv("local_codelists/asthma.csv", column="code")

is_adult = patients.is_alive_on(INTERVAL.start_date) & (patients.age_on(INTERVAL.start_date) >= 18)
recorded = clinical_events.where(clinical_events.snomedct_code.is_in(asthma_codes)).where(
    clinical_events.date.is_during(INTERVAL)
)

measures = create_measures()
measures.configure_dummy_data(population_size=1000)
measures.define_measure(
    name="asthma_recorded",
    numerator=recorded.exists_for_patient(),
    denominator=is_adult,
    group_by={"sex": patients.sex},
    intervals=months(6).starting_on("2024-01-01"),
)
