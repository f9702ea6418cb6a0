"""The tables of `tpp`. Generated from tables.json by generate.py; changes here are lost."""

import datetime

from ..codes import CTV3Code, DMDCode, ICD10Code, ICD10MultiCodeString, OPCS4Code, OPCS4MultiCodeString, SNOMEDCTCode
from .._language.constraints import Constraint
from .._language.columns import Series
from .._language.frames import EventFrame, PatientFrame
from .._language.tables import table
from ..tables import _methods
from ..tables.core import patients
from ..query_language import case, when

__all__ = [
    "patients",
    "addresses",
    "apcs",
    "apcs_cost",
    "appointments",
    "clinical_events",
    "clinical_events_ranges",
    "covid_therapeutics",
    "decision_support_values",
    "ec",
    "ec_cost",
    "emergency_care_attendances",
    "household_memberships_2020",
    "medications",
    "occupation_on_covid_vaccine_record",
    "ons_deaths",
    "opa",
    "opa_cost",
    "opa_diag",
    "opa_proc",
    "open_prompt",
    "parents",
    "practice_registrations",
    "sgss_covid_all_tests",
    "ukrr",
    "vaccinations",
    "wl_clockstops",
    "wl_openpathways",
    "ethnicity_from_sus",
]


@table
class addresses(_methods.Addresses, EventFrame):
    address_id = Series(int)
    start_date = Series(datetime.date)
    end_date = Series(datetime.date, dummy_data_constraints=[Constraint.DateAfter(["start_date"])])
    address_type = Series(int, constraints=[Constraint.Categorical([0, 1, 3])])
    rural_urban_classification = Series(int, constraints=[Constraint.ClosedRange(minimum=1, maximum=8, step=1)])
    imd_rounded = Series(int, constraints=[Constraint.ClosedRange(minimum=0, maximum=32800, step=100)])
    msoa_code = Series(str, constraints=[Constraint.Regex("E020[0-9]{5}")])
    has_postcode = Series(bool)
    care_home_is_potential_match = Series(bool)
    care_home_requires_nursing = Series(bool)
    care_home_does_not_require_nursing = Series(bool)


@table
class apcs(EventFrame):
    apcs_ident = Series(int, constraints=[Constraint.NotNull()])
    admission_date = Series(
        datetime.date,
        dummy_data_constraints=[
            Constraint.GeneralRange(minimum="2016-04-01", maximum=None, includes_minimum=True, includes_maximum=True),
        ],
    )
    discharge_date = Series(
        datetime.date,
        dummy_data_constraints=[
            Constraint.GeneralRange(minimum="2016-04-01", maximum=None, includes_minimum=True, includes_maximum=True),
            Constraint.DateAfter(["admission_date"]),
        ],
    )
    discharge_destination = Series(str)
    discharge_method = Series(str)
    spell_core_hrg_sus = Series(str)
    admission_method = Series(str)
    primary_diagnosis = Series(ICD10Code)
    secondary_diagnosis = Series(ICD10Code)
    all_diagnoses = Series(ICD10MultiCodeString)
    all_procedures = Series(OPCS4MultiCodeString)
    days_in_critical_care = Series(int)
    patient_classification = Series(str)


@table
class apcs_cost(EventFrame):
    apcs_ident = Series(int, constraints=[Constraint.NotNull()])
    grand_total_payment_mff = Series(float)
    tariff_initial_amount = Series(float)
    tariff_total_payment = Series(float)
    admission_date = Series(
        datetime.date,
        dummy_data_constraints=[
            Constraint.GeneralRange(minimum="2016-04-01", maximum=None, includes_minimum=True, includes_maximum=True),
        ],
    )
    discharge_date = Series(
        datetime.date,
        dummy_data_constraints=[
            Constraint.GeneralRange(minimum="2016-04-01", maximum=None, includes_minimum=True, includes_maximum=True),
            Constraint.DateAfter(["admission_date"]),
        ],
    )


@table
class appointments(EventFrame):
    class _meta:
        required_permission = "appointments"
        activation_filter_field = "booked_date"

    booked_date = Series(datetime.date)
    start_date = Series(datetime.date, dummy_data_constraints=[Constraint.DateAfter(["booked_date"])])
    seen_date = Series(datetime.date, dummy_data_constraints=[Constraint.DateAfter(["booked_date", "start_date"])])
    status = Series(
        str,
        constraints=[
            Constraint.Categorical([
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
            ]),
        ],
    )


