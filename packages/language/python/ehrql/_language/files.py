"""Checks, while the definition loads, that the file of a `table_from_file` is there and has its columns.

The rows are read and checked by the engine that runs the query. An Arrow file is only checked to exist: reading one takes
a library that this package doesn't have.
"""

import csv
import gzip
from pathlib import Path

from .._problems import files as problems

_EXTENSIONS = (".csv", ".csv.gz", ".arrow")


def check_table_file(path, columns):
    """Raises FileValidationError when the file can't be the table with these columns."""
    path = Path(path)
    resolved, root = path.resolve(), Path.cwd().resolve()
    if not resolved.is_relative_to(root):
        raise problems.outside_study(path)
    if not str(path).endswith(_EXTENSIONS):
        raise problems.extension(path, _EXTENSIONS)
    if not resolved.is_file():
        raise problems.missing(path)
    if path.name.endswith(".arrow"):
        with resolved.open("rb") as file:
            is_arrow = file.read(6) == b"ARROW1"
        if not is_arrow:
            raise problems.unreadable(path, "an Arrow file")
        return
    header = _header(path, resolved)
    missing = [name for name in ("patient_id", *columns) if name not in header]
    if missing:
        raise problems.missing_columns(path, missing, header)


def _header(path, resolved):
    try:
        if path.name.endswith(".gz"):
            with gzip.open(resolved, "rt", newline="", encoding="utf-8-sig") as file:
                header = next(csv.reader(file), None)
        else:
            with resolved.open(newline="", encoding="utf-8-sig") as file:
                header = next(csv.reader(file), None)
    except (OSError, EOFError, UnicodeDecodeError, csv.Error):
        raise problems.unreadable(path, "a CSV file in UTF-8") from None
    if header is None:
        raise problems.empty(path)
    return header
