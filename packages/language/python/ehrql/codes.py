"""Coding systems and codelists."""

from ._language.codelists import codelist_from_csv, codelist_from_csv_lines
from ._language.codes import (
    BaseCode,
    BNFCode,
    CTV3Code,
    DMDCode,
    ICD10Code,
    ICD10MultiCodeString,
    OPCS4Code,
    OPCS4MultiCodeString,
    SNOMEDCTCode,
)
from ._problems.base import CodelistError

__all__ = [
    "BNFCode",
    "BaseCode",
    "CTV3Code",
    "CodelistError",
    "DMDCode",
    "ICD10Code",
    "ICD10MultiCodeString",
    "OPCS4Code",
    "OPCS4MultiCodeString",
    "SNOMEDCTCode",
    "codelist_from_csv",
    "codelist_from_csv_lines",
]
