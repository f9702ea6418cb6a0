"""`days(n)`, `weeks(n)`, `months(n)`, `years(n)`: amounts of time to add to dates, and lists of intervals.

With a literal date and a literal number the sum is worked out at once and gives a `datetime.date`.
"""

import datetime

from .._model import calendar
from .._model import series as model
from .._problems import literals as problems
from .._problems.base import a
from .literals import to_date
from .wrapping import is_series, node_beside, wrap

_ADD = {"days": calendar.add_days, "months": calendar.add_months, "years": calendar.add_years}


class Duration:
    """A number of units; the number is an int or an int series."""

    __hash__ = None

    def __init__(self, value, unit):
        is_int = isinstance(value, int) and not isinstance(value, bool)
        if not is_int and not (is_series(value) and value._type == "int"):
            raise problems.duration_argument(
                unit, f"{value._type} series" if is_series(value) else type(value).__name__
            )
        self._value = value
        self._unit = unit

    def __repr__(self):
        return f"{self._unit}({self._value!r})"

    def _base(self):
        """The amount in the unit that dates are counted in: a week is seven days."""
        return (self._value * 7, "days") if self._unit == "weeks" else (self._value, self._unit)

    def _literal_days(self):
        amount, unit = self._base()
        return amount if unit == "days" and isinstance(amount, int) else None

    def _added_to(self, date, sign):
        """The date, a literal or a series, plus (or with sign -1 minus) this duration."""
        amount, unit = self._base()
        amount = amount if sign == 1 else -amount
        if not is_series(date) and not is_series(amount):
            return self._literal_sum(to_date(date), amount, unit)
        kind = f"add_{unit}"
        return wrap(model.binary(kind, node_beside(date, "date", "+"), node_beside(amount, "int", f"{unit}()")))

    @staticmethod
    def _literal_sum(date, amount, unit):
        try:
            return _ADD[unit](date, amount)
        except (OverflowError, ValueError):
            raise problems.date_out_of_range() from None

    def __add__(self, other):
        if isinstance(other, Duration):
            return self._joined(other, "+", 1)
        if _is_date(other):
            return self._added_to(other, 1)
        raise problems.duration_with("+", self._unit, type(other).__name__)

    __radd__ = __add__

    def __sub__(self, other):
        if isinstance(other, Duration):
            return self._joined(other, "-", -1)
        if _is_date(other):
            raise problems.duration_minus_date(self._unit)
        raise problems.duration_with("-", self._unit, type(other).__name__)

    def __rsub__(self, other):
        if _is_date(other):
            return self._added_to(other, -1)
        raise problems.duration_with("-", self._unit, type(other).__name__)

    def _joined(self, other, operator, sign):
        if self._unit != other._unit:
            raise problems.duration_units(f"{self._unit}(...)", f"{other._unit}(...)", operator)
        return Duration(self._value + other._value if sign == 1 else self._value - other._value, self._unit)

    def __mul__(self, other):
        raise problems.duration_times(self._unit)

    __rmul__ = __truediv__ = __floordiv__ = __mul__

    def __neg__(self):
        return Duration(-self._value, self._unit)

    def __eq__(self, other):
        """A bool, or a bool series when a number is a series. Different units are never equal."""
        if not isinstance(other, Duration) or other._unit != self._unit:
            return False
        return self._value == other._value

    def __ne__(self, other):
        if not isinstance(other, Duration) or other._unit != self._unit:
            return True
        return self._value != other._value

    def starting_on(self, date: str | datetime.date) -> list[tuple[datetime.date, datetime.date]]:
        """As many consecutive intervals of one unit, the first of which starts on the date.

        Gives a list of (first day, last day). Each is counted from the date itself, so month ends don't drift.
        """
        start, count = self._interval_arguments(date, "starting_on")
        return [(self._step(start, k), self._step(start, k + 1) - _ONE_DAY) for k in range(count)]

    def ending_on(self, date: str | datetime.date) -> list[tuple[datetime.date, datetime.date]]:
        """As many consecutive intervals of one unit, the last of which ends on the date."""
        end, count = self._interval_arguments(date, "ending_on")
        return [(self._step(end, -k - 1) + _ONE_DAY, self._step(end, -k)) for k in reversed(range(count))]

    def _interval_arguments(self, date, method):
        if is_series(self._value):
            raise problems.intervals_from_series(method)
        if not isinstance(date, (str, datetime.date)):
            raise problems.intervals_date(method, "a series" if is_series(date) else a(type(date).__name__))
        if self._value < 0:
            raise problems.intervals_negative(method)
        return to_date(date), self._value

    def _step(self, date, count):
        unit, size = ("days", 7) if self._unit == "weeks" else (self._unit, 1)
        return self._literal_sum(date, count * size, unit)


_ONE_DAY = datetime.timedelta(days=1)


def _is_date(value):
    return value._type == "date" if is_series(value) else isinstance(value, (str, datetime.date))


def days(value):
    return Duration(value, "days")


def weeks(value):
    return Duration(value, "weeks")


def months(value):
    """A day that doesn't exist in the month reached becomes the first of the next month."""
    return Duration(value, "months")


def years(value):
    """29 February becomes 1 March in a common year."""
    return Duration(value, "years")
