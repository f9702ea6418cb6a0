"""Reads what a researcher writes as a value: which type it is on its own, and what it means next to a series of some type.

The rule that surprises: an int is fine next to a float series, a float next to an int series is not. True and False are
Python ints, so next to a float series they count as 1.0 and 0.0.
"""

import datetime
import re

from .._model.types import ALL_TYPES
from .._problems import frames as frame_problems
from .._problems import literals as problems
from .._problems import series as series_problems
from .codes import CODE_CLASSES, MULTI_CODE_CLASSES, BaseCode, BaseMultiCodeString

_PYTHON_TYPES = {
    bool: "bool",
    int: "int",
    float: "float",
    str: "str",
    datetime.date: "date",
    **{cls: name for name, cls in {**CODE_CLASSES, **MULTI_CODE_CLASSES}.items()},
}
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def type_name(python_type):
    """The model's name of a type that is given as a Python class, as in `Series(int)`."""
    name = _PYTHON_TYPES.get(python_type) if isinstance(python_type, type) else None
    if name not in ALL_TYPES:
        found = getattr(python_type, "__name__", None) or type(python_type).__name__
        raise frame_problems.column_type(f"`{found}`")
    return name


def is_literal(value):
    return isinstance(value, (bool, int, float, str, datetime.date, BaseCode, BaseMultiCodeString))


def literal_type(value):
    """The type that a literal has on its own; None when it is no literal."""
    if isinstance(value, datetime.datetime):
        raise problems.datetime_given()
    # bool before int: a bool is a Python int.
    for python_type, name in _PYTHON_TYPES.items():
        if isinstance(value, python_type):
            return name
    return None


def plain(value):
    """The value as the model holds it: codes as text."""
    if isinstance(value, int) and not isinstance(value, bool):
        return _to_int(value)
    if isinstance(value, str):
        return _to_text(value)
    return value._to_primitive_type() if isinstance(value, (BaseCode, BaseMultiCodeString)) else value


def to_date(value):
    """A literal date from a date or text `YYYY-MM-DD`."""
    if isinstance(value, datetime.datetime):
        raise problems.datetime_given()
    if isinstance(value, datetime.date):
        return value
    if not _DATE.fullmatch(value):
        raise problems.date_format(value)
    try:
        return datetime.date.fromisoformat(value)
    except ValueError:
        raise problems.date_not_real(value) from None


def _to_int(value):
    # What databases hold.
    if not -(2**63) <= value < 2**63:
        raise problems.int_range()
    return int(value)


def _to_text(value):
    # A member of an enum of texts is its text; `str()` of it is its name.
    return str.__str__(value)


def _to_float(value):
    try:
        return float(value)
    except OverflowError:
        raise problems.int_range() from None


def convert(value, type, operation):
    """The literal as a value of the type of the series beside it.

    Raises a problem that names the operation when the literal can't be one.
    """
    if isinstance(value, BaseCode) and type not in (value.__class__.__name__,):
        raise problems.other_code_system(operation, type, value.__class__.__name__)
    if type == "bool" and isinstance(value, bool):
        return value
    if type == "int" and isinstance(value, int) and not isinstance(value, bool):
        return _to_int(value)
    if type == "float" and isinstance(value, (int, float)):
        return _to_float(value)
    if type == "str" and isinstance(value, str):
        return _to_text(value)
    if type == "date" and isinstance(value, (str, datetime.date)):
        return to_date(value)
    if type in CODE_CLASSES:
        if isinstance(value, BaseCode):
            return value.value
        if isinstance(value, str):
            # Codelists have thousands: only a malformed code is worth an object, which says what is wrong with it.
            return _to_text(value) if CODE_CLASSES[type].is_valid(value) else CODE_CLASSES[type](value)
    raise series_problems.literal_type(operation, type, value)
