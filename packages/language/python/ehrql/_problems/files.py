"""What can be wrong with the files and rows that a study brings as a table. No message holds a value from a file."""

from .base import DefinitionTypeError, DefinitionValueError, FileValidationError, a, brief, listing


def missing(path):
    return FileValidationError(
        f"There is no file `{path}`.",
        "file-missing",
        "If an earlier action makes it, list that action under `needs` and run it first.",
    )


def extension(path, extensions):
    return FileValidationError(
        f"`{path}` is not a kind of file that can be a table; found `{path.suffix or 'no extension'}`, accepted are "
        f"{listing(extensions)}.",
        "file-extension",
    )


def outside_study(path):
    return FileValidationError(
        f"`{path}` is outside the study: a table's file must be in the folder where the action runs.",
        "file-outside-study",
        "Use a path relative to the study's folder.",
    )


def empty(path):
    return FileValidationError(f"`{path}` is empty: it has no header row.", "file-empty")


def unreadable(path, expected):
    return FileValidationError(f"`{path}` could not be read as {expected}.", "file-unreadable")


def missing_columns(path, missing, header):
    plural = "columns" if len(missing) > 1 else "column"
    return FileValidationError(
        f"`{path}` lacks the {plural} {listing(missing)}.", "file-columns", f"It has {listing(header)}."
    )


def patient_id_column():
    return DefinitionValueError(
        "`patient_id` is read from every table and can't be declared as a column.",
        "patient-id-column",
        "Leave it out of the columns.",
    )


def not_one_row(decorator, name):
    return DefinitionTypeError(
        f"`{decorator}` makes tables of one row a patient; `{name}` is not a PatientFrame.", "table-class"
    )


def columns_type(found):
    return DefinitionTypeError(
        f"`columns` of `table_from_file()` is a dict of names to types; found {a(found)}.",
        "table-columns",
        'For example `{"index_date": date}`.',
    )


def row_type(found):
    return DefinitionTypeError(
        f"Each row is a tuple of the patient id and the columns; found {a(found)}.",
        "row-value",
        'For example `[(1, "female"), (2, "male")]`.',
    )


def row_length(found, expected):
    return DefinitionValueError(
        f"A row has {found} values; the patient id and the columns need {expected}.", "row-length"
    )


def row_patient_id(found):
    return DefinitionTypeError(f"A row must start with an int patient id; found {brief(found)}.", "row-value")


def row_value(column, expected, found):
    return DefinitionTypeError(f"Column `{column}` holds {expected} values; found {a(found)}.", "row-value")
