"""Tables, and rows chosen from them. A frame is one node in Python clothes.

Frames are ordinary Python objects: studies set attributes on them, even over a column, and read them back. `where` gives
the same class, so the methods of a table stay; picking one row keeps columns and properties and loses the methods.
"""

from typing import TYPE_CHECKING, Any, Self, cast

from .._model import frames as model
from .._model import series as series_model
from .._problems import frames as problems
from .columns import Series
from .wrapping import is_frame, is_series, node_beside, refuse_non_value, wrap

if TYPE_CHECKING:
    from .basic_series import BoolPatientSeries, IntPatientSeries


class BaseFrame:
    _is_frame = True
    # By identity: studies look tables up in dicts.
    __hash__ = object.__hash__

    def __init__(self, node):
        self._node = node

    def _select_column(self, name):
        return wrap(series_model.select_column(self._node, name))

    @classmethod
    def _column_names(cls):
        return [name for name in dir(cls) if isinstance(getattr(cls, name, None), Series)]

    def _describe(self):
        return type(self).__name__

    def __repr__(self):
        return f"<rows of {self._describe()}>"

    # Any, for editors: studies set attributes of their own on tables.
    def __getattr__(self, name) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        columns = [column[0] for column in self._node.root["columns"]]
        methods = [n for n in dir(type(self)) if not n.startswith("_") and n not in columns]
        raise problems.unknown_name(self._describe(), name, columns, methods, self._reason(name))

    def _reason(self, name):
        """Why a name that exists elsewhere is missing here."""
        return None

    def exists_for_patient(self) -> "BoolPatientSeries":
        """Whether the patient has any of these rows; never NULL."""
        return cast("BoolPatientSeries", wrap(series_model.exists(self._node)))

    def count_for_patient(self) -> "IntPatientSeries":
        """How many of these rows the patient has; 0 for none."""
        return cast("IntPatientSeries", wrap(series_model.count(self._node)))

    def __bool__(self):
        raise problems.frame_truth_value()

    def __iter__(self):
        raise problems.loop_over_frame()

    __len__ = __iter__

    def _refused(symbol):  # noqa: N805 - makes methods while the class body runs
        def refused(self, *_):
            raise problems.frame_operator(symbol, self._describe())

        return refused

    def __eq__(self, other):
        """Whether both are one table or the same rows, for Python's `if` and `in`; no condition on rows."""
        if is_frame(other) or other is None:
            return _Comparison(self, self is other)
        raise problems.frame_operator("==", self._describe())

    def __ne__(self, other):
        if is_frame(other) or other is None:
            return _Comparison(self, self is not other)
        raise problems.frame_operator("!=", self._describe())

    __lt__, __le__, __gt__, __ge__ = _refused("<"), _refused("<="), _refused(">"), _refused(">=")
    __and__ = __rand__ = _refused("&")
    __or__ = __ror__ = _refused("|")
    __invert__ = _refused("~")
    __add__ = __radd__ = _refused("+")
    __sub__ = __rsub__ = _refused("-")
    del _refused


class _Comparison:
    """True or False of two frames. Not a bool, so that `where(a == b)` is refused like a frame instead of choosing nothing."""

    _is_frame = True

    def __init__(self, frame, value):
        self._frame = frame
        self._value = value

    def __bool__(self):
        return self._value

    def _describe(self):
        return self._frame._describe()

    def _refused(self, *_):
        raise problems.frame_operator("==", self._describe())

    __and__ = __rand__ = __or__ = __ror__ = __invert__ = _refused
    _node = property(_refused)


class PatientFrame(BaseFrame):
    """At most one row a patient."""

    def _reason(self, name):
        many_rows = ("where", "except_where", "sort_by", "first_for_patient", "last_for_patient")
        return problems.one_row_method(name) if name in many_rows else None


class EventFrame(BaseFrame):
    """Any number of rows a patient."""

    if TYPE_CHECKING:
        # Editors complete these after any rows; without a sort they are a problem when the line runs.
        def first_for_patient(self) -> Any: ...
        def last_for_patient(self) -> Any: ...
        def __setattr__(self, name: str, value: Any) -> None: ...

    def where(self, condition) -> Self:
        """The rows for which the condition is True."""
        return type(self)(model.filter_rows(self._node, _condition(condition, "where()")))

    def except_where(self, condition) -> Self:
        """The rows for which the condition is False or NULL."""
        node = _condition(condition, "except_where()")
        is_not_true = series_model.binary("or", series_model.unary("not", node), series_model.unary("is_null", node))
        return type(self)(model.filter_rows(self._node, is_not_true))

    def sort_by(self, *order_by) -> Self:
        """Sorted rows: the first series decides, later ones break ties; NULL comes first."""
        if not order_by:
            raise problems.sort_by_nothing()
        node = self._node
        # The outermost sort has the highest priority.
        for series in reversed(order_by):
            if isinstance(series, str):
                raise problems.sort_by_text(series, self._describe(), self._column_names())
            if not is_series(series):
                refuse_non_value(series, "sort_by()")
            node = model.sort_rows(node, series._node)
        return _sorted_class(type(self))(node)

    def _reason(self, name):
        if name in ("first_for_patient", "last_for_patient"):
            dates = [column[0] for column in self._node.root["columns"] if column[1] == "date"]
            by = f"{self._describe()}.{dates[0]}" if dates else "<column>"
            raise problems.pick_without_sort(name.removesuffix("_for_patient"), by)
        return None


class SortedRows:
    """Mixed into the class of rows that have been sorted."""

    def first_for_patient(self):
        return self._pick("first")

    def last_for_patient(self):
        return self._pick("last")

    def _pick(self, position):
        return _picked_class(type(self))(model.pick_row(self._node, position))


_derived = {}


def _sorted_class(cls):
    if issubclass(cls, SortedRows):
        return cls
    if (cls, "sorted") not in _derived:
        _derived[cls, "sorted"] = type(cls.__name__, (SortedRows, cls), {"__module__": cls.__module__})
    return _derived[cls, "sorted"]


def _picked_class(cls):
    """A one-row class with the columns and properties of an event class."""
    if (cls, "picked") not in _derived:
        kept = {}
        for base in reversed(cls.__mro__):
            kept.update({n: v for n, v in vars(base).items() if isinstance(v, (Series, property))})
        _derived[cls, "picked"] = type(cls.__name__, (PatientFrame,), {**kept, "__module__": cls.__module__})
    return _derived[cls, "picked"]


def _condition(condition, operation):
    if isinstance(condition, bool):
        return series_model.value("bool", condition)
    if not is_series(condition):
        refuse_non_value(condition, operation)
    if condition._type != "bool":
        raise problems.condition_not_bool(condition._type)
    return node_beside(condition, "bool", operation)
