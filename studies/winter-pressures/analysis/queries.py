"""Queries that the definitions share.

Each takes the days that it is about, so that the same query serves a measure (INTERVAL.start_date,
INTERVAL.end_date) and a dataset (fixed dates). Days at both ends count.
"""

from ehrql import case, days, when, years
from ehrql.tables.tpp import (
    addresses,
    appointments,
    clinical_events,
    medications,
    opa_cost,
    patients,
    practice_registrations,
    vaccinations,
)

from codelist_definition import *

# Statuses of an appointment that took place.
ATTENDED = ["Arrived", "In Progress", "Finished", "Visit", "Waiting", "Patient Walked Out"]

# As the vaccination table spells them.
VACCINES = {
    "influenza": "INFLUENZA",
    "covid": "SARS-2 CORONAVIRUS",
    "pneumococcal": "PNEUMOCOCCAL",
}


# Who is in the study ------------------------------------------------------------------------------------------------


def is_in_study(start, end):
    """Alive on the first day, registered with one practice throughout, and of recorded age and sex."""
    age = patients.age_on(start)
    was_alive = patients.date_of_death.is_after(start) | patients.date_of_death.is_null()
    was_registered = practice_registrations.spanning(start, end).exists_for_patient()
    return (
        was_registered
        & was_alive
        & patients.sex.is_in(["female", "male"])
        & (age >= 0)
        & (age < 110)
    )


# Who they are -------------------------------------------------------------------------------------------------------


def age_band(date):
    age = patients.age_on(date)
    return case(
        when((age >= 0) & (age < 5)).then("0-4"),
        when((age >= 5) & (age < 18)).then("5-17"),
        when((age >= 18) & (age < 40)).then("18-39"),
        when((age >= 40) & (age < 65)).then("40-64"),
        when((age >= 65) & (age < 80)).then("65-79"),
        when((age >= 80) & (age < 110)).then("80+"),
    )


def rural_urban(date):
    """The eight classes of the census in two: 1 to 4 are conurbations, cities and towns."""
    classification = addresses.for_patient_on(date).rural_urban_classification
    return case(
        when(classification <= 4).then("urban"),
        when(classification <= 8).then("rural"),
        otherwise="unknown",
    )


def lives_in_care_home(date):
    address = addresses.for_patient_on(date)
    return (
        address.care_home_is_potential_match
        | address.care_home_requires_nursing
        | address.care_home_does_not_require_nursing
    ).when_null_then(False)


def region(date):
    return practice_registrations.for_patient_on(date).practice_nuts1_region_name.when_null_then("unknown")


def last_event_date(codelist, before):
    """The day of the latest of these codes, before this day."""
    return (
        clinical_events.where(clinical_events.snomedct_code.is_in(codelist))
        .where(clinical_events.date.is_before(before))
        .sort_by(clinical_events.date)
        .last_for_patient()
        .date
    )


def has_condition(name, date):
    """The condition was recorded before this day, and not recorded as over since."""
    diagnosis_codes, resolved_codes = conditions[name]
    diagnosed = last_event_date(diagnosis_codes, date)
    resolved = last_event_date(resolved_codes, date)
    return (diagnosed.is_not_null() & (resolved.is_null() | (resolved < diagnosed))).when_null_then(False)


def condition_count(flags):
    """How many of these are so, as a band."""
    count = 0
    for flag in flags:
        count = count + flag.as_int()
    return case(
        when(count == 0).then("none"),
        when(count == 1).then("one"),
        when(count == 2).then("two"),
        when(count >= 3).then("three or more"),
    )


def vaccinated_within_a_year(disease, date):
    """A vaccination against this disease in the twelve months before this day."""
    return (
        vaccinations.where(vaccinations.target_disease == VACCINES[disease])
        .where(vaccinations.date.is_on_or_between(date - years(1), date - days(1)))
        .exists_for_patient()
    )


# What happened ------------------------------------------------------------------------------------------------------


def events_during(codelist, start, end):
    return clinical_events.where(
        clinical_events.snomedct_code.is_in(codelist) & clinical_events.date.is_on_or_between(start, end)
    )


def prescriptions_during(codelist, start, end):
    return medications.where(
        medications.dmd_code.is_in(codelist) & medications.date.is_on_or_between(start, end)
    )


def appointments_during(start, end):
    """Appointments that were due to start in these days, whatever became of them."""
    return appointments.where(appointments.start_date.is_on_or_between(start, end))


def attended_during(start, end):
    """Appointments that took place, by the day on which the patient was seen."""
    return appointments.where(appointments.status.is_in(ATTENDED)).where(
        appointments.seen_date.is_on_or_between(start, end)
    )


def waited(frame, more_than_days):
    """Of these appointments, those that were booked more than so many days ahead."""
    return frame.where((frame.start_date - frame.booked_date).days > more_than_days)


