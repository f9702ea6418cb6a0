"""`show(...)`: what a definition left behind for debugging. Only a debugging run has data to show; any other says that the
line is ignored.

While debugging each call is kept as named series, so that the engines, which never see Python, can print their values.
"""

import os
import sys

from .._model import series as model
from .._model.domains import common_domain
from .._problems import definitions as problems
from .datasets import Dataset, EventTable
from .measures import Measures
from .wrapping import is_frame, is_series, refuse_non_value

# More would be a loop over something large; each one is a table on the screen.
_LIMIT = 500

_WHOLE = (Dataset, EventTable, Measures)

_kept = None


def keep_shows():
    """Starts keeping what is shown; returns the list that it goes into."""
    global _kept
    _kept = []
    return _kept


def forget_shows():
    global _kept
    _kept = None


def show(element, *others, label=None, head=None, tail=None):
    show_from(sys._getframe(1), (element, *others), label=label, head=head, tail=tail)


def show_from(caller, items, *, label=None, head=None, tail=None):
    """Shows items as if the calling frame had."""
    for item in items:
        if not (is_series(item) or is_frame(item) or isinstance(item, _WHOLE) or _is_date_difference(item)):
            refuse_non_value(item, "show()")
    nodes = [item._node for item in items if is_series(item)]
    if common_domain(nodes) is None:
        raise problems.show_domains()
    if _kept is None:
        print(f"Show line {caller.f_lineno}:{f' {label}' if label else ''}", file=sys.stderr)
        print(" - show() is ignored outside debugging", file=sys.stderr)
        return
    if len(_kept) == _LIMIT:
        raise problems.too_many_shows(_LIMIT)
    series = [item for item in items if is_series(item) or _is_date_difference(item)]
    tables = [table for item in items if not (is_series(item) or _is_date_difference(item)) for table in _tables(item)]
    if series:
        names = ["value"] if len(series) == 1 else [f"series_{n}" for n in range(1, len(series) + 1)]
        found = [(name, _series_node(one)) for name, one in zip(names, series, strict=True)]
        if common_domain([node for _, node in found]) is None:
            raise problems.show_domains()
        days = [name for name, one in zip(names, series, strict=True) if _is_date_difference(one)]
        tables.insert(0, (None, None, found, days))
    for name, only, columns, *days in tables:
        _kept.append(
            {
                "path": caller.f_code.co_filename,
                "line": caller.f_lineno,
                "label": " ".join(str(part) for part in (label, name) if part is not None) or None,
                "head": _count(head),
                "tail": _count(tail),
                "only": only,
                "columns": columns,
                # Which of them are differences of dates, which have no unit yet.
                "days": days[0] if days else [],
            }
        )


def shows_body(shows):
    """The kept calls in the form of a document's body: plain values, with nodes where series stand."""
    cwd = os.path.realpath(os.getcwd())
    return [
        {**show, "path": os.path.relpath(os.path.realpath(show["path"]), cwd), "columns": [list(c) for c in show["columns"]]}
        for show in shows
    ]


def _is_date_difference(item):
    return hasattr(item, "_is_date_difference")


def _series_node(item):
    return item.days._node if _is_date_difference(item) else item._node


def _tables(item):
    """Of a frame, dataset, event table or measures: what each table is called beside the label, which patients have a row (None
    for all that its columns have), and its columns."""
    if isinstance(item, Dataset):
        events = [table for one in item._event_tables.values() for table in _tables(one)]
        return [(None, item._population, list(item._columns.items())), *events]
    if isinstance(item, EventTable):
        return [(item._name, None, list(item._columns.items()))]
    if isinstance(item, Measures):
        return [_measure(measure) for measure in item]
    names = [column[0] for column in item._node.root["columns"]]
    columns = [(name, model.select_column(item._node, name)) for name in names]
    has_one_row = common_domain([node for _, node in columns]) is common_domain([])
    return [(None, model.exists(item._node) if has_one_row else None, columns)]


def _measure(measure):
    """The patients of a measure, with what is added up and what they are grouped by."""
    numerator, denominator = measure.numerator._node, measure.denominator._node
    members = denominator
    if denominator.type == "int":
        members = model.binary("gt", denominator, model.value("int", 0))
    groups = [(name, series._node) for name, series in measure.group_by.items()]
    return (measure.name, members, [("numerator", numerator), ("denominator", denominator), *groups])


def _count(value):
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None
