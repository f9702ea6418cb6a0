"""The tables of `raw.tpp`. Generated from tables.json by generate.py; changes here are lost."""

import datetime

from ...codes import DMDCode, ICD10Code
from ..._language.constraints import Constraint
from ..._language.columns import Series
from ..._language.frames import EventFrame
from ..._language.tables import table

__all__ = [
    "isaric",
    "medications",
    "repeat_medications",
    "ons_deaths",
    "wl_clockstops",
    "wl_openpathways",
    "apcs_historical",
    "apcs_cost_historical",
]


@table
class isaric(EventFrame):
    class _meta:
        table_name = "isaric_raw"
        required_permission = "isaric"

    age = Series(str)
    age_factor = Series(str)
    calc_age = Series(str)
    sex = Series(str)
    ethnic___1 = Series(str)
    ethnic___2 = Series(str)
    ethnic___3 = Series(str)
    ethnic___4 = Series(str)
    ethnic___5 = Series(str)
    ethnic___6 = Series(str)
    ethnic___7 = Series(str)
    ethnic___8 = Series(str)
    ethnic___9 = Series(str)
    ethnic___10 = Series(str)
    covid19_vaccine = Series(str)
    covid19_vaccined = Series(datetime.date)
    covid19_vaccine2d = Series(datetime.date)
    covid19_vaccined_nk = Series(str)
    corona_ieorres = Series(str)
    coriona_ieorres2 = Series(str)
    coriona_ieorres3 = Series(str)
    inflammatory_mss = Series(str)
    cestdat = Series(datetime.date)
    chrincard = Series(str, constraints=[Constraint.Categorical(["YES", "NO", "Unknown"])])
    hypertension_mhyn = Series(str, constraints=[Constraint.Categorical(["YES", "NO", "Unknown"])])
    chronicpul_mhyn = Series(str, constraints=[Constraint.Categorical(["YES", "NO", "Unknown"])])
    asthma_mhyn = Series(str, constraints=[Constraint.Categorical(["YES", "NO", "Unknown"])])
    renal_mhyn = Series(str, constraints=[Constraint.Categorical(["YES", "NO", "Unknown"])])
    mildliver = Series(str, constraints=[Constraint.Categorical(["YES", "NO", "Unknown"])])
    modliv = Series(str, constraints=[Constraint.Categorical(["YES", "NO", "Unknown"])])
    chronicneu_mhyn = Series(str, constraints=[Constraint.Categorical(["YES", "NO", "Unknown"])])
    malignantneo_mhyn = Series(str, constraints=[Constraint.Categorical(["YES", "NO", "Unknown"])])
    chronichaemo_mhyn = Series(str, constraints=[Constraint.Categorical(["YES", "NO", "Unknown"])])
    aidshiv_mhyn = Series(str, constraints=[Constraint.Categorical(["YES", "NO", "Unknown"])])
    obesity_mhyn = Series(str, constraints=[Constraint.Categorical(["YES", "NO", "Unknown"])])
    diabetes_type_mhyn = Series(str, constraints=[Constraint.Categorical(["NO", "1", "2", "N/K"])])
    diabetescom_mhyn = Series(str, constraints=[Constraint.Categorical(["YES", "NO", "Unknown"])])
    diabetes_mhyn = Series(str, constraints=[Constraint.Categorical(["YES", "NO", "Unknown"])])
    rheumatologic_mhyn = Series(str, constraints=[Constraint.Categorical(["YES", "NO", "Unknown"])])
    dementia_mhyn = Series(str, constraints=[Constraint.Categorical(["YES", "NO", "Unknown"])])
    malnutrition_mhyn = Series(str, constraints=[Constraint.Categorical(["YES", "NO", "Unknown"])])
    smoking_mhyn = Series(
        str,
        constraints=[Constraint.Categorical(["Yes", "Never Smoked", "Former Smoker", "N/K"])],
    )
    hostdat = Series(datetime.date)
    hooccur = Series(str)
    hostdat_transfer = Series(datetime.date)
    hostdat_transfernk = Series(str)
    readm_cov19 = Series(str)
    dsstdat = Series(datetime.date)
    dsstdtc = Series(datetime.date)


@table
class medications(EventFrame):
    class _meta:
        table_name = "medications_raw"
        activation_filter_field = "date"

    date = Series(datetime.date)
    dmd_code = Series(DMDCode)
    consultation_id = Series(int)
    medication_status = Series(int, constraints=[Constraint.ClosedRange(minimum=0, maximum=28, step=1)])
    quantity = Series(str)
    repeat_medication_id = Series(int)


@table
class repeat_medications(EventFrame):
    class _meta:
        table_name = "repeat_medications_raw"
        activation_filter_field = "date"

    date = Series(datetime.date)
    dmd_code = Series(DMDCode)
    consultation_id = Series(int)
    repeat_medication_id = Series(int)
    medication_status = Series(int, constraints=[Constraint.ClosedRange(minimum=0, maximum=28, step=1)])
    quantity = Series(str)
    start_date = Series(datetime.date)
    end_date = Series(datetime.date)


@table
class ons_deaths(EventFrame):
    class _meta:
        table_name = "ons_deaths_raw"

    date = Series(datetime.date)
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


@table
class wl_clockstops(EventFrame):
    class _meta:
        table_name = "wl_clockstops_raw"
        required_permission = "waiting_list"

    activity_treatment_function_code = Series(str)
    priority_type_code = Series(str)
    pseudo_organisation_code_patient_pathway_identifier_issuer = Series(str)
    pseudo_patient_pathway_identifier = Series(str)
    pseudo_referral_identifier = Series(str)
    referral_request_received_date = Series(str)
    referral_to_treatment_period_end_date = Series(str)
    referral_to_treatment_period_start_date = Series(str)
    source_of_referral_for_outpatients = Series(str)
    waiting_list_type = Series(str)
    week_ending_date = Series(str)


@table
class wl_openpathways(EventFrame):
    class _meta:
        table_name = "wl_openpathways_raw"
        required_permission = "waiting_list"

    activity_treatment_function_code = Series(str)
    current_pathway_period_start_date = Series(str)
    priority_type_code = Series(str)
    pseudo_organisation_code_patient_pathway_identifier_issuer = Series(str)
    pseudo_patient_pathway_identifier = Series(str)
    pseudo_referral_identifier = Series(str)
    referral_request_received_date = Series(str)
    referral_to_treatment_period_end_date = Series(str)
    referral_to_treatment_period_start_date = Series(str)
    source_of_referral = Series(str)
    waiting_list_type = Series(str)
    week_ending_date = Series(str)


@table
class apcs_historical(EventFrame):
    apcs_ident = Series(int, constraints=[Constraint.NotNull()])
    admission_date = Series(datetime.date)
    discharge_date = Series(datetime.date)
    spell_core_hrg_sus = Series(str)


@table
class apcs_cost_historical(EventFrame):
    apcs_ident = Series(int, constraints=[Constraint.NotNull()])
    grand_total_payment_mff = Series(float)
    tariff_initial_amount = Series(float)
    tariff_total_payment = Series(float)
    admission_date = Series(datetime.date)
    discharge_date = Series(datetime.date)
