"""The coding systems. A code is checked against the form of its system when it is compared, not when data is read."""

import re
from dataclasses import dataclass
from typing import ClassVar

from .._problems import literals as problems

# Where a code was read from, so that a malformed one can be traced to its codelist: code -> (file, row, column).
origins = {}


@dataclass(frozen=True)
class BaseCode:
    value: str

    regex: ClassVar[re.Pattern]
    example: ClassVar[str]

    def __post_init__(self):
        if not isinstance(self.value, str):
            raise problems.code_not_text(type(self).__name__, type(self.value).__name__)
        if not self.is_valid(self.value):
            raise problems.code_format(type(self).__name__, self.value, self.example, origins.get(self.value), self.is_valid)

    @classmethod
    def is_valid(cls, value):
        return cls.regex.fullmatch(value) is not None

    def _to_primitive_type(self):
        return self.value

    def __str__(self):
        return self.value


class SNOMEDCTCode(BaseCode):
    regex = re.compile(r"[1-9][0-9]{5,17}")
    example = "195967001"


class DMDCode(BaseCode):
    regex = re.compile(r"[1-9][0-9]{5,17}")
    example = "39113611000001102"


class CTV3Code(BaseCode):
    regex = re.compile(r"[0-9A-Za-z]{5}|[0-9A-Za-z]{4}\.|[0-9A-Za-z]{3}\.\.|[0-9A-Za-z]{2}\.\.\.")
    example = "H33.."


class ICD10Code(BaseCode):
    regex = re.compile(r"[A-Z][0-9]{2}(?:X[0-9]?|[0-9]{0,2})")
    example = "J45"


class OPCS4Code(BaseCode):
    regex = re.compile(r"[A-HJ-Z][0-9]{2,3}")
    example = "K401"


class BNFCode(BaseCode):
    regex = re.compile(r"[01][0-9]{6}[0-9A-Z]{2}(?:[A-Z][0-9A-Z]){3}|2[0-3][0-9]{9}")
    example = "0301011R0AAAAAA"


@dataclass(frozen=True)
class BaseMultiCodeString:
    """Several codes in one text. Only `contains` and `contains_any_of` look inside; a prefix is enough."""

    value: str

    regex: ClassVar[re.Pattern]
    code_class: ClassVar[type]

    def __post_init__(self):
        if not isinstance(self.value, str):
            raise problems.code_not_text(type(self).__name__, type(self.value).__name__)
        if not self.is_valid(self.value):
            example = self.code_class.example
            raise problems.code_format(
                type(self).__name__, self.value, example, origins.get(self.value), self.is_valid
            )

    @classmethod
    def is_valid(cls, value):
        return cls.regex.fullmatch(value) is not None

    def _to_primitive_type(self):
        return self.value


class ICD10MultiCodeString(BaseMultiCodeString):
    regex = re.compile(r"[A-Z](?:[0-9]{0,4}|[0-9]{2}X[0-9]?)")
    code_class = ICD10Code


class OPCS4MultiCodeString(BaseMultiCodeString):
    regex = re.compile(r"[A-HJ-Z][0-9]{0,3}")
    code_class = OPCS4Code


CODE_CLASSES = {c.__name__: c for c in (SNOMEDCTCode, DMDCode, CTV3Code, ICD10Code, OPCS4Code, BNFCode)}
MULTI_CODE_CLASSES = {c.__name__: c for c in (ICD10MultiCodeString, OPCS4MultiCodeString)}
