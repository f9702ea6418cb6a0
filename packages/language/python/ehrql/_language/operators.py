"""Every Python operator on every series, with a clear refusal where a type has no meaning for it.

Without these Python would answer with the names of internal classes, and for `a == 1 | b == 2` with a riddle: `|` binds
tighter than `==`, so it is `1 | b` that fails.
"""

from .._problems import series as problems
from .literals import literal_type
from .wrapping import is_frame, is_interval, is_literal, is_series, refuse_non_value


def describe(value):
    """What an operand is, in a few words."""
    if is_series(value):
        return f"{'an' if value._type[0] in 'iIO' else 'a'} {value._type} series"
    if hasattr(value, "_unit"):
        return f"{value._unit}(...)"
    if is_literal(value):
        return f"the {literal_type(value)} {value!r}"
    return type(value).__name__


def _refuse(symbol, is_reflected=False):
    def refused(self, other):
        if is_frame(other) or is_interval(other) or (isinstance(other, tuple) and len(other) == 1) or callable(other):
            refuse_non_value(other, symbol)
        left, right = (other, self) if is_reflected else (self, other)
        raise problems.operator_not_supported(symbol, describe(left), describe(right))

    return refused


class RefusedOperators:
    """The base of all series; the classes of each type override what they support."""

    __add__, __radd__ = _refuse("+"), _refuse("+", True)
    __sub__, __rsub__ = _refuse("-"), _refuse("-", True)
    __mul__, __rmul__ = _refuse("*"), _refuse("*", True)
    __truediv__, __rtruediv__ = _refuse("/"), _refuse("/", True)
    __floordiv__, __rfloordiv__ = _refuse("//"), _refuse("//", True)
    __pow__, __rpow__ = _refuse("**"), _refuse("**", True)
    __mod__, __rmod__ = _refuse("%"), _refuse("%", True)
    __and__, __rand__ = _refuse("&"), _refuse("&", True)
    __or__, __ror__ = _refuse("|"), _refuse("|", True)
    __xor__, __rxor__ = _refuse("^"), _refuse("^", True)

    def __invert__(self):
        raise problems.operator_not_supported("~", describe(self), None)

    def __neg__(self):
        raise problems.operator_not_supported("-", describe(self), None)

    def __abs__(self):
        raise problems.abs_builtin()

    def __int__(self):
        raise problems.converted("int()", ".as_int()")

    def __index__(self):
        raise problems.converted("an int of Python", None)

    def __float__(self):
        raise problems.converted("float()", ".as_float()")

    def __round__(self, _=None):
        raise problems.converted("round()", ".as_int()")

    def __bool__(self):
        raise problems.truth_value()

    def __iter__(self):
        raise problems.loop_over_series()

    __len__ = __iter__

    def __contains__(self, _):
        raise problems.membership_in_series()

    def __lt__(self, other):
        raise problems.no_order(self._type, "<")

    def __le__(self, other):
        raise problems.no_order(self._type, "<=")

    def __gt__(self, other):
        raise problems.no_order(self._type, ">")

    def __ge__(self, other):
        raise problems.no_order(self._type, ">=")
