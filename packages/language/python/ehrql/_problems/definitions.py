"""What can be wrong with a dataset, with measures, and with what a definition file gives."""

from .base import (
    BadParameterValue,
    DefinitionAttributeError,
    DefinitionError,
    DefinitionTypeError,
    DefinitionValueError,
    Error,
    ParameterError,
    a,
    brief,
    misspelling,
    nearest,
)
from .series import rows_of


def reserved_name(name, kind):
    return DefinitionAttributeError(f"`{name}` can't be the name of {a(kind)}: it is reserved.", "reserved-name")


def malformed_name(name, kind):
    return DefinitionAttributeError(
        f"{brief(name)} can't be the name of {a(kind)}: names are letters, digits and `_`, and start with a letter.",
        "malformed-name",
    )


def name_used(name, kind):
    return DefinitionAttributeError(
        f"`{name}` has been defined already; {a(kind)} is defined once.",
        "name-used",
        "Choose another name; or build the series up in a variable, and define it when it is finished."
        if kind == "column"
        else "Choose another name.",
    )


def unknown_variable(name, names):
    near = nearest(name, names)
    hint = f"The nearest name is `{near}`." if near else None
    if name in ("define_measure", "define_defaults"):
        hint, near = "Measures are another thing: `measures = create_measures()`, then `measures.define_measure(...)`.", None
    if name == "set_population":
        hint, near = "Since version 1 it is `dataset.define_population(...)`.", "define_population"
    message = f"Variable '{name}' has not been defined."
    return DefinitionAttributeError(message, "unknown-name", hint, misspelling(name, near))


def not_one_value(operation, domain):
    return DefinitionTypeError(
        f"Expecting a series with only one value per patient for `{operation}`; this one has a value for each row of "
        f"{rows_of(domain)}.",
        "many-values",
        "Choose or combine its rows first: `.sort_by(...).first_for_patient()`, `.count_for_patient()`, "
        "`.maximum_for_patient()`, ...",
    )


def series_type(operation, expected, found):
    hint = "`.is_not_null()` or a comparison gives a bool series." if expected == "bool" else None
    if found == "float":
        hint = "`.as_int()` turns a float series into an int series."
    return DefinitionTypeError(
        f"`{operation}` needs {a(expected)} series; this is {a(found)} series.", "wrong-type", hint
    )


def literal_population(found):
    return DefinitionTypeError(
        f"`define_population()` needs a bool series with one value a patient; found {brief(found)}.",
        "wrong-type",
        "For everyone in a table use `.exists_for_patient()`.",
    )


def population_true_for_nothing():
    return Error(
        "This population is true for a patient about whom there is no data at all, so there is no set of patients to "
        "choose from.",
        "population-true-for-nothing",
        "Add something that holds only for patients with data, for example `& patients.exists_for_patient()`.",
    )


def population_again():
    return DefinitionAttributeError(
        "The population is defined already, and a dataset has one.",
        "population-again",
        "Combine the conditions with `&` in one `define_population(...)`.",
    )


def population_assigned():
    return DefinitionAttributeError(
        "`population` can't be assigned.", "population-assigned", "Use `dataset.define_population(...)`."
    )


def no_population(is_assigned):
    """`is_assigned`: whether there is a column called `define_population`, which is allowed and never meant."""
    hint = "Add `dataset.define_population(...)`."
    if is_assigned:
        hint = "`define_population` was assigned like a column: call it, `dataset.define_population(...)`."
    return DefinitionError("The dataset has no population.", "no-population", hint)


def interval_in_dataset(operation):
    return Error(
        f"`{operation}` uses INTERVAL, which only has dates inside measures.",
        "interval-in-dataset",
        "Use literal dates in a dataset, or define measures.",
    )


def event_table_empty(name):
    return DefinitionTypeError(f"The event table `{name}` needs at least one column.", "event-table")


def event_table_one_value(name, first, has_no_rows):
    if has_no_rows:
        return DefinitionTypeError(
            f"No column of the event table `{name}` has many values a patient.",
            "event-table",
            "A series with one value a patient belongs in the dataset itself.",
        )
    return DefinitionTypeError(
        f"The first column of the event table `{name}`, `{first}`, has one value a patient; the first column says which rows"
        " there are.",
        "event-table",
        "Begin with a column that has many values a patient.",
    )


def event_table_rows(name):
    return Error(
        f"The columns of the event table `{name}` have different rows, which can't be matched to one another.",
        "unrelated-rows",
        "Use columns of the same rows, after the same filters.",
    )


