"""Evaluates a patient series for one patient about whom no table holds anything.

A population that is true for such a patient has no natural set of patients to start from, so it is refused. The answer
comes from evaluation, not from the shape of the expression: `sex.is_not_in(["male"])` is NULL here and fine.
"""

import math

from . import calendar
from .node import in_order

_FROM_NOTHING = {"exists": False, "count": 0, "count_distinct": 0, "count_episodes": 0, "combine_as_set": frozenset()}


def evaluate(series):
    """The value of a patient series; None is NULL."""
    results = {}
    for node in in_order([series]):
        # Series with a value per row have no rows here, and only aggregations look at them.
        results[node] = _value(node, results)
    return results[series]


def _value(node, results):
    kind = node.kind
    if kind == "value":
        return node["value"]
    if kind == "value_set":
        return frozenset(node["values"])
    if kind in _FROM_NOTHING:
        return _FROM_NOTHING[kind]
    if kind == "case":
        for condition, result in node["cases"]:
            if results[condition] is True:
                return None if result is None else results[result]
        return None if node["otherwise"] is None else results[node["otherwise"]]
    if kind in ("maximum_of", "minimum_of"):
        known = [results[source] for source in node["sources"] if results[source] is not None]
        return (max if kind == "maximum_of" else min)(known) if known else None
    if kind in ("and", "or"):
        left, right = results[node["left"]], results[node["right"]]
        decisive = kind == "or"
        if left is decisive or right is decisive:
            return decisive
        return None if left is None or right is None else not decisive
    if kind == "in":
        left, right = results[node["left"]], results[node["right"]]
        return False if not right else None if left is None else left in right
    if kind == "is_null":
        return results[node["source"]] is None
    function = _FUNCTIONS.get(kind)
    if function is None:
        return None
    arguments = [results[child] for child in node.children]
    if any(argument is None for argument in arguments):
        return None
    try:
        return function(*arguments)
    except (ArithmeticError, ValueError):
        # Out of the range of dates or floats: whatever an engine makes of it, it isn't a reason to select a patient.
        return None


def _power(base, exponent):
    result = float(base) ** float(exponent)
    return result if isinstance(result, float) else None


_FUNCTIONS = {
    "not": lambda x: not x,
    "negate": lambda x: -x,
    "absolute": abs,
    "cast_to_int": int,
    "cast_to_float": float,
    "year": lambda x: x.year,
    "month": lambda x: x.month,
    "day": lambda x: x.day,
    "to_first_of_year": lambda x: x.replace(month=1, day=1),
    "to_first_of_month": lambda x: x.replace(day=1),
    "eq": lambda a, b: a == b,
    "ne": lambda a, b: a != b,
    "lt": lambda a, b: a < b,
    "le": lambda a, b: a <= b,
    "gt": lambda a, b: a > b,
    "ge": lambda a, b: a >= b,
    "add": lambda a, b: a + b,
    "subtract": lambda a, b: a - b,
    "multiply": lambda a, b: a * b,
    "true_divide": lambda a, b: a / b,
    "floor_divide": lambda a, b: math.floor(a // b),
    "power": _power,
    "add_days": calendar.add_days,
    "add_months": calendar.add_months,
    "add_years": calendar.add_years,
    "difference_in_days": calendar.difference_in_days,
    "difference_in_months": calendar.difference_in_months,
    "difference_in_years": calendar.difference_in_years,
    "contains": lambda text, part: part in text,
}
