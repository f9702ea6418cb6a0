"""Gives a definition as the JSON document that crosses to the engines. Its form is described in the package's README.

Nodes are listed once each, children before parents; equal nodes are one entry because they are one object.
"""

import datetime
import json
import math

from ._language.datasets import Dataset
from ._language.measures import Measures
from ._language.permissions import claimed_permissions
from ._language.show import shows_body
from ._model.node import Node, in_order
from ._problems import definitions as problems

_EXACT = 2**53 - 1


def serialize(definition):
    """The document of a Dataset or Measures as JSON text.

    Raises a DefinitionError when it lacks its population or has no measures.
    """
    return json.dumps(document(definition), separators=(",", ":"), allow_nan=False)


def document(definition, test_data=None):
    """The document as plain dicts and lists; with `test_data`, that of a test."""
    if isinstance(definition, Measures):
        roots, body = _measures(definition)
        kind, key = "measures", "measures"
    elif isinstance(definition, Dataset):
        roots, body = _dataset(definition)
        kind, key = "dataset", "dataset"
    else:
        raise problems.wrong_variable("definition", "serialize()", "a Dataset or Measures", type(definition).__name__)
    nodes = in_order(roots)
    numbers = {node: number for number, node in enumerate(nodes)}
    result = {
        "glovebox": 1,
        "kind": kind if test_data is None else "test",
        "nodes": [_node(node, numbers) for node in nodes],
        key: _numbered(body, numbers),
        "claimed_permissions": claimed_permissions(),
    }
    if test_data is not None:
        result["test_data"] = _test_data(test_data, "test_data")
    return result


def shows_document(shows):
    """What `show()` was given, as a document of its own: nodes as in a definition, and a list of shows."""
    body = shows_body(shows)
    nodes = in_order(_roots(body))
    numbers = {node: number for number, node in enumerate(nodes)}
    return {"nodes": [_node(node, numbers) for node in nodes], "shows": _numbered(body, numbers)}


def places_document(definition, places):
    """Of each bool node of a definition's document that the study wrote: its number, and what `places` has for it."""
    roots, _ = _measures(definition) if isinstance(definition, Measures) else _dataset(definition)
    return [[n, places[node]] for n, node in enumerate(in_order(roots)) if node.type == "bool" and node in places]


def _dataset(dataset):
    if dataset._population is None:
        raise problems.no_population("define_population" in dataset._columns)
    tables = [
        {"name": table._name, "columns": [[name, node] for name, node in table._columns.items()]}
        for table in dataset._event_tables.values()
    ]
    body = {
        "population": dataset._population,
        "columns": [[name, node] for name, node in dataset._columns.items()],
        "event_tables": tables,
        "dummy_data": dataset._dummy_data,
    }
    return _roots(body), body


def _measures(measures):
    if not len(measures):
        raise problems.no_measures("this definition")
    listed = [
        {
            "name": measure.name,
            "numerator": measure.numerator._node,
            "denominator": measure.denominator._node,
            "group_by": [[name, series._node] for name, series in measure.group_by.items()],
            "intervals": [[start.isoformat(), end.isoformat()] for start, end in measure.intervals],
        }
        for measure in measures
    ]
    body = {"measures": listed, "dummy_data": measures._dummy_data, "disclosure_control": measures._disclosure_control}
    return _roots(body), body


def _roots(body):
    """The nodes in a body, in the order in which they stand."""
    if isinstance(body, Node):
        return [body]
    if isinstance(body, dict):
        body = list(body.values())
    return [root for part in body for root in _roots(part)] if isinstance(body, list) else []


def _numbered(body, numbers):
    if isinstance(body, Node):
        return numbers[body]
    if isinstance(body, dict):
        return {key: _numbered(part, numbers) for key, part in body.items()}
    return [_numbered(part, numbers) for part in body] if isinstance(body, list) else body


def _node(node, numbers):
    entry = {"kind": node.kind}
    for name, value in node.fields:
        entry[name] = _field(name, value, numbers)
    return entry


def _field(name, value, numbers):
    if name == "columns":
        return [_column(*column) for column in value]
    if isinstance(value, Node):
        return numbers[value]
    if isinstance(value, tuple):
        return [_field(name, part, numbers) for part in value]
    return _scalar(value)


def _column(name, type, categories, rules):
    column = {"name": name, "type": type}
    if categories is not None:
        column["categories"] = list(categories)
    for key, constraints in rules:
        column[key] = [_constraint(constraint) for constraint in constraints]
    return column


def _constraint(constraint):
    parameters = {
        name: [_scalar(part) for part in value] if isinstance(value, tuple) else _scalar(value)
        for name, value in vars(constraint).items()
    }
    return {"kind": type(constraint).__name__, **parameters}


def _scalar(value):
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, float) and not math.isfinite(value):
        return "nan" if math.isnan(value) else "inf" if value > 0 else "-inf"
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > _EXACT:
        return str(value)
    return value


def _test_data(value, place):
    if isinstance(value, dict):
        return {str(key): _test_data(part, f"{place}[{key!r}]") for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_test_data(part, f"{place}[{index}]") for index, part in enumerate(value)]
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        return {"date": value.isoformat()}
    if value is None or isinstance(value, (bool, int, float, str)):
        return _scalar(value)
    if hasattr(value, "_to_primitive_type"):
        return value._to_primitive_type()
    raise problems.test_data_value(place, type(value).__name__)
