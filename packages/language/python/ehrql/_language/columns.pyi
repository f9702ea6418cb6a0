# For editors: which series a column gives, by its declared type and by how many rows its table has. Python reads columns.py.
import datetime
from typing import Any, Generic, TypeVar, overload

from .codes import (
    BNFCode,
    CTV3Code,
    DMDCode,
    ICD10Code,
    ICD10MultiCodeString,
    OPCS4Code,
    OPCS4MultiCodeString,
    SNOMEDCTCode,
)
from .frames import EventFrame, PatientFrame
from .series_types import *

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
    def __new__(cls, type_: type[SNOMEDCTCode], **options: Any) -> Series[SNOMEDCTCodePatientSeries, SNOMEDCTCodeEventSeries]: ...
    @overload
    def __new__(cls, type_: type[DMDCode], **options: Any) -> Series[DMDCodePatientSeries, DMDCodeEventSeries]: ...
    @overload
    def __new__(cls, type_: type[CTV3Code], **options: Any) -> Series[CTV3CodePatientSeries, CTV3CodeEventSeries]: ...
    @overload
    def __new__(cls, type_: type[ICD10Code], **options: Any) -> Series[ICD10CodePatientSeries, ICD10CodeEventSeries]: ...
    @overload
    def __new__(cls, type_: type[OPCS4Code], **options: Any) -> Series[OPCS4CodePatientSeries, OPCS4CodeEventSeries]: ...
    @overload
    def __new__(cls, type_: type[BNFCode], **options: Any) -> Series[BNFCodePatientSeries, BNFCodeEventSeries]: ...
    @overload
    def __new__(cls, type_: type[ICD10MultiCodeString], **options: Any) -> Series[ICD10MultiCodeStringPatientSeries, ICD10MultiCodeStringEventSeries]: ...
    @overload
    def __new__(cls, type_: type[OPCS4MultiCodeString], **options: Any) -> Series[OPCS4MultiCodeStringPatientSeries, OPCS4MultiCodeStringEventSeries]: ...
    @overload
    def __get__(self, instance: PatientFrame, owner: Any) -> P: ...
    @overload
    def __get__(self, instance: EventFrame, owner: Any) -> E: ...
