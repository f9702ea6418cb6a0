"""What can be wrong with tables and with choosing rows from them."""

from .base import DefinitionAttributeError, DefinitionTypeError, DefinitionValueError, Error, a, brief, listing, misspelling, nearest
from . import other_languages
from .series import rows_of


def condition_not_bool(found):
    return DefinitionTypeError(
        f"`where()` needs a bool series as its condition; this is {a(found)} series.",
        "wrong-type",
        "Compare it with something: `==`, `.is_in(...)`, `.is_not_null()`.",
    )


def other_rows(operation, frame_domain, series_domain):
    hint = "Use columns of the same rows, or reduce the series to one value a patient first."
    if series_domain.table is frame_domain.table:
        table = series_domain.table["name"]
        hint = f"Name the column of the table itself, `{table}.<column>`; or choose further among the rows already filtered."
    return Error(
        f"`{operation}` is choosing among the rows of {rows_of(frame_domain)}, but the series has the rows of "
        f"{rows_of(series_domain)}.",
        "unrelated-rows",
        hint,
    )


def sort_by_constant():
    return DefinitionTypeError(
        "`sort_by()` was given a series with one value a patient, which can't order that patient's rows.",
        "sort-by-constant",
        "Sort by a column of the rows.",
    )


def sort_by_unordered(found):
    return DefinitionTypeError(
        f"`sort_by()` can't order by {a(found)} series.",
        "wrong-type",
        "Sort by an int, float, str, date or code; `.as_int()` turns a bool into 0 and 1." if found == "bool" else None,
    )


def sort_by_text(text, table, columns):
    near = nearest(text, columns)
    return DefinitionTypeError(
        f"`sort_by()` needs series; found the text {brief(text)}.",
        "sort-by-text",
        f"Name the column itself: `.sort_by({table}.{near or '<column>'})`.",
    )


def sort_by_nothing():
    return DefinitionTypeError(
        "`sort_by()` needs at least one series.", "sort-by-nothing", "Name what to sort by, for example a date column."
    )


def pick_without_sort(position, by):
    return DefinitionAttributeError(
        f"`{position}_for_patient()` needs sorted rows.",
        "pick-without-sort",
        f"Sort first: `.sort_by({by}).{position}_for_patient()`.",
        (f"{position}_for_patient", f"sort_by({by}).{position}_for_patient"),
    )


def unknown_name(table, name, columns, methods, reason=None):
    hint, near = (reason, None) if reason else other_languages.of_tables(name)
    near = near if near in methods else None
    if hint is None:
        near = nearest(name, [*columns, *methods], 0.7)
        hint = f"The nearest name is `{near}`. " if near else ""
        hint += f"Columns: {listing(columns)}." if columns else ""
    message = f"`{table}` has no column or method `{name}`."
    return DefinitionAttributeError(message, "unknown-name", hint or None, misspelling(name, near))


def one_row_method(name):
    if name == "sort_by":
        return "These rows are one a patient already, so there is nothing to sort."
    if name in ("where", "except_where"):
        return "These rows are one a patient already; combine conditions on their columns with `&` and `|`."
    return "These rows are one a patient already: read their columns directly."


def frame_truth_value():
    return DefinitionTypeError(
        "A table or set of rows is neither True nor False.",
        "frame-for-series",
        "`.exists_for_patient()` gives a bool series; combine bool series with `&`, `|` and `~`.",
    )


def loop_over_frame():
    return DefinitionTypeError(
        "A table can't be looped over or counted with `len()`: its rows are only known where the data is.",
        "loop-over-frame",
        "`.count_for_patient()` counts each patient's rows.",
    )


def frame_operator(operator, table):
    return DefinitionTypeError(
        f"`{operator}` does not work on the table or rows `{table}`.",
        "frame-for-series",
        f"Name a column: `{table}.<column>`.",
    )


def schema_class(found):
    return DefinitionTypeError(
        f"`@table` needs a class based on PatientFrame or EventFrame; found {found}.", "table-class"
    )


def schema_attribute(table, name, found):
    return DefinitionTypeError(
        f"`{name}` in the table `{table}` is {a(found)}; columns are `Series(...)`.",
        "table-class",
        "A class inside a table can only be `_meta`.",
    )


def schema_meta(table, names):
    return DefinitionTypeError(
        f"`_meta` of the table `{table}` has {listing(names)}; it can hold `table_name`, `required_permission` and "
        "`activation_filter_field`.",
        "table-class",
    )


def column_type(found, near=None):
    return DefinitionTypeError(
        f"`Series()` needs a type: bool, int, float, str, date or a code class; found {found}.",
        "column-type",
        "`from datetime import date` gives the date type." if "date" in found else None,
    )


def constraint_not_called(name):
    return DefinitionTypeError(
        f"The constraint `{name}` was given without brackets.", "constraint", f"Write `Constraint.{name}()`."
    )


def constraint_wrong(found):
    return DefinitionTypeError(f"`constraints` takes constraints; found {found}.", "constraint")


def constraint_twice(name):
    return DefinitionValueError(f"A column can have one `{name}` constraint; found two.", "constraint")


def constraint_argument(name, problem):
    return DefinitionValueError(f"`Constraint.{name}` {problem}.", "constraint")
