"""Makes the nodes that stand for series, checking the types and rows of what they are made from."""

from .._problems import series as problems
from .domains import PATIENT, common_domain
from .node import make
from .types import AGGREGATIONS, BINARY, DATE, DATE_ADD, ORDERED, TEXT, UNARY, spelling


def value(type, literal):
    fields = (("type", type), ("value", literal))
    return make("value", fields, type=type, domain=PATIENT, key=(type, repr(literal)))


def value_set(type, literals):
    """Duplicates go; the order stays."""
    literals = tuple({repr(literal): literal for literal in literals}.values())
    fields = (("type", type), ("values", literals))
    return make("value_set", fields, type=type, domain=PATIENT, key=(type, tuple(map(repr, literals))))


def parameter(name):
    return make("parameter", (("name", name),), type="date", domain=PATIENT)


def select_column(source, name):
    type = next(column[1] for column in source.root["columns"] if column[0] == name)
    return make("select_column", (("source", source), ("name", name)), (source,), type=type, domain=source.domain)


def exists(source):
    return make("exists", (("source", source),), (source,), type="bool", domain=PATIENT)


def count(source):
    return make("count", (("source", source),), (source,), type="int", domain=PATIENT)


def aggregate(kind, source):
    return _aggregate(kind, source, ())


def count_episodes(source, maximum_gap_days):
    return _aggregate("count_episodes", source, (("maximum_gap_days", maximum_gap_days),))


def _aggregate(kind, source, more):
    accepted, result = AGGREGATIONS[kind]
    _check_type(kind, source, accepted)
    if source.domain is PATIENT:
        raise problems.one_value_already(spelling(kind))
    return make(kind, (("source", source), *more), (source,), type=result or source.type, domain=PATIENT)


def unary(kind, source):
    accepted, result = UNARY[kind]
    _check_type(kind, source, accepted)
    return make(kind, (("source", source),), (source,), type=result or source.type, domain=source.domain)


def binary(kind, left, right):
    if kind in DATE_ADD:
        _check_type("+", left, DATE)
        _check_type(kind.removeprefix("add_") + "()", right, {"int"})
        result = "date"
    elif kind == "contains":
        _check_type(kind, left, TEXT)
        if right.type != "str":
            raise problems.different_types(spelling(kind), [left.type, right.type])
        result = "bool"
    else:
        accepted, result = BINARY[kind]
        _check_type(kind, left, accepted)
        if left.type != right.type:
            raise problems.different_types(spelling(kind), [left.type, right.type])
        result = result or left.type
    domain = _one_domain(kind, (left, right))
    return make(kind, (("left", left), ("right", right)), (left, right), type=result, domain=domain)


def is_in(left, right):
    """`right` is a value set or a combine_as_set."""
    is_empty = right.kind == "value_set" and not right["values"]
    if left.type != right.type and not is_empty:
        raise problems.different_types("is_in()", [left.type, right.type])
    return make("in", (("left", left), ("right", right)), (left, right), type="bool", domain=left.domain)


def extreme(kind, sources):
    sources = tuple(sources)
    types = list(dict.fromkeys(source.type for source in sources))
    if len(types) > 1:
        raise problems.different_types(spelling(kind), types)
    _check_type(kind, sources[0], ORDERED)
    return make(kind, (("sources", sources),), sources, type=types[0], domain=_one_domain(kind, sources))


def case(cases, otherwise):
    """`cases` are (condition, result or None); a `None` result is NULL."""
    cases = tuple(cases)
    for condition, _ in cases:
        _check_type("when()", condition, {"bool"})
    results = [result for _, result in cases if result is not None]
    if otherwise is not None:
        results.append(otherwise)
    if not results:
        raise problems.case_without_result()
    types = list(dict.fromkeys(result.type for result in results))
    if len(types) > 1:
        raise problems.case_types(types)
    children = tuple(node for pair in cases for node in pair if node is not None)
    if otherwise is not None:
        children = (*children, otherwise)
    domain = _one_domain("case", children)
    return make("case", (("cases", cases), ("otherwise", otherwise)), children, type=types[0], domain=domain)


def _check_type(kind, node, accepted):
    if node.type not in accepted:
        raise problems.wrong_type(spelling(kind), accepted, node.type)


def _one_domain(kind, nodes):
    domain = common_domain(nodes)
    if domain is None:
        raise problems.unrelated_rows(spelling(kind), [node.domain for node in nodes if node.domain is not PATIENT])
    return domain
