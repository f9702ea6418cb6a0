"""Appointments of every status, dated in four ways, week by week from autumn to spring.

An appointment has up to three dates, and which of them are filled in depends on what became of it. Counting by each of
them, and by the day that the patient was seen or else expected, shows how much the choice matters.
"""

from ehrql import INTERVAL, claim_permissions, create_measures
from ehrql.tables.tpp import appointments, patients, practice_registrations

# Found from the project's folder: this file lies one folder further down than the module.
from analysis.study_dates import APPOINTMENT_WEEKS

claim_permissions("appointments")

STATUSES = [
    "Booked",
    "Arrived",
    "Did Not Attend",
    "In Progress",
    "Finished",
    "Requested",
    "Blocked",
    "Visit",
    "Waiting",
    "Cancelled by Patient",
    "Cancelled by Unit",
    "Cancelled by Other Service",
    "No Access Visit",
    "Cancelled Due To Death",
    "Patient Walked Out",
]

DATES = {
    "booked": appointments.booked_date,
    "start": appointments.start_date,
    "seen": appointments.seen_date,
    "seen_or_start": appointments.seen_date.when_null_then(appointments.start_date),
}

was_registered = practice_registrations.spanning(INTERVAL.start_date, INTERVAL.end_date).exists_for_patient()
was_alive = patients.date_of_death.is_after(INTERVAL.start_date) | patients.date_of_death.is_null()

measures = create_measures()
measures.configure_dummy_data(population_size=1000)
# People look at this file, so that small numbers are suppressed and the others rounded as it is written.
measures.configure_disclosure_control(enabled=True)
measures.define_defaults(denominator=was_registered & was_alive, intervals=APPOINTMENT_WEEKS)

for date_name, date in DATES.items():
    for status in STATUSES:
        status_name = status.lower().replace(" ", "_")
        measures.define_measure(
            f"{date_name}__{status_name}",
            numerator=appointments.where(date.is_during(INTERVAL) & (appointments.status == status)).count_for_patient(),
        )
