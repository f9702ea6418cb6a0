"""What each practice did in the weeks of winter and of the summer after, so that it is compared with itself."""

from ehrql import INTERVAL, claim_permissions, create_measures
from ehrql.tables.tpp import patients, practice_registrations

from queries import is_in_study, lives_in_care_home, workload
from study_dates import SUMMER_WEEKS, WINTER_WEEKS

claim_permissions("appointments")

start = INTERVAL.start_date
end = INTERVAL.end_date
practice = practice_registrations.for_patient_on(start)

measures = create_measures()
measures.configure_dummy_data(population_size=1000)
# The output names practices and isn't looked at: pre_processing.py and viz_measures.r sum it up.
measures.configure_disclosure_control(enabled=False)
measures.define_defaults(
    denominator=is_in_study(start, end),
    group_by={
        "practice": practice.practice_pseudo_id,
        "region": practice.practice_nuts1_region_name,
    },
    intervals=WINTER_WEEKS + SUMMER_WEEKS,
)

for name, numerator in workload(start, end).items():
    measures.define_measure(name, numerator=numerator)

# What the list of a practice is like, to set its work against.
age = patients.age_on(start)
measures.define_measure("list_under_5", numerator=age < 5)
measures.define_measure("list_65_and_over", numerator=age >= 65)
measures.define_measure("list_care_home", numerator=lives_in_care_home(start))
