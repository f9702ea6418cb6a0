"""The names of the language in one module, as studies import them."""

from ._language.basic_series import (
    BoolEventSeries,
    BoolPatientSeries,
    FloatEventSeries,
    FloatPatientSeries,
    IntEventSeries,
    IntPatientSeries,
    StrEventSeries,
    StrPatientSeries,
)
from ._language.cases import case, maximum_of, minimum_of, when
from ._language.code_series import *  # noqa: F403 - one class for each code type and number of rows
from ._language.columns import Series
from ._language.constraints import Constraint
from ._language.datasets import Dataset, create_dataset
from ._language.date_series import DateDifference, DateEventSeries, DatePatientSeries
from ._language.durations import Duration, days, months, weeks, years
from ._language.frames import BaseFrame, EventFrame, PatientFrame
from ._language.parameters import get_parameter
from ._language.permissions import claim_permissions
from ._language.series import BaseSeries, EventSeries, PatientSeries
from ._language.show import show
from ._language.tables import table, table_from_file, table_from_rows
from ._problems.base import Error, ParameterError
