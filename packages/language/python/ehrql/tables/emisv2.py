"""The tables of `emisv2`. Generated from tables.json by generate.py; changes here are lost."""

import datetime

from .._language.constraints import Constraint
from .._language.columns import Series
from .._language.frames import EventFrame
from .._language.tables import table
from ..tables import _methods
from ..tables.core import clinical_events, medications, patients

__all__ = [
    "clinical_events",
    "medications",
    "patients",
    "addresses",
    "practice_registrations",
]


@table
class addresses(_methods.AddressDates, EventFrame):
    start_date = Series(datetime.date)
    end_date = Series(datetime.date, dummy_data_constraints=[Constraint.DateAfter(["start_date"])])
    imd_rounded = Series(int, constraints=[Constraint.ClosedRange(minimum=0, maximum=32800, step=100)])
    msoa_code = Series(str, constraints=[Constraint.Regex("E020[0-9]{5}")])


@table
class practice_registrations(_methods.RegistrationDates, EventFrame):
    start_date = Series(datetime.date, constraints=[Constraint.NotNull()])
    end_date = Series(datetime.date, dummy_data_constraints=[Constraint.Categorical([None])])
