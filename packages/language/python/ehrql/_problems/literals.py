"""What can be wrong with a value that is written in a definition: a date, a code, a codelist."""

import datetime
import re

from .base import CodelistError, DefinitionTypeError, DefinitionValueError, a, brief, listing, nearest


_YEAR_FIRST = re.compile(r"(\d{4})[-/. ]?(\d{1,2})[-/. ]?(\d{1,2})")
_DAY_FIRST = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})")


def date_format(text):
    meant = _meant(text)
    hint = f'Write `"{meant}"`.' if meant else "For example `2022-01-31`."
    replaces = (text, meant) if meant else None
    return DefinitionValueError(
        f"Dates must be in YYYY-MM-DD format: {brief(text)} is not.", "date-format", hint, replaces
    )


def _meant(text):
    """The date in the right form, where there is no doubt about it; 01/02/2022 could be in January or February."""
    year_first, day_first = _YEAR_FIRST.fullmatch(text), _DAY_FIRST.fullmatch(text)
    try:
        if year_first and (len(text) == 8 or not text.isdigit()):
            return datetime.date(*(int(part) for part in year_first.groups())).isoformat()
        if day_first and int(day_first[1]) > 12:
            return datetime.date(int(day_first[3]), int(day_first[2]), int(day_first[1])).isoformat()
    except ValueError:
        return None
    return None


def date_not_real(text):
    return DefinitionValueError(f"There is no such date as {brief(text)}.", "date-format")


def datetime_given():
    return DefinitionTypeError(
        "A date is needed; found a date with a time.", "datetime", "`.date()` of a datetime gives its date."
    )


def date_out_of_range():
    return DefinitionValueError("This date is outside the years 1 to 9999.", "date-range")


def int_range():
    return DefinitionValueError("This int is too large: ints have 64 bits, about 19 digits.", "int-range")


def _as_code(text, is_valid):
    """The text with what people commonly get wrong put right, if that makes it a code."""
    tries = (text.strip(), text.upper(), text.replace(".", ""), text.upper().replace(".", ""), text.ljust(5, "."))
    return next((one for one in tries if one != text and is_valid(one)), None)


def code_format(type, text, example, origin, is_valid):
    meant = _as_code(text, is_valid)
    if meant and not origin:
        return DefinitionValueError(
            f"Invalid {type}: {brief(text)}.", "code-format", f"Write `{meant}`.", (text, meant)
        )
    where = f" It comes from row {origin[1]} of {origin[0]}, column `{origin[2]}`." if origin else ""
    return DefinitionValueError(
        f"Invalid {type}: {brief(text)}.{where}",
        "code-format",
        f"A code of this system looks like `{example}`. Check that the codelist and its column are of the same coding system."
        if example
        else None,
    )


def code_not_text(type, found):
    return DefinitionTypeError(
        f"{a(type)} is made from text; found {a(found)}.".replace("an S", "A S", 1),
        "code-format",
        "Write the code in quotes.",
    )


def other_code_system(operation, expected, found):
    return DefinitionTypeError(
        f"`{operation}` compares {expected} values; found {a(found)}.",
        "different-types",
        "Codes of different systems are never equal.",
    )


def codelist_missing(path):
    hint = None
    if "\\" in str(path):
        hint = "The path has a backslash: use `/` between folders, which works everywhere."
    elif path.is_symlink():
        hint = "It is a link, and leads to nothing in the study's folder: put the file itself there."
    return CodelistError(
        f"No CSV file at {path}", "codelist-missing", hint or "Check the name, or fetch the codelists."
    )


def codelist_column(column, path, columns):
    near = nearest(column, columns)
    hint = f"The nearest column is `{near}`. " if near else ""
    return CodelistError(
        f"No column '{column}' in CSV file {path}.", "codelist-column", f"{hint}Columns: {listing(columns)}."
    )


def codelist_empty(path):
    return CodelistError(
        f"The CSV file {path} is empty: it has no header row.", "codelist-empty", "A codelist needs a header and codes."
    )


def codelist_unreadable(path):
    return CodelistError(
        f"The CSV file {path} is not text in UTF-8.", "codelist-unreadable", "Save it as CSV with UTF-8 encoding."
    )


def duration_argument(unit, found):
    hint = "A mean or another float needs `.as_int()`." if found == "float" else None
    return DefinitionTypeError(
        f"`{unit}()` needs an int or an int series; found {'None' if found == 'NoneType' else a(found)}.",
        "duration-argument",
        hint,
    )


def duration_units(left, right, operator):
    return DefinitionTypeError(
        f"`{operator}` can't join {left} and {right}: their units differ.",
        "duration-units",
        "Add each to the date in turn: `date + months(1) + days(3)`.",
    )


def duration_with(operator, unit, found):
    return DefinitionTypeError(
        f"`{operator}` does not work between {unit}(...) and {a(found)}.",
        "duration-operand",
        "A duration can be added to or subtracted from a date, or a duration of the same unit.",
    )


def duration_minus_date(unit):
    return DefinitionTypeError(
        f"A date can't be subtracted from {unit}(...).",
        "duration-operand",
        f"Write the date first: `date - {unit}(n)`.",
    )


def intervals_from_series(method):
    return DefinitionTypeError(
        f"`.{method}()` needs a duration with a literal number; found one made from a series.",
        "intervals",
        "Intervals are the same for all patients.",
    )


def intervals_negative(method):
    return DefinitionValueError(
        f"`.{method}()` needs a duration of zero or more.",
        "intervals",
        f"`.{'ending_on' if method == 'starting_on' else 'starting_on'}(...)` counts the other way.",
    )


def intervals_date(method, found):
    return DefinitionTypeError(
        f"`.{method}()` needs a literal date or text such as `2022-01-31`; found {found}.", "intervals"
    )


def duration_times(unit):
    return DefinitionTypeError(
        f"{unit}(...) can't be multiplied or divided.",
        "duration-operand",
        f"Work out the number inside the brackets: `{unit}(2 * n)`.",
    )


def episode_gap(found):
    return DefinitionTypeError(
        f"`count_episodes_for_patient()` needs `days(n)` or `weeks(n)` with a literal number; found {found}.",
        "episode-gap",
        "For example `days(14)`; months and years differ in length.",
    )


def interval_pair(operation):
    return DefinitionTypeError(f"`{operation}` needs a pair of dates, `(start, end)`, or INTERVAL.", "interval-pair")
