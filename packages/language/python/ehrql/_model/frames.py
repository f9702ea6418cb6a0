"""Makes the nodes that stand for tables and for rows chosen from them."""

from .._problems import frames as problems
from .domains import PATIENT, filtered_domain, table_domain
from .node import make
from .types import BOOL, ORDERED

# A column is (name, type, categories or None, ((key in the document, constraints), ...)).


def table(name, rows, columns):
    fields = (("name", name), ("rows", rows), ("columns", columns))
    node = make("table", fields, rows=rows, domain=PATIENT)
    if rows == "many":
        node.domain = table_domain(node)
    return node


def inline_table(columns, rows):
    """`rows` is a tuple of (patient id, value, ...)."""
    key = (columns, tuple(tuple((type(v), repr(v)) for v in row) for row in rows))
    return make("inline_table", (("columns", columns), ("rows", rows)), rows="one", domain=PATIENT, key=key)


def file_table(path, columns):
    return make("file_table", (("path", path), ("columns", columns)), rows="one", domain=PATIENT)


def filter_rows(source, condition):
    if condition.type not in BOOL:
        raise problems.condition_not_bool(condition.type)
    if not source.domain.is_within(condition.domain):
        raise problems.other_rows("where()", source.domain, condition.domain)
    domain = filtered_domain(source.domain, condition)
    fields = (("source", source), ("condition", condition))
    return make("filter", fields, (source, condition), rows="many", root=source.root, domain=domain)


def sort_rows(source, by):
    if by.domain is PATIENT:
        raise problems.sort_by_constant()
    if by.type not in ORDERED:
        raise problems.sort_by_unordered(by.type)
    if not source.domain.is_within(by.domain):
        raise problems.other_rows("sort_by()", source.domain, by.domain)
    return make(
        "sort", (("source", source), ("by", by)), (source, by), rows="many", root=source.root, domain=source.domain
    )


def is_sorted(frame):
    """Whether a sort stands somewhere between the frame and its table; filters may follow it."""
    step = frame
    while step.kind == "filter":
        step = step["source"]
    return step.kind == "sort"


def pick_row(source, position):
    if not is_sorted(source):
        raise problems.pick_without_sort(position)
    fields = (("source", source), ("position", position))
    return make("pick", fields, (source,), rows="one", root=source.root, domain=PATIENT)
