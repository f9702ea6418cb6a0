"""The tables of `emis`. Generated from tables.json by generate.py; changes here are lost."""

import datetime

from ..codes import SNOMEDCTCode
from .._language.constraints import Constraint
from .._language.columns import Series
from .._language.frames import EventFrame, PatientFrame
from .._language.tables import table
from ..tables import _methods
from ..tables.core import clinical_events, medications, ons_deaths

__all__ = [
    "clinical_events",
    "medications",
    "ons_deaths",
    "patients",
    "practice_registrations",
    "vaccinations",
]


@table
class patients(_methods.PatientsWithRegistration, PatientFrame):
    date_of_birth = Series(datetime.date, constraints=[Constraint.FirstOfMonth(), Constraint.NotNull()])
    sex = Series(str, constraints=[Constraint.Categorical(["female", "male", "unknown"]), Constraint.NotNull()])
    date_of_death = Series(datetime.date)
    registration_start_date = Series(datetime.date, constraints=[Constraint.NotNull()])
    registration_end_date = Series(datetime.date)
    practice_pseudo_id = Series(str, constraints=[Constraint.NotNull()])
    rural_urban_classification = Series(int, constraints=[Constraint.ClosedRange(minimum=1, maximum=8, step=1)])
    imd_rounded = Series(int, constraints=[Constraint.ClosedRange(minimum=0, maximum=32800, step=100)])


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
class vaccinations(EventFrame):
    date = Series(datetime.date)
    procedure_code = Series(SNOMEDCTCode)