@table
class clinical_events(EventFrame):
    class _meta:
        activation_filter_field = "date"

    date = Series(datetime.date)
    snomedct_code = Series(SNOMEDCTCode)
    ctv3_code = Series(CTV3Code)
    numeric_value = Series(float)
    consultation_id = Series(int)


@table
class clinical_events_ranges(EventFrame):
    class _meta:
        activation_filter_field = "date"

    date = Series(datetime.date)
    snomedct_code = Series(SNOMEDCTCode)
    ctv3_code = Series(CTV3Code)
    numeric_value = Series(float)
    lower_bound = Series(float)
    upper_bound = Series(float)
    comparator = Series(str, constraints=[Constraint.Categorical(["~", "=", ">=", ">", "<", "<="])])
    consultation_id = Series(int)


@table
class covid_therapeutics(EventFrame):
    class _meta:
        required_permission = "covid_therapeutics"

    covid_indication = Series(
        str,
        constraints=[Constraint.Categorical(["non_hospitalised", "hospitalised_with", "hospital_onset"])],
    )
    current_status = Series(
        str,
        constraints=[
            Constraint.Categorical(["Approved", "Treatment Complete", "Treatment Not Started", "Treatment Stopped"]),
        ],
    )
    intervention = Series(str)
    received = Series(datetime.date)
    region = Series(str)
    risk_cohort = Series(str)
    treatment_start_date = Series(datetime.date)


@table
class decision_support_values(_methods.DecisionSupportValues, EventFrame):
    calculation_date = Series(
        datetime.date,
        dummy_data_constraints=[Constraint.NotNull(), Constraint.Categorical(["2020-12-08"])],
    )
    numeric_value = Series(float)
    algorithm_description = Series(str)
    algorithm_version = Series(str)


@table
class ec(EventFrame):
    ec_ident = Series(int, constraints=[Constraint.NotNull()])
    arrival_date = Series(
        datetime.date,
        dummy_data_constraints=[
            Constraint.GeneralRange(minimum="2017-10-01", maximum=None, includes_minimum=True, includes_maximum=True),
        ],
    )
    sus_hrg_code = Series(str, constraints=[Constraint.Regex("[a-zA-Z]{2}[0-9]{2}[a-zA-Z]")])


@table
class ec_cost(EventFrame):
    ec_ident = Series(int, constraints=[Constraint.NotNull()])
    grand_total_payment_mff = Series(float)
    tariff_total_payment = Series(float)
    arrival_date = Series(
        datetime.date,
        dummy_data_constraints=[
            Constraint.GeneralRange(minimum="2017-10-01", maximum=None, includes_minimum=True, includes_maximum=True),
            Constraint.DateAfter(["ec_injury_date"]),
        ],
    )
    ec_decision_to_admit_date = Series(
        datetime.date,
        dummy_data_constraints=[
            Constraint.GeneralRange(minimum="2017-10-01", maximum=None, includes_minimum=True, includes_maximum=True),
            Constraint.DateAfter(["ec_injury_date", "arrival_date"]),
        ],
    )
    ec_injury_date = Series(
        datetime.date,
        dummy_data_constraints=[
            Constraint.GeneralRange(minimum="2017-10-01", maximum=None, includes_minimum=True, includes_maximum=True),
        ],
    )


