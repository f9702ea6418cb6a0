"""What all series have in common. A series is one node in Python clothes: it never changes and holds no data."""

from .._model import series as model
from .._model.types import spelling
from .._problems import series as problems
from .._problems.base import a
from .literals import convert, is_literal
from .operators import RefusedOperators
from .wrapping import balanced, classes_of_series, is_frame, is_series, node_alone, node_beside, refuse_non_value, wrap


class BaseSeries(RefusedOperators):
    """`_type` and `_is_patient` are set by the decorator of each concrete class."""

    # Series compare to series, so Python can't keep them in sets or as keys.
    __hash__ = None

    def __init__(self, node):
        object.__setattr__(self, "_node", node)

    def __setattr__(self, name, value):
        raise problems.frozen_series(name)

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        names = [n for n in dir(type(self)) if not n.startswith("_")]
        raise problems.unknown_method(self._type, self._is_patient, name, names, _owners(self, name))

    def __repr__(self):
        values = "one value" if self._is_patient else "many values"
        return f"<{self._type} series with {values} a patient>"

    def _unary(self, kind):
        return wrap(model.unary(kind, self._node))

    def _binary(self, kind, other):
        return wrap(model.binary(kind, self._node, node_beside(other, self._type, spelling(kind))))

    def _reflected(self, kind, other):
        return wrap(model.binary(kind, node_beside(other, self._type, spelling(kind)), self._node))

    def __eq__(self, other):
        """NULL when either side is."""
        return self._binary("eq", other)

    def __ne__(self, other):
        return self._binary("ne", other)

    def is_null(self):
        return self._unary("is_null")

    def is_not_null(self):
        return wrap(model.unary("not", model.unary("is_null", self._node)))

    def when_null_then(self, other):
        """This series, with `other` where it is NULL."""
        fallback = node_beside(other, self._type, "when_null_then()")
        if fallback.type != self._type:
            raise problems.different_types("when_null_then()", [self._type, fallback.type])
        return wrap(model.case([(self.is_not_null()._node, self._node)], fallback))

    def is_in(self, other):
        """Whether each value is among those of a list, or of an event series of the same patient.

        Never NULL when there is nothing to look among; otherwise NULL for NULL.
        """
        return wrap(model.is_in(self._node, self._set_node(other)))

    def is_not_in(self, other):
        return wrap(model.unary("not", self.is_in(other)._node))

    def _set_node(self, other):
        if is_series(other):
            if other._is_patient:
                raise problems.is_in_wrong("a series with one value a patient", "Use `==` to compare two such series.")
            return model.aggregate("combine_as_set", other._node)
        return model.value_set(self._type, self._converted(_collection(other)))

    def _converted(self, values):
        if any(value is None for value in values):
            raise problems.none_in_list("is_in()")
        return [
            convert(value, self._type, "is_in()") if is_literal(value) else refuse_non_value(value, "is_in()")
            for value in values
        ]

    def map_values(self, mapping, default=None):
        """The value that the dict has for each value, else `default`; NULL goes to `default` too."""
        if not isinstance(mapping, dict):
            hint = "`codelist_from_csv(..., category_column=...)` gives a dict of codes to categories."
            raise problems.map_values_argument(a(type(mapping).__name__), hint)
        if not mapping:
            raise problems.map_values_argument("an empty dict")
        if any(key is None for key in mapping):
            raise problems.map_values_argument("the key None", "Missing values get `default`.")
        # One condition for all keys with the same result: a codelist has thousands of keys and few categories.
        groups = {}
        for key, result in mapping.items():
            result = None if result is None else node_alone(result, "map_values()")
            groups.setdefault(result, []).append(key)
        cases = [(self._equals_any(keys), result) for result, keys in groups.items()]
        return wrap(model.case(cases, None if default is None else node_alone(default, "map_values()")))

    def _equals_any(self, keys):
        if len(keys) == 1:
            return (self == keys[0])._node
        if all(is_literal(key) for key in keys):
            return self.is_in(keys)._node
        return balanced("or", [(self == key)._node for key in keys])


class PatientSeries(BaseSeries):
    """One value a patient."""


class EventSeries(BaseSeries):
    """A value for each row of some table."""

    def count_distinct_for_patient(self):
        """How many different values, NULL aside; 0 when there are none."""
        return wrap(model.aggregate("count_distinct", self._node))


class OrderedFunctions:
    def __lt__(self, other):
        return self._binary("lt", other)

    def __le__(self, other):
        return self._binary("le", other)

    def __gt__(self, other):
        return self._binary("gt", other)

    def __ge__(self, other):
        return self._binary("ge", other)


class OrderedAggregations:
    def minimum_for_patient(self):
        """NULL when there are no values."""
        return wrap(model.aggregate("min", self._node))

    def maximum_for_patient(self):
        return wrap(model.aggregate("max", self._node))


def _collection(other):
    if isinstance(other, (set, frozenset)):
        # Python's order of a set changes from run to run; the same definition must give the same document.
        return sorted(other, key=lambda value: (type(value).__name__, str(value)))
    if isinstance(other, (list, tuple, dict)):
        return list(other)
    if isinstance(other, str):
        raise problems.is_in_wrong("text", "Put it in a list, or use `==`.")
    if is_frame(other):
        raise problems.is_in_wrong(f"the table or rows `{other._describe()}`", "Name one of its columns.")
    if isinstance(other, range) or hasattr(other, "__next__"):
        raise problems.is_in_wrong(a(type(other).__name__), "Wrap it: `list(...)`.")
    raise problems.is_in_wrong("None" if other is None else a(type(other).__name__), "Put the value in a list.")


def _owners(series, name):
    """Which kinds of series have the name, for someone who asked the wrong kind."""
    owners = [key for key, cls in classes_of_series().items() if hasattr(cls, name)]
    if not owners:
        return None
    if all(not is_patient for _, is_patient in owners) and any(type == series._type for type, _ in owners):
        return "series with many values a patient"
    types = list(dict.fromkeys(type for type, _ in owners))
    return f"{', '.join(types)} series"
