"""Between nodes and the objects that studies hold: gives each node its Python class, and reads arguments as nodes.

A registry rather than imports, so that each type of series can live in a file of its own and still give the others.
"""

from .._model import series as model
from .._model.domains import PATIENT
from .._problems import series as problems
from .._problems.base import a
from .literals import convert, is_literal, literal_type, plain
from .places import note_place

# (type, has one value a patient) -> class
_classes = {}


def series_class(type, is_patient):
    """Registers a class of series."""

    def register(cls):
        cls._type = type
        cls._is_patient = is_patient
        _classes[type, is_patient] = cls
        return cls

    return register


def classes_of_series():
    return _classes


def wrap(node):
    """The series that a study sees for a node."""
    note_place(node)
    return _classes[node.type, node.domain is PATIENT](node)


def is_series(value):
    return hasattr(type(value), "_is_patient")


def is_frame(value):
    return hasattr(type(value), "_is_frame")


def is_interval(value):
    return isinstance(value, tuple) and hasattr(value, "start_date")


def refuse_non_value(value, operation):
    """Raises the problem that fits something that is neither series nor literal."""
    if is_frame(value):
        raise problems.frame_for_series(operation, value._describe())
    if isinstance(value, tuple) and len(value) == 1:
        raise problems.one_tuple(operation)
    if hasattr(value, "_unit"):
        raise problems.duration_for_series(operation, value._unit)
    if is_interval(value):
        raise problems.interval_for_date(operation)
    if hasattr(value, "_unfinished_when"):
        raise problems.unfinished_when(value._unfinished_when == "then")
    if hasattr(value, "_is_date_difference"):
        raise problems.date_difference_unit()
    if callable(value) and not isinstance(value, type):
        raise problems.not_called(operation, getattr(value, "__name__", "function"))
    if isinstance(value, (list, tuple, set, frozenset, dict)) and operation in ("==", "!="):
        raise problems.compared_with_list(operation, a(type(value).__name__))
    raise problems.not_a_series(operation, "None" if value is None else a(type(value).__name__))


def node_beside(value, type, operation):
    """A series or literal as a node, the literal read as a value of `type`."""
    if is_series(value):
        return value._node
    if value is None or is_literal(value):
        return model.value(type, convert(value, type, operation))
    return refuse_non_value(value, operation)


def node_alone(value, operation):
    """A series or literal as a node, the literal with the type that it has on its own."""
    if is_series(value):
        return value._node
    if is_literal(value):
        return model.value(literal_type(value), plain(value))
    return refuse_non_value(value, operation)


def series_node(value, operation):
    """The node of what must be a series."""
    if is_series(value):
        return value._node
    if is_literal(value):
        raise problems.literal_for_series(operation, value)
    return refuse_non_value(value, operation)


def balanced(kind, nodes):
    """Joins bool nodes with `and` or `or` as a shallow tree: codelists are long, and deep trees cost every later step."""
    while len(nodes) > 1:
        pairs = [nodes[i : i + 2] for i in range(0, len(nodes), 2)]
        nodes = [model.binary(kind, *pair) if len(pair) == 2 else pair[0] for pair in pairs]
    return nodes[0]
