"""What Python itself refuses, in a researcher's words."""

from . import other_languages
from .base import Problem, brief, calling, listing, misspelling, nearest


def not_imported(name, module):
    return Problem(
        f"`{name}` is used but was not imported.", "not-imported", f"Add at the top: `from {module} import {name}`."
    )


def unknown_name(name, near, elsewhere):
    hint, replacement = other_languages.alone(name)
    if hint:
        return Problem(f"Nothing is called `{name}` here.", "unknown-name", hint, misspelling(name, replacement))
    hint = f"The nearest name is `{near}`." if near else "Assign it before this line, or import it."
    if elsewhere:
        hint = f"The nearest name is `{elsewhere[0]}`, imported by `from {elsewhere[1]} import {elsewhere[0]}`."
    return Problem(f"Nothing is called `{name}` here.", "unknown-name", hint, misspelling(name, near))


def assigned_later(name, line):
    return Problem(
        f"`{name}` has no value yet: it is assigned later, on line {line}.", "assigned-later", "Move that line up."
    )


def assigned_elsewhere(name):
    return Problem(
        f"`{name}` has no value here: the function assigns it, so it is not the one outside.",
        "assigned-later",
        "Use another name inside the function, or pass the value in as an argument.",
    )


def wrong_operands(operation, kinds, hint=None):
    return Problem(f"{operation} does not work on {' and '.join(kinds)}.", "operator-not-supported", hint)


def no_item_assignment(kind):
    return Problem(
        f"{kind} has no `[...]`.",
        "not-subscriptable",
        'Columns are set with a dot, `dataset.age = series`, or by name: `dataset.add_column("age", series)`.',
    )


def no_such_key(key, keys):
    near = nearest(key, keys)
    hint = f"The nearest is {brief(near)}." if near else f"It has {listing(map(str, keys))}." if keys else "It is empty."
    return Problem(f"The dict has no key {brief(key)}.", "no-such-key", hint, misspelling(key, near))


def no_such_item(length):
    items = "no items" if length == 0 else "1 item" if length == 1 else f"{length} items"
    return Problem(f"The list has {items}, counted from 0; there is none of this number.", "no-such-item")


def argument_not_given(given):
    return Problem(
        f"The definition was given {'no argument' if given == 0 else '1 argument' if given == 1 else f'{given} arguments'}; "
        "there is none of this number.",
        "no-such-item",
        "Arguments follow `--`: `... definition.py --output ... -- VALUE`.",
    )


def file_content(kind, found, path):
    where = f"`{path}`" if path else "The file read last"
    return Problem(f"{where} is not {kind}: {found}.", "file-content", "Check the action that makes it.")


def path_of_another_kind(found):
    return Problem(f"The path of a file is text; found {found}.", "path", 'For example `"codelists/asthma.csv"`.')


def is_a_folder(path):
    return Problem(f"{brief(path)} is a folder, not a file.", "file-not-there", "Name the file in it.")


def no_input():
    return Problem(
        "A definition can't ask: nobody is there when it runs.",
        "definition-asks",
        'Take it from the command line, with `get_parameter("day")` and `-- --day 2022-01-31`.',
    )


def date_of_text():
    return Problem(
        "`date()` takes three numbers: year, month and day.",
        "date-format",
        'Write `date(2022, 1, 31)`, or text where a date is expected: `"2022-01-31"`.',
    )


def text_for_date(operator):
    return Problem(
        f"`{operator}` does not work on text; text is a date only next to a date series or a duration.",
        "operator-not-supported",
        '`"2022-01-31" - days(5)` is a date; `date.fromisoformat("2022-01-31")` makes one of text.',
    )


def relative_import():
    return Problem(
        "A definition is no package, so `from .` leads nowhere.",
        "import",
        "A module beside it is imported by its name: `from helpers import ...`.",
    )


def imports_itself(name, module):
    return Problem(
        f"`{module}` has no `{name}` yet: it is still being read, and imports this file itself.",
        "import",
        "Two files can't import from each other: move what both need to a third.",
    )


_ONE_BY_ONE = {
    "is_in": "Put the values in one list: `.is_in([...])`.",
    "is_not_in": "Put the values in one list: `.is_not_in([...])`.",
    "contains_any_of": "Put the codes in one list: `.contains_any_of([...])`.",
    "where": "Join conditions with `&`, each in brackets: `.where((a > 1) & (b > 1))`.",
    "except_where": "Join conditions with `|`, each in brackets: `.except_where((a > 1) | (b > 1))`.",
    "create_dataset": "The population is chosen afterwards: `dataset.define_population(...)`.",
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
    if kind == "`create_measures()`" and name == "define_population":
        reason = "Measures have no population: that of a measure is its `denominator`."
    hint = reason or (f"The nearest name is `{near}`." if near else None)
    return Problem(f"There is no `{name}` on {kind}.", "unknown-name", hint, misspelling(name, None if reason else near))


def attribute_of_function(function, name):
    return Problem(
        f"`{function}` is a function that was not called, so there is no `{name}` on it.",
        "not-called",
        *calling(function),
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
    hint += f"Its argument{' is' if len(names) == 1 else 's are'} {listing(names)}." if names else ""
    return Problem(f"`{function}()` has no argument `{name}`.", "unknown-argument", hint or None, misspelling(name, near))
