"""What can be wrong with an expression on series."""

from . import other_languages
from .base import DefinitionAttributeError, DefinitionTypeError, Error, a, brief, calling, misspelling, nearest


def rows_of(domain):
    """Rows in a researcher's words: `clinical_events` after 2 filters."""
    filters, step = 0, domain
    while step.condition is not None:
        filters, step = filters + 1, step.parent
    name = f"`{domain.table['name']}`"
    return name if not filters else f"{name} after {'a filter' if filters == 1 else f'{filters} filters'}"


def _types(types):
    order = ("bool", "int", "float", "str", "date")
    names = [*(t for t in order if t in types), *sorted(t for t in types if t not in order)]
    if any(n.endswith("Code") for n in names) and len(names) > 4:
        names = [n for n in names if not n.endswith("Code")] + ["code"]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


def wrong_type(operation, accepted, found):
    hint = None
    if found == "bool" and "int" in accepted:
        hint = "`.as_int()` turns a bool series into 0 and 1."
    elif accepted == frozenset({"bool"}) or accepted == {"bool"}:
        hint = (
            "Compare it with something, or test `.is_not_null()`. Comparisons need brackets next to `&`, `|` and `~`: "
            "`(a == 1) | (b == 2)`."
        )
    return DefinitionTypeError(
        f"`{operation}` needs {a(_types(accepted))} series; this is {a(found)} series.", "wrong-type", hint
    )


def different_types(operation, types):
    if operation in ("&", "|"):
        return operator_not_supported(operation, *(f"{a(type)} series" for type in types))
    hint = None
    if set(types) == {"int", "float"}:
        hint = "`.as_float()` turns an int series into a float series."
    return DefinitionTypeError(
        f"`{operation}` needs values of one type; found {' and '.join(types)}.", "different-types", hint
    )


def literal_type(operation, expected, literal):
    hint = None
    if literal is None:
        return DefinitionTypeError(
            f"`{operation}` was given None; a {expected} value is needed.",
            "none-literal",
            "`.is_null()` and `.is_not_null()` test for missing values.",
        )
    if operation in ("&", "|"):
        return operator_not_supported(operation, f"the {type(literal).__name__} {brief(literal)}", None)
    if expected == "int" and isinstance(literal, float):
        hint = "`.as_float()` turns an int series into a float series, which takes such a number."
    if expected == "bool" and isinstance(literal, int):
        hint = "Comparisons need brackets next to `&`, `|` and `~`; otherwise use True or False."
    if expected in ("int", "float") and isinstance(literal, str) and literal.strip().lstrip("-").isdigit():
        hint = f"Write the number without quotes: `{literal.strip()}`."
    if expected == "date" and isinstance(literal, int):
        hint = 'A date is written as text such as `"2022-01-31"`; `.year` gives the year as a number.'
    if expected.endswith("Code") and isinstance(literal, int):
        hint = f'Write the code in quotes: `"{literal}"`.'
    if expected == "int" and isinstance(literal, bool):
        hint = "`.as_int()` turns a bool series into 0 and 1."
    return DefinitionTypeError(
        f"`{operation}` needs {a(expected)} here; found {a(type(literal).__name__)}: {brief(literal)}.",
        "different-types",
        hint,
    )


def unrelated_rows(operation, domains):
    names = " and ".join(dict.fromkeys(rows_of(d) for d in domains))
    hint = (
        "Reduce one side to one value a patient first, for example with `.sort_by(...).first_for_patient()`, "
        "`.count_for_patient()` or `.maximum_for_patient()`"
    )
    if operation in ("==", "!="):
        hint += "; or test membership with `.is_in(...)`"
    return Error(
        f"`{operation}` was given series with different rows, which can't be matched to one another: {names}.",
        "unrelated-rows",
        f"{hint}.",
    )


def one_value_already(operation):
    return DefinitionTypeError(
        f"`{operation}` needs a series with many values a patient; this one has one value a patient already.",
        "one-value-already",
        "Use the series as it is.",
    )


def truth_value():
    return DefinitionTypeError(
        "Python's `and`, `or`, `not`, `if`, `in` and chained comparisons (`1 < x < 5`) need one True or False; "
        "a series has a value for each patient.",
        "truth-value",
        "Use `&` for and, `|` for or, `~` for not, and `(1 < x) & (x < 5)` for a chain, each comparison in brackets.",
    )


def python_keyword(found, replacement):
    return DefinitionTypeError(
        f"`{found}` can't be used with a series: it needs one True or False, and a series has a value for each patient.",
        "truth-value",
        replacement,
    )


