"""`get_parameter(...)`: values that follow ` -- ` on the command line, as `--name value`, `--name=value` or
`--name value value`. Parameters that no definition asks for are ignored."""

import re
import sys
from typing import Any

from .._problems import definitions as problems

_BOOLS = {"true": True, "1": True, "false": False, "0": False}
_NUMBER = re.compile(r"-\d*\.?\d+")


# Any, for editors: which type comes back is said by a value.
def get_parameter(name: str, type: Any = str, default: Any = None) -> Any:
    """One value, or a list when several were given. Without a value and a default, raises ParameterError."""
    if type not in (str, int, float, bool):
        raise problems.parameter_type(getattr(type, "__name__", repr(type)))
    given = _parse(sys.argv[1:])
    values = given.get(name.removeprefix("--"))
    if not values:
        if default is None:
            raise problems.parameter_missing(name, list(given))
        return default
    read = [_read(name, type, value) for value in values]
    return read[0] if len(read) == 1 else read


def _parse(words):
    given, current = {}, None
    for word in words:
        if word.startswith("--") and len(word) > 2:
            name, has_value, value = word[2:].partition("=")
            current = given.setdefault(name, [])
            if has_value:
                current.append(value)
                current = None
        elif current is not None and (not word.startswith("-") or _NUMBER.fullmatch(word) or word == "-"):
            current.append(word)
        else:
            current = None
    return given


def _read(name, type, value):
    try:
        return _BOOLS[value.lower()] if type is bool else type(value)
    except (KeyError, ValueError):
        raise problems.parameter_value(name, type.__name__, value) from None
