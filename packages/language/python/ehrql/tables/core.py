"""The tables of `core`. Generated from tables.json by generate.py; changes here are lost."""

import datetime

from ..codes import DMDCode, ICD10Code, SNOMEDCTCode
from .._language.constraints import Constraint
from .._language.columns import Series
from .._language.frames import EventFrame, PatientFrame
from .._language.tables import table
from ..tables import _methods

__all__ = [
    "patients",
    "practice_registrations",
    "ons_deaths",
    "clinical_events",
    "medications",
]


@table
class patients(_methods.Patients, PatientFrame):
    date_of_birth = Series(datetime.date, constraints=[Constraint.FirstOfMonth(), Constraint.NotNull()])
    sex = Series(
        str,
        constraints=[Constraint.Categorical(["female", "male", "intersex", "unknown"]), Constraint.NotNull()],
    )
    date_of_death = Series(datetime.date)


@table
class practice_registrations(_methods.Registrations, EventFrame):
    start_date = Series(datetime.date, constraints=[Constraint.NotNull()])
    end_date = Series(datetime.date, dummy_data_constraints=[Constraint.Categorical([None])])
    practice_pseudo_id = Series(
        int,
        constraints=[Constraint.NotNull()],
        dummy_data_constraints=[Constraint.ClosedRange(minimum=0, maximum=999, step=1)],
    )


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


@table
class clinical_events(EventFrame):
    class _meta:
        activation_filter_field = "date"

    date = Series(datetime.date)
    snomedct_code = Series(SNOMEDCTCode)
    numeric_value = Series(float)


@table
class medications(EventFrame):
    class _meta:
        activation_filter_field = "date"

    date = Series(datetime.date)
    dmd_code = Series(DMDCode)
