"""What Python itself refuses, in a researcher's words."""

from .base import Problem, listing, misspelling, nearest


def not_imported(name, module):
    return Problem(
        f"`{name}` is used but was not imported.", "not-imported", f"Add at the top: `from {module} import {name}`."
    )


def unknown_name(name, near, elsewhere):
    hint = f"The nearest name is `{near}`." if near else "Assign it before this line, or import it."
    if elsewhere:
        hint = f"The nearest name is `{elsewhere[0]}`, imported by `from {elsewhere[1]} import {elsewhere[0]}`."
    return Problem(f"Nothing is called `{name}` here.", "unknown-name", hint, misspelling(name, near))


def assigned_later(name, line):
    return Problem(
        f"`{name}` has no value yet: it is assigned later, on line {line}.", "assigned-later", "Move that line up."
    )


_ONE_BY_ONE = {
    "is_in": "Put the values in one list: `.is_in([...])`.",
    "is_not_in": "Put the values in one list: `.is_not_in([...])`.",
    "contains_any_of": "Put the codes in one list: `.contains_any_of([...])`.",
    "where": "Join conditions with `&`, each in brackets: `.where((a > 1) & (b > 1))`.",
    "except_where": "Join conditions with `|`, each in brackets: `.except_where((a > 1) | (b > 1))`.",
    "configure_dummy_data": "Name the arguments: `configure_dummy_data(population_size=1000)`.",
    "codelist_from_csv": 'Name the columns: `codelist_from_csv("codelists/x.csv", column="code")`.',
}


def too_many_arguments(function, most, found):
    takes = "no unnamed arguments" if most == 0 else f"{most} argument{'' if most == 1 else 's'}"
    return Problem(f"`{function}()` takes {takes}; found {found}.", "arguments", _ONE_BY_ONE.get(function))


def too_few_arguments(function, names):
    hint = _ONE_BY_ONE.get(function) if function == "codelist_from_csv" else None
    return Problem(f"`{function}()` also needs {listing(names)}.", "arguments", hint)


def series_as_key():
    return Problem(
        "A series can't be the key of a dict or a member of a set: it has a value for each patient.",
        "series-as-key",
        "Use text as the key, and the series as its value.",
    )


def unknown_attribute(name, kind, near, reason):
    hint = reason or (f"The nearest name is `{near}`." if near else None)
    return Problem(f"There is no `{name}` on {kind}.", "unknown-name", hint, misspelling(name, None if reason else near))


def attribute_of_function(function, name):
    return Problem(
        f"`{function}` is a function that was not called, so there is no `{name}` on it.",
        "not-called",
        f"Add brackets where it is named: `{function}()`.",
        (function, f"{function}()"),
    )


def not_callable(kind):
    return Problem(
        f"This {kind} is not a function, so it can't be called.", "not-callable", "Remove the brackets after its name."
    )


def not_subscriptable():
    return Problem(
        "A series or table has no `[...]`: its values are only known where the data is.",
        "not-subscriptable",
        "Name columns with a dot, or `getattr(table, name)`; `.contains(...)` looks inside text; "
        "`.sort_by(...).first_for_patient()` picks a row.",
    )


def unknown_argument(function, name, names):
    near = nearest(name, names)
    hint = f"The nearest is `{near}`. " if near else ""
    hint += f"Its arguments are {listing(names)}." if names else ""
    return Problem(f"`{function}()` has no argument `{name}`.", "unknown-argument", hint or None, misspelling(name, near))
