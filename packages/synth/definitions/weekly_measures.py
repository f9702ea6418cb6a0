"""Counts and rates by week, by sex, age band and practice."""
from ehrql import INTERVAL, case, claim_permissions, create_measures, weeks, when
from ehrql.tables.tpp import appointments, clinical_events, patients, practice_registrations

claim_permissions("appointments")
measures = create_measures()
age = patients.age_on(INTERVAL.start_date)
registered = practice_registrations.for_patient_on(INTERVAL.start_date)
seen = appointments.where(appointments.start_date.is_during(INTERVAL))
measures.define_defaults(
    denominator=registered.exists_for_patient() & (age >= 0) & (age < 110),
    group_by={
        "sex": patients.sex,
        "age_band": case(when(age < 18).then("child"), when(age < 65).then("adult"), otherwise="older"),
    },
    intervals=weeks(20).starting_on("2022-01-03"),
)
measures.define_measure("appointments", numerator=seen.count_for_patient())
measures.define_measure("any_appointment", numerator=seen.exists_for_patient())
measures.define_measure(
    "respiratory",
    numerator=clinical_events.where(clinical_events.date.is_during(INTERVAL))
    .where(clinical_events.snomedct_code.is_in(["195967001", "54150009", "82272006"]))
    .exists_for_patient(),
)
measures.define_measure("by_practice", numerator=seen.exists_for_patient(), group_by={"practice": registered.practice_pseudo_id})