@table
class emergency_care_attendances(EventFrame):
    id = Series(int, constraints=[Constraint.NotNull()])
    arrival_date = Series(
        datetime.date,
        dummy_data_constraints=[
            Constraint.GeneralRange(minimum="2017-10-01", maximum=None, includes_minimum=True, includes_maximum=True),
        ],
    )
    discharge_destination = Series(SNOMEDCTCode)
    diagnosis_01 = Series(SNOMEDCTCode)
    diagnosis_02 = Series(SNOMEDCTCode)
    diagnosis_03 = Series(SNOMEDCTCode)
    diagnosis_04 = Series(SNOMEDCTCode)
    diagnosis_05 = Series(SNOMEDCTCode)
    diagnosis_06 = Series(SNOMEDCTCode)
    diagnosis_07 = Series(SNOMEDCTCode)
    diagnosis_08 = Series(SNOMEDCTCode)
    diagnosis_09 = Series(SNOMEDCTCode)
    diagnosis_10 = Series(SNOMEDCTCode)
    diagnosis_11 = Series(SNOMEDCTCode)
    diagnosis_12 = Series(SNOMEDCTCode)
    diagnosis_13 = Series(SNOMEDCTCode)
    diagnosis_14 = Series(SNOMEDCTCode)
    diagnosis_15 = Series(SNOMEDCTCode)
    diagnosis_16 = Series(SNOMEDCTCode)
    diagnosis_17 = Series(SNOMEDCTCode)
    diagnosis_18 = Series(SNOMEDCTCode)
    diagnosis_19 = Series(SNOMEDCTCode)
    diagnosis_20 = Series(SNOMEDCTCode)
    diagnosis_21 = Series(SNOMEDCTCode)
    diagnosis_22 = Series(SNOMEDCTCode)
    diagnosis_23 = Series(SNOMEDCTCode)
    diagnosis_24 = Series(SNOMEDCTCode)


@table
class household_memberships_2020(PatientFrame):
    household_pseudo_id = Series(int)
    household_size = Series(int)


@table
class medications(EventFrame):
    class _meta:
        activation_filter_field = "date"

    date = Series(datetime.date)
    dmd_code = Series(DMDCode)
    consultation_id = Series(int)


@table
class occupation_on_covid_vaccine_record(EventFrame):
    class _meta:
        required_permission = "occupation_on_covid_vaccine_record"

    is_healthcare_worker = Series(bool)


@table
class ons_deaths(_methods.Deaths, PatientFrame):
    date = Series(
        datetime.date,
        dummy_data_constraints=[
            Constraint.GeneralRange(minimum="2019-02-01", maximum=None, includes_minimum=True, includes_maximum=True),
        ],
    )
    underlying_cause_of_death = Series(ICD10Code)
    cause_of_death_01 = Series(ICD10Code)
    cause_of_death_02 = Series(ICD10Code)
    cause_of_death_03 = Series(ICD10Code)
    cause_of_death_04 = Series(ICD10Code)
    cause_of_death_05 = Series(ICD10Code)
    cause_of_death_06 = Series(ICD10Code)
    cause_of_death_07 = Series(ICD10Code)
    cause_of_death_08 = Series(ICD10Code)
    cause_of_death_09 = Series(ICD10Code)
    cause_of_death_10 = Series(ICD10Code)
    cause_of_death_11 = Series(ICD10Code)
    cause_of_death_12 = Series(ICD10Code)
    cause_of_death_13 = Series(ICD10Code)
    cause_of_death_14 = Series(ICD10Code)
    cause_of_death_15 = Series(ICD10Code)
    place = Series(
        str,
        constraints=[
            Constraint.Categorical([
                "Care Home",
                "Elsewhere",
                "Home",
                "Hospice",
                "Hospital",
                "Other communal establishment",
            ]),
        ],
    )


@table
class opa(EventFrame):
    opa_ident = Series(int, constraints=[Constraint.NotNull()])
    appointment_date = Series(
        datetime.date,
        dummy_data_constraints=[
            Constraint.GeneralRange(minimum="2019-04-01", maximum=None, includes_minimum=True, includes_maximum=True),
            Constraint.DateAfter(["referral_request_received_date"]),
        ],
    )
    attendance_status = Series(str, constraints=[Constraint.Categorical(["5", "6", "7", "2", "3", "4", "0"])])
    consultation_medium_used = Series(
        str,
        constraints=[Constraint.Categorical(["01", "02", "03", "04", "05", "09", "10", "11", "98"])],
    )
    first_attendance = Series(str, constraints=[Constraint.Categorical(["1", "2", "3", "4", "5", "9"])])
    hrg_code = Series(str, constraints=[Constraint.Regex("[a-zA-Z]{2}[0-9]{2}[a-zA-Z]")])
    outcome_of_attendance = Series(str, constraints=[Constraint.Categorical(["1", "2", "3", "4", "5"])])
    referral_request_received_date = Series(
        datetime.date,
        dummy_data_constraints=[
            Constraint.GeneralRange(minimum="2019-04-01", maximum=None, includes_minimum=True, includes_maximum=True),
        ],
    )
    treatment_function_code = Series(str)


