"""`case(when(...).then(...), otherwise=...)`, and `maximum_of` and `minimum_of`.

Text next to dates or codes is NOT read as a date or code inside a case: each result keeps the type that it has alone.
"""

from .._model import series as model
from .._problems import series as problems
from .._problems.base import a
from .wrapping import is_frame, is_series, node_alone, node_beside, wrap


class WhenThen:
    """`when(c).then(v)`: one case, or with `.otherwise(v)` a whole expression."""

    _unfinished_when = "then"

    def __init__(self, condition, result):
        self._condition = condition
        self._result = result

    def otherwise(self, value):
        return case(self, otherwise=value)


class When:
    _unfinished_when = "when"

    def __init__(self, condition):
        self._condition = condition

    def then(self, value):
        """The result where the condition is true; None is a missing value."""
        return WhenThen(self._condition, None if value is None else node_alone(value, "then()"))


def when(condition):
    """Starts a case. `condition` is a bool series, or True or False."""
    return When(node_beside(condition, "bool", "when()"))


def case(*when_thens, **options):
    """The result of the first case whose condition is true; `otherwise` (default missing) when none is."""
    otherwise = options.pop("otherwise", None)
    if "default" in options:
        raise problems.case_default_keyword()
    if options:
        raise problems.case_argument(f"the keyword `{next(iter(options))}`", "The only keyword is `otherwise`.")
    if not when_thens:
        raise problems.case_argument("nothing", None)
    seen = {}
    for position, part in enumerate(when_thens, start=1):
        _check_part(part)
        if part._condition in seen:
            raise problems.case_duplicate(position, seen[part._condition])
        seen[part._condition] = position
    default = None if otherwise is None else node_alone(otherwise, "otherwise")
    return wrap(model.case([(part._condition, part._result) for part in when_thens], default))


def _check_part(part):
    if isinstance(part, WhenThen):
        return
    if isinstance(part, When):
        raise problems.case_argument("a `when(...)` without `.then(...)`", "Add `.then(value)`.")
    if isinstance(part, dict):
        raise problems.case_argument("a dict", "Write one `when(...).then(...)` for each entry.")
    if isinstance(part, (tuple, list)):
        raise problems.case_argument("a list or tuple", "Put `*` before it to pass its parts one by one.")
    if is_series(part):
        hint = "A `.then(...).otherwise(...)` is finished already; the last value is the keyword `otherwise`."
        raise problems.case_argument("a series", hint)
    if is_frame(part):
        raise problems.case_argument("a table", None)
    raise problems.case_argument(a(type(part).__name__), "The value for no match is the keyword `otherwise`.")


def maximum_of(*values):
    """The greatest of two or more values, ignoring missing ones."""
    return _extreme("maximum_of", values)


def minimum_of(*values):
    """The least of two or more values, ignoring missing ones."""
    return _extreme("minimum_of", values)


def _extreme(kind, values):
    operation = f"{kind}()"
    if len(values) < 2:
        raise problems.too_few_arguments(operation, len(values) == 1 and isinstance(values[0], (list, tuple)))
    first = next((value for value in values if is_series(value)), None)
    if first is None:
        nodes = [node_alone(value, operation) for value in values]
    else:
        nodes = [node_beside(value, first._type, operation) for value in values]
    return wrap(model.extreme(kind, nodes))
