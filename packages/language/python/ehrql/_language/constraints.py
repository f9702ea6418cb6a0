"""What a table promises about a column. Constraints document and steer dummy data; of them only a closed set of values
becomes part of the query model."""

import datetime
from dataclasses import dataclass

from .._problems import frames as problems


class Constraint:
    """The constraints, as `Constraint.NotNull()` and so on."""

    @dataclass(frozen=True)
    class NotNull:
        pass

    @dataclass(frozen=True)
    class Unique:
        pass

    @dataclass(frozen=True)
    class FirstOfMonth:
        pass

    @dataclass(frozen=True)
    class Categorical:
        values: tuple

        def __init__(self, values):
            if isinstance(values, str) or not hasattr(values, "__iter__"):
                raise problems.constraint_argument("Categorical", "needs a list of values")
            object.__setattr__(self, "values", _plain("Categorical", values))

    @dataclass(frozen=True)
    class Regex:
        regex: str

    @dataclass(frozen=True)
    class ClosedRange:
        minimum: int
        maximum: int
        step: int = 1

        def __post_init__(self):
            if not all(type(number) is int for number in (self.minimum, self.maximum, self.step)):
                raise problems.constraint_argument("ClosedRange", "needs ints")
            if self.step < 1:
                raise problems.constraint_argument("ClosedRange", "needs a step of 1 or more")
            if self.minimum > self.maximum:
                raise problems.constraint_argument("ClosedRange", "has a minimum above its maximum")

    @dataclass(frozen=True)
    class GeneralRange:
        minimum: object = None
        maximum: object = None
        includes_minimum: bool = True
        includes_maximum: bool = True

        def __post_init__(self):
            _plain("GeneralRange", (self.minimum, self.maximum))
            if not (isinstance(self.includes_minimum, bool) and isinstance(self.includes_maximum, bool)):
                raise problems.constraint_argument("GeneralRange", "includes its ends by True or False")

    @dataclass(frozen=True)
    class DateAfter:
        column_names: tuple

        def __init__(self, column_names):
            if isinstance(column_names, str) or not all(isinstance(name, str) for name in column_names):
                raise problems.constraint_argument("DateAfter", "needs a list of names of columns")
            object.__setattr__(self, "column_names", tuple(column_names))


def _plain(kind, values):
    """Values as a document holds them."""
    values = tuple(values)
    for value in values:
        if value is not None and not isinstance(value, (str, int, float, datetime.date)):
            raise problems.constraint_argument(kind, f"can't hold a {type(value).__name__}")
    return values


KINDS = tuple(value for value in vars(Constraint).values() if isinstance(value, type))


def checked(constraints, dummy_data_constraints):
    """Both lists as tuples; each kind at most once over the two."""
    seen = set()
    for constraint in (*constraints, *dummy_data_constraints):
        if isinstance(constraint, type) and constraint in KINDS:
            raise problems.constraint_not_called(constraint.__name__)
        if not isinstance(constraint, KINDS):
            raise problems.constraint_wrong(type(constraint).__name__)
        # A column can hold one set of values really, and a smaller one in dummy data.
        kind = (type(constraint), constraint in dummy_data_constraints)
        if kind in seen:
            raise problems.constraint_twice(type(constraint).__name__)
        seen.add(kind)
    return tuple(constraints), tuple(dummy_data_constraints)