@table
class opa_cost(EventFrame):
    opa_ident = Series(int, constraints=[Constraint.NotNull()])
    tariff_opp = Series(float)
    grand_total_payment_mff = Series(float)
    tariff_total_payment = Series(float)
    appointment_date = Series(
        datetime.date,
        dummy_data_constraints=[
            Constraint.GeneralRange(minimum="2019-04-01", maximum=None, includes_minimum=True, includes_maximum=True),
            Constraint.DateAfter(["referral_request_received_date"]),
        ],
    )
    referral_request_received_date = Series(
        datetime.date,
        dummy_data_constraints=[
            Constraint.GeneralRange(minimum="2019-04-01", maximum=None, includes_minimum=True, includes_maximum=True),
        ],
    )


@table
class opa_diag(EventFrame):
    opa_ident = Series(int, constraints=[Constraint.NotNull()])
    primary_diagnosis_code = Series(ICD10Code)
    primary_diagnosis_code_read = Series(CTV3Code)
    secondary_diagnosis_code_1 = Series(ICD10Code)
    secondary_diagnosis_code_1_read = Series(CTV3Code)
    appointment_date = Series(
        datetime.date,
        dummy_data_constraints=[
            Constraint.GeneralRange(minimum="2019-04-01", maximum=None, includes_minimum=True, includes_maximum=True),
            Constraint.DateAfter(["referral_request_received_date"]),
        ],
    )
    referral_request_received_date = Series(
        datetime.date,
        dummy_data_constraints=[
            Constraint.GeneralRange(minimum="2019-04-01", maximum=None, includes_minimum=True, includes_maximum=True),
        ],
    )


@table
class opa_proc(EventFrame):
    opa_ident = Series(int, constraints=[Constraint.NotNull()])
    primary_procedure_code = Series(OPCS4Code)
    primary_procedure_code_read = Series(CTV3Code)
    procedure_code_2 = Series(OPCS4Code)
    procedure_code_2_read = Series(CTV3Code)
    appointment_date = Series(
        datetime.date,
        dummy_data_constraints=[
            Constraint.GeneralRange(minimum="2019-04-01", maximum=None, includes_minimum=True, includes_maximum=True),
            Constraint.DateAfter(["referral_request_received_date"]),
        ],
    )
    referral_request_received_date = Series(
        datetime.date,
        dummy_data_constraints=[
            Constraint.GeneralRange(minimum="2019-04-01", maximum=None, includes_minimum=True, includes_maximum=True),
        ],
    )


@table
class open_prompt(EventFrame):
    class _meta:
        required_permission = "open_prompt"

    ctv3_code = Series(CTV3Code, constraints=[Constraint.NotNull()])
    snomedct_code = Series(SNOMEDCTCode)
    creation_date = Series(datetime.date, constraints=[Constraint.NotNull()])
    consultation_date = Series(datetime.date, constraints=[Constraint.NotNull()])
    consultation_id = Series(int, constraints=[Constraint.NotNull()])
    numeric_value = Series(float)


@table
class parents(PatientFrame):
    mother_id = Series(int)


@table
class practice_registrations(_methods.RegistrationsWithSystmone, EventFrame):
    start_date = Series(datetime.date, constraints=[Constraint.NotNull()])
    end_date = Series(datetime.date, dummy_data_constraints=[Constraint.Categorical([None])])
    practice_pseudo_id = Series(
        int,
        constraints=[Constraint.NotNull()],
        dummy_data_constraints=[Constraint.ClosedRange(minimum=0, maximum=999, step=1)],
    )
    practice_stp = Series(str, constraints=[Constraint.Regex("E540000[0-9]{2}")])
    practice_nuts1_region_name = Series(
        str,
        constraints=[
            Constraint.Categorical([
                "North East",
                "North West",
                "Yorkshire and The Humber",
                "East Midlands",
                "West Midlands",
                "East",
                "London",
                "South East",
                "South West",
            ]),
        ],
    )
    practice_systmone_go_live_date = Series(datetime.date)


