"""The rule for names of columns, event tables, measures and groups."""

import re

from .._problems import definitions as problems

_NAME = re.compile(r"[A-Za-z]+[A-Za-z0-9_]*")


def check_name(name, kind, reserved, used):
    """Raises an AttributeError that says which rule the name breaks. Names that differ only in case are different."""
    if name in reserved:
        raise problems.reserved_name(name, kind)
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise problems.malformed_name(name, kind)
    if name in used:
        raise problems.name_used(name, kind)
