"""`create_measures()`: rates of a numerator over a denominator, by group, for each of a list of intervals.

The population of a measure is its denominator; there is no other.
"""

import datetime
from dataclasses import dataclass
from typing import NamedTuple

from .._model import series as model
from .._problems import definitions as problems
from .._problems.base import a
from .basic_series import BoolPatientSeries, IntPatientSeries
from .datasets import patient_node
from .date_series import DatePatientSeries
from .dummy_data import UNSET, dummy_data_options
from .durations import Duration
from .names import check_name
from .operators import describe
from .wrapping import is_series, wrap

_RESERVED_GROUPS = frozenset({"measure", "numerator", "denominator", "ratio", "interval_start", "interval_end"})


class Interval(NamedTuple):
    """A first and a last day, both included."""

    start_date: DatePatientSeries
    end_date: DatePatientSeries


INTERVAL = Interval(
    start_date=wrap(model.parameter("interval_start_date")), end_date=wrap(model.parameter("interval_end_date"))
)


@dataclass(frozen=True, eq=False)
class Measure:
    name: str
    numerator: BoolPatientSeries | IntPatientSeries
    denominator: BoolPatientSeries | IntPatientSeries
    group_by: dict
    intervals: tuple


class Measures:
    """What one run of `generate-measures` gives."""

    def __init__(self):
        self._measures = {}
        self._defaults = None
        self._groups = {}
        self._dummy_data = {}
        self._disclosure_control = True

    def define_measure(self, name, numerator=None, denominator=None, group_by=None, intervals=None):
        """Adds a measure; what is left out comes from `define_defaults`."""
        if name in self._measures:
            raise problems.measure_name_used(name)
        check_name(name, "measure", (), ())
        parts = {"numerator": numerator, "denominator": denominator, "group_by": group_by, "intervals": intervals}
        defaults = self._defaults or {}
        parts = {part: defaults.get(part) if value is None else value for part, value in parts.items()}
        for part in ("numerator", "denominator", "intervals"):
            if parts[part] is None:
                raise problems.measure_missing(name, part)
        checked = _checked(parts)
        for group, series in checked["group_by"].items():
            if self._groups.setdefault(group, series._node) is not series._node:
                raise problems.group_by_differs(group)
        self._measures[name] = Measure(name, **checked)

    def define_defaults(self, numerator=None, denominator=None, group_by=None, intervals=None):
        """Parts for the measures defined after it; called once."""
        if self._defaults is not None:
            raise problems.defaults_again()
        parts = {"numerator": numerator, "denominator": denominator, "group_by": group_by, "intervals": intervals}
        # Checked here as well, so that a mistake is found on this line.
        self._defaults = _checked({part: value for part, value in parts.items() if value is not None})

    def configure_dummy_data(
        self, *, population_size=UNSET, legacy=UNSET, timeout=UNSET, additional_population_constraint=UNSET
    ):
        """How much dummy data to make, and within what time; see `dummy_data_options`."""
        self._dummy_data = dummy_data_options(population_size, legacy, timeout, additional_population_constraint)

    def configure_disclosure_control(self, *, enabled=True):
        """Whether small counts are suppressed and others rounded."""
        self._disclosure_control = bool(enabled)

    def __iter__(self):
        return iter(self._measures.values())

    def __len__(self):
        return len(self._measures)


def _checked(parts):
    checked = {}
    for part in ("numerator", "denominator"):
        if part in parts:
            node = patient_node(parts[part], part)
            if node.type not in ("bool", "int"):
                raise problems.series_type(part, "bool or int", node.type)
            checked[part] = parts[part]
    if "group_by" in parts:
        checked["group_by"] = _group_by(parts["group_by"])
    if "intervals" in parts:
        checked["intervals"] = _intervals(parts["intervals"])
    return checked


def _group_by(group_by):
    if group_by is None:
        return {}
    if not isinstance(group_by, dict):
        raise problems.group_by_type(describe(group_by) if is_series(group_by) else a(type(group_by).__name__))
    for name, series in group_by.items():
        check_name(name, "group", _RESERVED_GROUPS, ())
        patient_node(series, f"group_by: {name}")
    return dict(group_by)


class _Checked(tuple):
    """Intervals that were checked once already, as a default."""


def _intervals(intervals):
    """Distinct pairs, ascending."""
    if isinstance(intervals, Duration):
        raise problems.intervals_duration(intervals._unit)
    if isinstance(intervals, _Checked):
        return intervals
    if not isinstance(intervals, list):
        raise problems.intervals_type(a(type(intervals).__name__))
    for interval in intervals:
        if not _is_pair(interval):
            raise problems.intervals_pair(_describe(interval))
        if interval[0] > interval[1]:
            raise problems.intervals_reversed(*interval)
    return _Checked(sorted(set(intervals)))


def _is_pair(interval):
    return (
        isinstance(interval, tuple)
        and len(interval) == 2
        and all(isinstance(d, datetime.date) and not isinstance(d, datetime.datetime) for d in interval)
    )


def _describe(interval):
    if isinstance(interval, tuple):
        return f"({', '.join(type(part).__name__ for part in interval)})"
    return a(type(interval).__name__)


def create_measures():
    return Measures()
