# For editors: which series a column gives, by its declared type and by how many rows its table has. Python reads columns.py.
import datetime
from typing import Any, Generic, TypeVar, overload

from .basic_series import (
    BoolEventSeries,
    BoolPatientSeries,
    FloatEventSeries,
    FloatPatientSeries,
    IntEventSeries,
    IntPatientSeries,
    StrEventSeries,
    StrPatientSeries,
)
from .code_series import CodeFunctions, MultiCodeFunctions
from .codes import BaseCode
from .date_series import DateEventSeries, DatePatientSeries
from .frames import EventFrame, PatientFrame
from .series import EventSeries, PatientSeries

class CodePatientSeries(CodeFunctions, PatientSeries): ...
class CodeEventSeries(CodeFunctions, EventSeries): ...

P = TypeVar("P")
E = TypeVar("E")

class Series(Generic[P, E]):
    @overload
    def __new__(cls, type_: type[bool], **options: Any) -> Series[BoolPatientSeries, BoolEventSeries]: ...
    @overload
    def __new__(cls, type_: type[int], **options: Any) -> Series[IntPatientSeries, IntEventSeries]: ...
    @overload
    def __new__(cls, type_: type[float], **options: Any) -> Series[FloatPatientSeries, FloatEventSeries]: ...
    @overload
    def __new__(cls, type_: type[str], **options: Any) -> Series[StrPatientSeries, StrEventSeries]: ...
    @overload
    def __new__(cls, type_: type[datetime.date], **options: Any) -> Series[DatePatientSeries, DateEventSeries]: ...
    @overload
    def __new__(cls, type_: type[BaseCode], **options: Any) -> Series[CodePatientSeries, CodeEventSeries]: ...
    @overload
    def __get__(self, instance: PatientFrame, owner: Any) -> P: ...
    @overload
    def __get__(self, instance: EventFrame, owner: Any) -> E: ...
