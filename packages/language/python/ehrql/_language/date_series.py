"""Date series, and the difference of two dates."""

from .._model import series as model
from .._problems import literals as literal_problems
from .._problems import series as problems
from .series import EventSeries, OrderedAggregations, OrderedFunctions, PatientSeries
from .wrapping import is_series, node_beside, series_class, wrap


class DateFunctions(OrderedFunctions):
    @property
    def year(self):
        return self._unary("year")

    @property
    def month(self):
        return self._unary("month")

    @property
    def day(self):
        return self._unary("day")

    def to_first_of_year(self):
        return self._unary("to_first_of_year")

    def to_first_of_month(self):
        return self._unary("to_first_of_month")

    def is_before(self, other):
        return self._compare("lt", other, "is_before()")

    def is_on_or_before(self, other):
        return self._compare("le", other, "is_on_or_before()")

    def is_after(self, other):
        return self._compare("gt", other, "is_after()")

    def is_on_or_after(self, other):
        return self._compare("ge", other, "is_on_or_after()")

    def is_between_but_not_on(self, start, end):
        return self._between("gt", start, "lt", end, "is_between_but_not_on()")

    def is_on_or_between(self, start, end):
        return self._between("ge", start, "le", end, "is_on_or_between()")

    def is_during(self, interval):
        """Whether the date is in a pair of dates, both ends included."""
        try:
            start, end = interval
        except (TypeError, ValueError):
            raise literal_problems.interval_pair("is_during()") from None
        return self._between("ge", start, "le", end, "is_during()")

    def _compare(self, kind, other, operation):
        return wrap(model.binary(kind, self._node, node_beside(other, "date", operation)))

    def _between(self, after, start, before, end, operation):
        left = self._compare(after, start, operation)._node
        right = self._compare(before, end, operation)._node
        return wrap(model.binary("and", left, right))

    def __add__(self, other):
        return other._added_to(self, 1) if hasattr(other, "_added_to") else super().__add__(other)

    def __radd__(self, other):
        return self + other if hasattr(other, "_added_to") else super().__radd__(other)

    def __sub__(self, other):
        if hasattr(other, "_added_to"):
            return other._added_to(self, -1)
        if _is_date(other):
            return DateDifference(self._node, node_beside(other, "date", "-"))
        return super().__sub__(other)

    def __rsub__(self, other):
        if _is_date(other):
            return DateDifference(node_beside(other, "date", "-"), self._node)
        return super().__rsub__(other)


def _is_date(value):
    return value._type == "date" if is_series(value) else isinstance(value, str) or hasattr(value, "isoformat")


class DateDifference:
    """`end - start`, before a unit is chosen. Whole units, rounded down: a day earlier is -1 in every unit."""

    _is_date_difference = True
    __hash__ = None

    def __init__(self, end, start):
        self._end = end
        self._start = start
        # Dates of unrelated rows fail here, on the line of the subtraction.
        model.binary("difference_in_days", end, start)

    def _in(self, unit):
        return wrap(model.binary(f"difference_in_{unit}", self._end, self._start))

    @property
    def days(self):
        return self._in("days")

    @property
    def weeks(self):
        return self._in("days") // 7

    @property
    def months(self):
        return self._in("months")

    @property
    def years(self):
        return self._in("years")

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        raise problems.unknown_unit(name)

    def _needs_unit(self, *_):
        raise problems.date_difference_unit()

    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = _needs_unit
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __floordiv__ = _needs_unit


class DateEpisodes:
    def count_episodes_for_patient(self, maximum_gap):
        """How many runs of dates in which no gap is longer than `maximum_gap`, which is `days(n)` or `weeks(n)`."""
        days = maximum_gap._literal_days() if hasattr(maximum_gap, "_literal_days") else None
        if days is None:
            found = f"{maximum_gap._unit}(...)" if hasattr(maximum_gap, "_unit") else type(maximum_gap).__name__
            raise literal_problems.episode_gap(found)
        return wrap(model.count_episodes(self._node, days))


@series_class("date", True)
class DatePatientSeries(DateFunctions, PatientSeries):
    pass


@series_class("date", False)
class DateEventSeries(DateFunctions, DateEpisodes, OrderedAggregations, EventSeries):
    pass
