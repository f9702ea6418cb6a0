"""A hundred measures over as many weeks as asked for, by 2 or by 11 characteristics of the patient.

Made for `npm run bench:measures -- --hundred`. The codelists are those of the example study, cut into pieces, so that
every measure counts events of its own.
"""

import sys

from ehrql import INTERVAL, case, claim_permissions, codelist_from_csv, create_measures, weeks, when
from ehrql.tables.tpp import (
    addresses,
    appointments,
    clinical_events,
    medications,
    patients,
    practice_registrations,
)

claim_permissions("appointments")

group_count, week_count = int(sys.argv[1]), int(sys.argv[2])
start, end = INTERVAL.start_date, INTERVAL.end_date

CONDITIONS = ["asthma", "copd", "diabetes", "hypertension", "depression"]
EVENTS = [
    "acute-respiratory", "back-pain", "urinary-tract-infection", "gastroenteritis", "respiratory-symptoms",
    "consultation-face-to-face", "consultation-remote", "consultation-home-visit", "covid", "influenza", "asthma",
    "chronic-kidney-disease", "hypertension", "diabetes", "depression",
]
DRUGS = [
    "antihistamines", "oral-prednisolone", "reliever-inhalers", "antibiotics-urinary", "antibiotics-penicillins",
    "antibiotics-macrolides",
]
STATUSES = ["Arrived", "Finished", "Did Not Attend", "Cancelled by Patient", "Cancelled by Unit", "Booked", "Visit"]


def codes(name):
    return codelist_from_csv(f"codelists/wp-{name}.csv", column="code")


def pieces(names, count):
    """The codes of all these lists, in so many pieces of about the same length."""
    every = sorted({code for name in names for code in codes(name)})
    return [every[at::count] for at in range(count)]


def happened(table, column, codelist):
    return table.where(getattr(table, column).is_in(codelist) & table.date.is_on_or_between(start, end))


def has(name):
    return clinical_events.where(
        clinical_events.snomedct_code.is_in(codes(name)) & clinical_events.date.is_before(start)
    ).exists_for_patient()


age = patients.age_on(start)
address = addresses.for_patient_on(start)
practice = practice_registrations.for_patient_on(start)
groups = {
    "sex": patients.sex,
    "age_band": case(
        when(age < 18).then("0-17"), when(age < 40).then("18-39"), when(age < 65).then("40-64"), otherwise="65+"
    ),
    "imd_quintile": address.imd_quintile,
    "region": practice.practice_nuts1_region_name,
    "rural": address.rural_urban_classification >= 5,
    "care_home": address.care_home_is_potential_match.when_null_then(False),
    **{name: has(name) for name in CONDITIONS},
}

measures = create_measures()
measures.configure_disclosure_control(enabled=False)
measures.define_defaults(
    denominator=practice.exists_for_patient() & patients.is_alive_on(start),
    group_by=dict(list(groups.items())[:group_count]),
    intervals=weeks(week_count).starting_on("2022-01-03"),
)

for at, codelist in enumerate(pieces(EVENTS, 60)):
    events = happened(clinical_events, "snomedct_code", codelist)
    measures.define_measure(
        f"event_{at}", numerator=events.count_for_patient() if at % 2 else events.exists_for_patient()
    )
for at, codelist in enumerate(pieces(DRUGS, 26)):
    measures.define_measure(
        f"drug_{at}", numerator=happened(medications, "dmd_code", codelist).count_for_patient()
    )
for at, status in enumerate(STATUSES):
    due = appointments.where(appointments.start_date.is_on_or_between(start, end) & (appointments.status == status))
    measures.define_measure(f"due_{at}", numerator=due.count_for_patient())
    measures.define_measure(f"due_any_{at}", numerator=due.exists_for_patient())