def membership_in_series():
    return DefinitionTypeError(
        "Python's `in` can't look inside a series.",
        "truth-value",
        "`a.is_in(b)` tests whether each value of a is among those of b; `a.contains(b)` looks for text.",
    )


def operator_not_supported(operator, left, right):
    if operator in "&|~":
        types = left if right is None else f"{left} and {right}"
        return DefinitionTypeError(
            f"`{operator}` needs bool series; found {types}.",
            "precedence",
            f"`{operator}` binds tighter than `==`, `<` and `>`: put each comparison in brackets, "
            + ("`~(a == b)`." if operator == "~" else f"`(a == 1) {operator} (b == 2)`."),
        )
    hint = None
    if operator in "+-" and any("date series" in str(side) for side in (left, right)):
        hint = (
            "Add or subtract `days(n)`, `weeks(n)`, `months(n)` or `years(n)`; the difference of two dates has `.days`."
        )
    elif operator == "%":
        hint = "The remainder of x and n is `x - (x // n) * n`."
    elif any("bool" in str(side) for side in (left, right)):
        hint = "`.as_int()` turns a bool series into 0 and 1."
    found = left if right is None else f"{left} and {right}"
    return DefinitionTypeError(f"`{operator}` does not work on {found}.", "operator-not-supported", hint)


def no_order(type, operator):
    return DefinitionTypeError(
        f"`{operator}` does not work on {type} series, which have no order.", "operator-not-supported"
    )


def multi_code_equality(type):
    single = type.removesuffix("MultiCodeString")
    return DefinitionTypeError(
        f"This series is {a(type)}: each value holds several codes, so it can't be compared with a code as a whole.",
        "multi-code-equality",
        f'Use `.contains("...")` for one {single} code or prefix, or `.contains_any_of(codelist)` for a list.',
    )


def multi_code_contains_list(type):
    return DefinitionTypeError(
        f"`contains()` on {a(type)} looks for one code or prefix; found a list.",
        "multi-code-contains",
        "`.contains_any_of(codelist)` looks for any code of a list.",
    )


def multi_code_contains_any_of_text():
    return DefinitionTypeError(
        "`contains_any_of()` needs a list of codes; found one text.",
        "multi-code-contains",
        "`.contains(code)` looks for one code or prefix.",
    )


def is_in_wrong(found, hint):
    return DefinitionTypeError(
        f"`is_in()` needs a list, tuple, set or dict of values, or a series with many values a patient; found {found}.",
        "is-in-argument",
        hint,
    )


def none_in_list(operation):
    return DefinitionTypeError(
        f"`{operation}` was given a list that holds None.",
        "none-literal",
        "Leave it out, and use `| x.is_null()` to include missing values.",
    )


def abs_builtin():
    return DefinitionTypeError("`abs()` does not work on a series.", "abs-builtin", "Use `.absolute()`.")


def converted(wanted, method):
    return DefinitionTypeError(
        f"A series can't become {wanted if wanted[-1] != ')' else f'one number with `{wanted}`'}: it has a value for each patient.",
        "converted-series",
        f"`{method}` converts every value." if method else "Use a number that is the same for all patients.",
    )


def frozen_series(name):
    return DefinitionAttributeError(
        f"A series can't be given the attribute `{name}`: it never changes once made.",
        "frozen-series",
        "Assign it to a variable, or to a column of the dataset.",
    )


def unknown_method(type, is_patient, name, names, owners):
    """`owners` describes the kinds of series that do have the name."""
    series = f"{a(type)} series with {'one value' if is_patient else 'many values'} a patient"
    if type == "bool" and name in ("sum_for_patient", "mean_for_patient"):
        owners = f"numbers; `.as_int()` before it turns each condition into 0 or 1, `.as_int().{name}()`"
    hint, near = other_languages.of_series(name) if not owners else (f"`{name}` belongs to {owners}.", None)
    near = near if near in names else None
    if hint is None:
        near = nearest(name, names)
        hint = f"The nearest name is `{near}`." if near else None
    return DefinitionAttributeError(f"There is no `{name}` on {series}.", "unknown-name", hint, misspelling(name, near))


def case_without_result():
    return DefinitionTypeError(
        "Every result of this `case()` is None, so it has no type.", "case-results", "Give at least one result a value."
    )


def case_types(types):
    hint = "Make all results one type."
    if set(types) == {"int", "float"}:
        hint = "`1.0` is a float and `1` an int; `.as_float()` turns an int series into a float series."
    elif "str" in types and "date" in types:
        hint = "Text isn't read as a date here: use `date(2020, 1, 31)` from the datetime module."
    elif "str" in types and any(t.endswith("Code") for t in types):
        hint = "Text isn't read as a code here: use the code's class from `ehrql.codes`."
    return DefinitionTypeError(
        f"All results of a `case()` must be one type; found {' and '.join(types)}.", "case-results", hint
    )