def dummy_option(name, expected, found):
    return DefinitionTypeError(
        f"`{name}` of `configure_dummy_data()` needs {expected}; found {brief(found)}.", "dummy-data-option"
    )


def dummy_constraint_legacy():
    return DefinitionValueError(
        "`additional_population_constraint` does not go with `legacy=True`.", "dummy-data-option", "Use one of them."
    )


def measure_missing(name, part):
    return Error(
        f"Measure `{name}` has no `{part}`.",
        "measure-part",
        f"Give `{part}` to `define_measure(...)`, or to `define_defaults(...)` before it.",
    )


def measure_name_used(name):
    return Error(f"Two measures are called `{name}`.", "name-used", "Choose another name.")


def group_by_type(found):
    return DefinitionTypeError(
        f"`group_by` needs a dict of names to series; found {found}.",
        "group-by",
        'For example `{"sex": patients.sex}`.',
    )


def group_by_differs(name):
    return Error(
        f"The group `{name}` stands for another series than in an earlier measure.",
        "group-by",
        "One name means one series in all measures of a file; choose another name.",
    )


def defaults_again():
    return Error("`define_defaults()` was called already.", "defaults-again", "Give all defaults in one call.")


def intervals_type(found):
    return Error(
        f"`intervals` needs a list of pairs of dates; found {found}.",
        "intervals",
        '`months(12).starting_on("2022-01-01")` gives such a list.',
    )


def intervals_duration(unit):
    return Error(
        f"`intervals` needs a list of pairs of dates; found {unit}(...).",
        "intervals",
        f'Say where it starts or ends: `{unit}(n).starting_on("<DATE>")`.',
    )


def intervals_pair(found):
    return Error(
        f"Each interval is a pair of `datetime.date`; found {found}.",
        "intervals",
        '`months(12).starting_on("2022-01-01")` gives such a list.',
    )


def intervals_reversed(start, end):
    return Error(f"This interval ends before it starts: {start} to {end}.", "intervals", "Swap its dates.")


def no_file(path):
    return DefinitionError(f"There is no file {path}.", "definition-missing", "Paths start at the study's folder.")


_MAKERS = {"dataset": "create_dataset()", "measures": "create_measures()", "test_data": "{...}"}


def no_variable(name, path, other, has_other_kind):
    """`other` is a variable of the right kind; `has_other_kind` says whether measures were found for a dataset, or the reverse."""
    hint = f"Assign it: `{name} = {_MAKERS[name]}`; or import it from the file that does."
    if other:
        hint = f"`{other}` is one: call it `{name}`."
    elif has_other_kind:
        found, command = ("measures", "generate-measures") if name == "dataset" else ("a dataset", "generate-dataset")
        hint = f"It defines {found}: use `{command}`."
    return DefinitionError(f"Did not find a variable called `{name}` in {path}.", "no-definition", hint)


def wrong_variable(name, path, expected, found):
    return DefinitionError(f"`{name}` in {path} should be {expected}; found {a(found)}.", "wrong-definition")


def no_measures(path):
    return DefinitionError(
        f"`measures` in {path} has no measures.", "no-measures", "Add `measures.define_measure(...)`."
    )


def test_data_value(place, found):
    return DefinitionError(
        f"`test_data` holds {a(found)} at {place}; accepted are dicts, lists, text, numbers, bools, None and dates.",
        "test-data",
    )


def parameter_type(found):
    return DefinitionTypeError(
        f"`get_parameter()` can't read a parameter as {found}.",
        "parameter-type",
        "The types are str, int, float and bool; several values give a list by themselves.",
    )


def parameter_missing(name, given):
    near = nearest(name, given)
    hint = f"Pass it after `--`: `... definition.py --output ... -- --{name} VALUE`."
    if near:
        hint += f" The nearest parameter given is `--{near}`."
    return ParameterError(f"No value for the parameter `{name}`, and it has no default.", "parameter-missing", hint)


def parameter_value(name, expected, found):
    return BadParameterValue(f"The parameter `{name}` needs {a(expected)}; found {brief(found)}.", "parameter-value")


def permission_name(found):
    return DefinitionTypeError(
        f"`claim_permissions()` takes names of permissions as text; found {brief(found)}.", "permission-name"
    )


def too_many_shows(limit):
    return Error(f"`show()` was called more than {limit} times.", "too-many-shows", "Move it out of the loop.")


def show_domains():
    return Error(
        "`show()` was given series with different rows, which can't be shown side by side.",
        "unrelated-rows",
        "Show them one by one.",
    )
