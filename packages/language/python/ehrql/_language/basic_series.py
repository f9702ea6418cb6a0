"""Bool, number and str series."""

from .._model import series as model
from .series import EventSeries, OrderedAggregations, OrderedFunctions, PatientSeries
from .wrapping import node_beside, series_class, wrap


class BoolFunctions:
    """Three-valued logic: NULL is "not known", so `True | NULL` is True and `True & NULL` is NULL."""

    def __and__(self, other):
        return self._binary("and", other)

    def __rand__(self, other):
        return self._reflected("and", other)

    def __or__(self, other):
        return self._binary("or", other)

    def __ror__(self, other):
        return self._reflected("or", other)

    def __invert__(self):
        return self._unary("not")

    def as_int(self):
        """1 for True, 0 for False, NULL for NULL."""
        return self._unary("cast_to_int")


class NumberFunctions(OrderedFunctions):
    def __neg__(self):
        return self._unary("negate")

    def __add__(self, other):
        return self._binary("add", other)

    def __radd__(self, other):
        return self._reflected("add", other)

    def __sub__(self, other):
        return self._binary("subtract", other)

    def __rsub__(self, other):
        return self._reflected("subtract", other)

    def __mul__(self, other):
        return self._binary("multiply", other)

    def __rmul__(self, other):
        return self._reflected("multiply", other)

    def __truediv__(self, other):
        """A float; NULL when the divisor is 0."""
        return self._binary("true_divide", other)

    def __rtruediv__(self, other):
        return self._reflected("true_divide", other)

    def __floordiv__(self, other):
        """An int, rounded down; NULL when the divisor is 0."""
        return self._binary("floor_divide", other)

    def __rfloordiv__(self, other):
        return self._reflected("floor_divide", other)

    def __pow__(self, other):
        return self._binary("power", other)

    def __rpow__(self, other):
        return self._reflected("power", other)

    def absolute(self):
        return self._unary("absolute")

    def as_int(self):
        """Rounded towards zero."""
        return self._unary("cast_to_int")

    def as_float(self):
        return self._unary("cast_to_float")


class NumberAggregations(OrderedAggregations):
    def sum_for_patient(self):
        """NULL, not 0, when there are no values."""
        return wrap(model.aggregate("sum", self._node))

    def mean_for_patient(self):
        return wrap(model.aggregate("mean", self._node))


class StrFunctions(OrderedFunctions):
    def contains(self, other):
        """Whether the text holds `other`, letter for letter."""
        return wrap(model.binary("contains", self._node, node_beside(other, "str", "contains()")))


@series_class("bool", True)
class BoolPatientSeries(BoolFunctions, PatientSeries):
    pass


@series_class("bool", False)
class BoolEventSeries(BoolFunctions, EventSeries):
    pass


@series_class("int", True)
class IntPatientSeries(NumberFunctions, PatientSeries):
    pass


@series_class("int", False)
class IntEventSeries(NumberFunctions, NumberAggregations, EventSeries):
    pass


@series_class("float", True)
class FloatPatientSeries(NumberFunctions, PatientSeries):
    pass


@series_class("float", False)
class FloatEventSeries(NumberFunctions, NumberAggregations, EventSeries):
    pass


@series_class("str", True)
class StrPatientSeries(StrFunctions, PatientSeries):
    pass


@series_class("str", False)
class StrEventSeries(StrFunctions, OrderedAggregations, EventSeries):
    pass
