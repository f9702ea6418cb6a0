"""The tables of `smoketest`. Generated from tables.json by generate.py; changes here are lost."""

import datetime

from .._language.constraints import Constraint
from .._language.columns import Series
from .._language.frames import PatientFrame
from .._language.tables import table

__all__ = [
    "patients",
]


@table
class patients(PatientFrame):
    date_of_birth = Series(datetime.date, constraints=[Constraint.FirstOfMonth(), Constraint.NotNull()])
