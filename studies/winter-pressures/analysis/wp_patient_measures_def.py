"""What practices did for different kinds of patient in one week of January.

Every measure is broken down by all nineteen characteristics at once, which describes small groups of people closely:
the output is highly sensitive, and pre_processing.py sums it up before anybody looks.
"""

from ehrql import INTERVAL, claim_permissions, create_measures
from ehrql.tables.tpp import addresses, patients

from queries import (
    age_band,
    condition_count,
    conditions,
    has_condition,
    is_in_study,
    lives_in_care_home,
    region,
    rural_urban,
    vaccinated_within_a_year,
    workload,
)
from study_dates import PATIENT_WEEK

claim_permissions("appointments")

start = INTERVAL.start_date
end = INTERVAL.end_date

condition_flags = {name.replace("-", "_"): has_condition(name, start) for name in conditions}

groups = {
    "age_band": age_band(start),
    "sex": patients.sex,
    "imd_quintile": addresses.for_patient_on(start).imd_quintile,
    "care_home": lives_in_care_home(start),
    "region": region(start),
    "rural_urban": rural_urban(start),
    **condition_flags,
    "conditions": condition_count(condition_flags.values()),
    "vaccinated_influenza": vaccinated_within_a_year("influenza", start),
    "vaccinated_covid": vaccinated_within_a_year("covid", start),
    "vaccinated_pneumococcal": vaccinated_within_a_year("pneumococcal", start),
}

measures = create_measures()
measures.configure_dummy_data(population_size=1000)
# Rounding each of many thousand small groups would leave nothing to add up. Nobody sees this file.
measures.configure_disclosure_control(enabled=False)
measures.define_defaults(
    denominator=is_in_study(start, end),
    group_by=groups,
    intervals=PATIENT_WEEK,
)

for name, numerator in workload(start, end).items():
    measures.define_measure(name, numerator=numerator)
