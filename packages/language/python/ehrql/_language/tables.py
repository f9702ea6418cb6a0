"""`@table` and the tables whose rows stand in the study: `table_from_rows` and `table_from_file`.

The decorators replace the class by the table itself, an instance of the class.
"""

from collections.abc import Callable
from typing import TypeVar, overload

from .._model import frames as model
from .._model.types import MULTI_CODE_TYPES
from .._problems import files as file_problems
from .._problems import frames as problems
from .columns import Series
from .files import check_table_file
from .frames import BaseFrame, EventFrame, PatientFrame
from .literals import convert, is_literal

_META_NAMES = {"table_name", "required_permission", "activation_filter_field"}


_Table = TypeVar("_Table")


# Said for editors: the class is replaced by a table of it.
def table(cls: type[_Table]) -> _Table:
    """Makes a table of a class based on PatientFrame or EventFrame, named after the class or `_meta.table_name`."""
    columns = _columns(cls)
    meta = getattr(cls, "_meta", None)
    unknown = [n for n in vars(meta) if not n.startswith("__") and n not in _META_NAMES] if meta else []
    if unknown:
        raise problems.schema_meta(cls.__name__, unknown)
    name = getattr(meta, "table_name", cls.__name__)
    return cls(model.table(name, "one" if issubclass(cls, PatientFrame) else "many", columns))


def table_from_rows(rows) -> Callable[[type[_Table]], _Table]:
    """A decorator: a table of one row a patient whose rows are (patient id, column, ...)."""

    def decorate(cls):
        columns = _patient_columns(cls, "table_from_rows")
        return cls(model.inline_table(columns, tuple(_row(row, columns) for row in rows)))

    return decorate


@overload
def table_from_file(path) -> Callable[[type[_Table]], _Table]: ...
@overload
def table_from_file(path, columns: dict[str, type]) -> PatientFrame: ...
def table_from_file(path, columns=None):
    """A table of one row a patient in a file of the study.

    With `columns` (name to type) it gives the table; without, a decorator for a class based on PatientFrame. The file is
    `.csv`, `.csv.gz` or `.arrow`, inside the working directory, with a column `patient_id`. Extra columns are ignored.
    """
    if columns is not None:
        if not isinstance(columns, dict):
            raise file_problems.columns_type(type(columns).__name__)
        declared = {name: Series(type_) for name, type_ in columns.items()}
        return _from_file(path, type("table_from_file", (PatientFrame,), declared))
    return lambda cls: _from_file(path, cls)


def _from_file(path, cls):
    columns = _patient_columns(cls, "table_from_file")
    check_table_file(path, [column[0] for column in columns])
    return cls(model.file_table(str(path), columns))


def _columns(cls):
    if not (isinstance(cls, type) and issubclass(cls, (PatientFrame, EventFrame))):
        raise problems.schema_class(f"`{getattr(cls, '__name__', type(cls).__name__)}`")
    columns = {}
    for base in reversed(cls.__mro__):
        if issubclass(base, BaseFrame) and base not in (BaseFrame, PatientFrame, EventFrame):
            for name, value in vars(base).items():
                if isinstance(value, Series):
                    columns[name] = value
                else:
                    _check_attribute(base, name, value)
    if "patient_id" in columns:
        raise file_problems.patient_id_column()
    is_known = cls.__module__.startswith("ehrql.tables.")
    return tuple(
        (name, column.type_name, column.categories(), () if is_known else column.rules())
        for name, column in columns.items()
    )


def _check_attribute(cls, name, value):
    if name.startswith("__") or name == "_meta" or isinstance(value, (property, staticmethod, classmethod)):
        return
    if isinstance(value, type) or not callable(value):
        found = "class" if isinstance(value, type) else type(value).__name__
        raise problems.schema_attribute(cls.__name__, name, found)


def _patient_columns(cls, decorator):
    columns = _columns(cls)
    if not issubclass(cls, PatientFrame):
        raise file_problems.not_one_row(decorator, cls.__name__)
    return columns


def _row(row, columns):
    if not isinstance(row, (tuple, list)):
        raise file_problems.row_type(type(row).__name__)
    row = tuple(row)
    if len(row) != len(columns) + 1:
        raise file_problems.row_length(len(row), len(columns) + 1)
    if not isinstance(row[0], int) or isinstance(row[0], bool):
        raise file_problems.row_patient_id(row[0])
    patient_id = convert(row[0], "int", "patient_id")
    return (patient_id, *(_cell(value, column) for value, column in zip(row[1:], columns, strict=True)))


def _cell(value, column):
    if value is None:
        return None
    if not is_literal(value):
        raise file_problems.row_value(column[0], column[1], type(value).__name__)
    if column[1] in MULTI_CODE_TYPES and isinstance(value, str):
        # Several codes in one text have no form that could be checked.
        return value
    return convert(value, column[1], f"column {column[0]}")