def case_argument(found, hint):
    return DefinitionTypeError(
        f"`case()` needs `when(condition).then(value)` as its arguments; found {found}.", "case-argument", hint
    )


def case_default_keyword():
    return DefinitionTypeError(
        "`case()` has no argument `default`.", "case-argument", "The value for no match is called `otherwise`.",
        ("default", "otherwise"),
    )


def case_duplicate(position, earlier):
    return DefinitionTypeError(
        f"Condition {position} of this `case()` is the same as condition {earlier}, so it can never decide.",
        "case-duplicate",
        "Remove it, or correct the condition.",
    )


def unfinished_when(has_then):
    if has_then:
        return DefinitionTypeError(
            "`when(...).then(...)` is unfinished.",
            "unfinished-when",
            "Finish it with `.otherwise(value)`, or `.otherwise(None)` for a missing value; or put it in `case(...)`.",
        )
    return DefinitionTypeError(
        "`when(...)` is unfinished.", "unfinished-when", "Finish it with `.then(value).otherwise(value)`."
    )


def frame_for_series(operation, name):
    return DefinitionTypeError(
        f"`{operation}` needs a series; found the table or rows `{name}`.",
        "frame-for-series",
        f"Name a column (`{name}.<column>`), or use `.exists_for_patient()` or `.count_for_patient()`.",
    )


def one_tuple(operation):
    return DefinitionTypeError(
        f"`{operation}` was given a tuple of one value.",
        "trailing-comma",
        "A comma at the end of a line makes a tuple: remove it.",
    )


def not_called(operation, name):
    return DefinitionTypeError(
        f"`{operation}` was given the function `{name}` itself rather than its result.", "not-called", *calling(name)
    )


def not_a_series(operation, found):
    hint = None
    if operation == "is_in()" and found == "a list":
        hint = "A list within the list is no value: lists are joined with `+`."
    if operation == "where()":
        hint = "A condition is a comparison of columns: `.where(<table>.<column> > 5)`."
    return DefinitionTypeError(f"`{operation}` needs a series or a value; found {found}.", "not-a-series", hint)


def compared_with_list(operation, found):
    method = "is_in" if operation == "==" else "is_not_in"
    return DefinitionTypeError(
        f"`{operation}` compares with one value; found {found}.",
        "not-a-series",
        f"`.{method}(...)` compares with several.",
    )


def literal_for_series(operation, found):
    if isinstance(found, str) and "a patient>" in found:
        return DefinitionTypeError(
            f"`{operation}` was given text made from a series; a series has a value for each patient, so Python can't "
            "put it into text.",
            "not-a-series",
            "Extract the series itself, and make the text in the script that reads the results.",
        )
    return DefinitionTypeError(
        f"`{operation}` needs a series; found the value {brief(found)}.",
        "not-a-series",
        "A value that is the same for all patients can be added by the script that reads the results."
        if operation.startswith("dataset.")
        else None,
    )


def loop_over_series():
    return DefinitionTypeError(
        "A series can't be looped over or counted: its values are only known where the data is.",
        "loop-over-series",
        "Operations on the series apply to every value at once.",
    )


def too_few_arguments(operation, is_list):
    hint = f"Put `*` before a list to pass its values one by one: `{operation.removesuffix('()')}(*values)`."
    return DefinitionTypeError(
        f"`{operation}` needs at least two values.", "too-few-arguments", hint if is_list else None
    )


def duration_for_series(operation, unit):
    return DefinitionTypeError(
        f"`{operation}` needs a series or a value; found {unit}(...).",
        "duration-operand",
        "A duration is added to a date; ages and differences are whole numbers, as in `age >= 18`.",
    )


def interval_for_date(operation):
    return DefinitionTypeError(
        f"`{operation}` needs one date; INTERVAL is a pair of them.",
        "interval-pair",
        "Use `INTERVAL.start_date` or `INTERVAL.end_date`.",
    )


def map_values_argument(found, hint=None):
    return DefinitionTypeError(
        f"`map_values()` needs a dict with at least one entry; found {found}.", "map-values", hint
    )


def unknown_unit(name):
    return DefinitionAttributeError(
        f"The difference of two dates has no `{name}`.",
        "unknown-name",
        "Choose a unit: `.days`, `.weeks`, `.months` or `.years`.",
    )


def date_difference_unit():
    return DefinitionTypeError(
        "The difference of two dates has no unit yet.",
        "date-difference",
        "Choose one: `.days`, `.weeks`, `.months` or `.years`.",
    )