def outpatient_attendances_during(start, end):
    return opa_cost.where(opa_cost.appointment_date.is_on_or_between(start, end))


def outpatient_referrals_during(start, end):
    return opa_cost.where(opa_cost.referral_request_received_date.is_on_or_between(start, end))


def workload(start, end):
    """The numerators of both measure files: name -> what happened to a patient in these days.

    Counts where one patient can need the practice several times, otherwise whether it happened at all.
    """
    due = appointments_during(start, end)
    attended = attended_during(start, end)
    # Kept on the table, so that a dataset can reuse it beside the measures.
    appointments.attended_previous_week = attended_during(start - days(7), start - days(1))
    respiratory = events_during(acute_respiratory_codes, start, end)

    measures = {
        # Appointments
        "appointments_booked": appointments.where(
            appointments.booked_date.is_on_or_between(start, end)
        ).count_for_patient(),
        "appointments_due": due.count_for_patient(),
        "appointments_attended": attended.count_for_patient(),
        "appointments_not_attended": due.where(due.status == "Did Not Attend").count_for_patient(),
        "appointments_cancelled_by_patient": due.where(due.status == "Cancelled by Patient").count_for_patient(),
        "appointments_cancelled_by_practice": due.where(
            due.status.is_in(["Cancelled by Unit", "Cancelled by Other Service"])
        ).count_for_patient(),
        "appointments_same_day": due.where(due.start_date == due.booked_date).count_for_patient(),
        "appointments_waited_over_week": waited(due, 7).count_for_patient(),
        "appointments_waited_over_month": waited(due, 28).count_for_patient(),
        "follow_up_within_week": attended.exists_for_patient()
        & appointments.attended_previous_week.exists_for_patient(),
        "attended_three_or_more": attended.count_for_patient() >= 3,
        # Consultations
        "consultations_face_to_face": events_during(face_to_face_codes, start, end).count_for_patient(),
        "consultations_remote": events_during(remote_codes, start, end).count_for_patient(),
        "consultations_home_visit": events_during(home_visit_codes, start, end).count_for_patient(),
        # Reasons that rise in winter
        "upper_respiratory_infection": events_during(upper_respiratory_codes, start, end).exists_for_patient(),
        "lower_respiratory_infection": events_during(lower_respiratory_codes, start, end).exists_for_patient(),
        "bronchiolitis": events_during(bronchiolitis_codes, start, end).exists_for_patient(),
        "pneumonia": events_during(pneumonia_codes, start, end).exists_for_patient(),
        "influenza": events_during(influenza_codes, start, end).exists_for_patient(),
        "covid": events_during(covid_codes, start, end).exists_for_patient(),
        "respiratory_symptoms": events_during(respiratory_symptom_codes, start, end).exists_for_patient(),
        "asthma_exacerbation": events_during(asthma_exacerbation_codes, start, end).exists_for_patient(),
        "copd_exacerbation": events_during(copd_exacerbation_codes, start, end).exists_for_patient(),
        "acute_respiratory": respiratory.exists_for_patient(),
        "acute_respiratory_seen_same_day": respiratory.where(
            respiratory.date.is_in(attended.seen_date)
        ).exists_for_patient(),
        # Reasons that should not
        "back_pain": events_during(back_pain_codes, start, end).exists_for_patient(),
        "urinary_tract_infection": events_during(urinary_tract_infection_codes, start, end).exists_for_patient(),
        "gastroenteritis": events_during(gastroenteritis_codes, start, end).exists_for_patient(),
        # Prescriptions
        "reliever_inhalers": prescriptions_during(reliever_inhaler_codes, start, end).count_for_patient(),
        "oral_prednisolone": prescriptions_during(oral_prednisolone_codes, start, end).count_for_patient(),
        "antihistamines": prescriptions_during(antihistamine_codes, start, end).count_for_patient(),
        "urinary_antibiotics": prescriptions_during(urinary_antibiotic_codes, start, end).count_for_patient(),
    }

    # Antibiotics one by one and together
    total = 0
    for family, codelist in antibiotic_codes.items():
        count = prescriptions_during(codelist, start, end).count_for_patient()
        measures[f"antibiotics_{family}"] = count
        total = total + count
    measures["antibiotics_respiratory"] = total

    every_antibiotic = [code for codelist in antibiotic_codes.values() for code in codelist]
    prescribed = prescriptions_during(every_antibiotic, start, end)
    measures["antibiotic_on_day_of_respiratory_event"] = prescribed.where(
        prescribed.date.is_in(respiratory.date)
    ).exists_for_patient()

    # Work that the practice hands on
    measures["outpatient_referrals"] = outpatient_referrals_during(start, end).count_for_patient()
    measures["outpatient_attendances"] = outpatient_attendances_during(start, end).count_for_patient()
    return measures