@table
class sgss_covid_all_tests(EventFrame):
    class _meta:
        required_permission = "sgss_covid_all_tests"

    specimen_taken_date = Series(
        datetime.date,
        constraints=[Constraint.NotNull()],
        dummy_data_constraints=[
            Constraint.GeneralRange(minimum="2020-01-01", maximum=None, includes_minimum=True, includes_maximum=True),
        ],
    )
    is_positive = Series(bool, constraints=[Constraint.NotNull()])
    lab_report_date = Series(
        datetime.date,
        constraints=[Constraint.NotNull()],
        dummy_data_constraints=[
            Constraint.GeneralRange(minimum="2020-01-01", maximum=None, includes_minimum=True, includes_maximum=True),
            Constraint.DateAfter(["specimen_taken_date"]),
        ],
    )
    was_symptomatic = Series(bool)
    sgtf_status = Series(int, constraints=[Constraint.ClosedRange(minimum=0, maximum=9, step=1)])
    variant = Series(str)
    variant_detection_method = Series(
        str,
        constraints=[
            Constraint.Categorical(["Private Lab Sequencing", "Reflex Assay", "Sanger Provisional Result"]),
        ],
    )


@table
class ukrr(EventFrame):
    class _meta:
        required_permission = "ukrr"

    dataset = Series(
        str,
        constraints=[
            Constraint.Categorical(["2019_prevalence", "2020_prevalence", "2021_prevalence", "2020_incidence", "2020_ckd"]),
        ],
    )
    renal_centre = Series(str)
    rrt_start_date = Series(datetime.date)
    latest_creatinine = Series(float)
    latest_egfr = Series(float)
    treatment_modality_start = Series(str)
    treatment_modality_prevalence = Series(str)


@table
class vaccinations(EventFrame):
    class _meta:
        activation_filter_field = "date"

    vaccination_id = Series(int)
    date = Series(datetime.date)
    target_disease = Series(str)
    product_name = Series(str)


@table
class wl_clockstops(EventFrame):
    class _meta:
        required_permission = "waiting_list"

    activity_treatment_function_code = Series(str, constraints=[Constraint.Regex("[a-zA-Z0-9]{3}")])
    priority_type_code = Series(str, constraints=[Constraint.Categorical(["routine", "urgent", "two week wait"])])
    pseudo_organisation_code_patient_pathway_identifier_issuer = Series(str)
    pseudo_patient_pathway_identifier = Series(str)
    pseudo_referral_identifier = Series(str)
    referral_request_received_date = Series(datetime.date)
    referral_to_treatment_period_end_date = Series(
        datetime.date,
        dummy_data_constraints=[Constraint.DateAfter(["referral_to_treatment_period_start_date"])],
    )
    referral_to_treatment_period_start_date = Series(datetime.date)
    source_of_referral_for_outpatients = Series(str)
    waiting_list_type = Series(
        str,
        constraints=[Constraint.Categorical(["ORTT", "IRTT", "PTLO", "PTLI", "RTTO", "RTTI"])],
    )
    week_ending_date = Series(datetime.date)


@table
class wl_openpathways(EventFrame):
    class _meta:
        required_permission = "waiting_list"

    activity_treatment_function_code = Series(str, constraints=[Constraint.Regex("[a-zA-Z0-9]{3}")])
    current_pathway_period_start_date = Series(datetime.date)
    priority_type_code = Series(str, constraints=[Constraint.Categorical(["routine", "urgent", "two week wait"])])
    pseudo_organisation_code_patient_pathway_identifier_issuer = Series(str)
    pseudo_patient_pathway_identifier = Series(str)
    pseudo_referral_identifier = Series(str)
    referral_request_received_date = Series(datetime.date)
    referral_to_treatment_period_end_date = Series(
        datetime.date,
        dummy_data_constraints=[Constraint.DateAfter(["referral_to_treatment_period_start_date"])],
    )
    referral_to_treatment_period_start_date = Series(datetime.date)
    source_of_referral = Series(str, constraints=[Constraint.Regex("[a-zA-Z0-9]{2}")])
    waiting_list_type = Series(
        str,
        constraints=[Constraint.Categorical(["ORTT", "IRTT", "ONON", "INON", "PTLO", "PTLI", "RTTO", "RTTI"])],
    )
    week_ending_date = Series(datetime.date)


@table
class ethnicity_from_sus(PatientFrame):
    code = Series(
        str,
        constraints=[
            Constraint.Categorical(["A", "B", "C", "D", "E", "F", "G", "H", "J", "K", "L", "M", "N", "P", "R", "S"]),
        ],
    )
