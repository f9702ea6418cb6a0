"""The tables of `raw.core`. Generated from tables.json by generate.py; changes here are lost."""

import datetime

from ...codes import ICD10Code
from ..._language.columns import Series
from ..._language.frames import EventFrame
from ..._language.tables import table

__all__ = [
    "ons_deaths",
]


@table
class ons_deaths(EventFrame):
    class _meta:
        table_name = "ons_deaths_raw"

    date = Series(datetime.date)
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
