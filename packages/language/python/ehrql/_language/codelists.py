"""Reads codelists: a list of codes, or a dict from code to category. Codes are checked where they are first compared."""

import csv
from pathlib import Path
from typing import overload

from .._problems import literals as problems
from .codes import origins


# Said for editors: a list of codes, or a dict when there are categories.
@overload
def codelist_from_csv(path: str | Path, *, column: str) -> list[str]: ...
@overload
def codelist_from_csv(path: str | Path, *, column: str, category_column: str | None) -> dict[str, str]: ...
def codelist_from_csv(path, *, column, category_column=None):
    """Gives the distinct codes of a column in order of first appearance; with `category_column`, a dict to categories
    in which the last row of a code wins. Blanks around codes and categories go; rows without a code are left out.

    Raises CodelistError when the file or a column is missing, or the file is empty or not UTF-8.
    """
    path = Path(path)
    if not path.is_file():
        raise problems.codelist_missing(path)
    try:
        # utf-8-sig: spreadsheets put a mark before the first header, which is no part of its name.
        with path.open(newline="", encoding="utf-8-sig") as lines:
            return codelist_from_csv_lines(lines, column=column, category_column=category_column, name=str(path))
    except UnicodeDecodeError:
        raise problems.codelist_unreadable(path) from None


def codelist_from_csv_lines(lines, *, column, category_column=None, name="(lines)"):
    rows = csv.reader(lines)
    header = next(rows, None)
    if header is None:
        raise problems.codelist_empty(name)
    wanted = [column] if category_column is None else [column, category_column]
    for wanted_column in wanted:
        if wanted_column not in header:
            raise problems.codelist_column(wanted_column, name, header)
    positions = [header.index(wanted_column) for wanted_column in wanted]
    codes = {}
    for number, row in enumerate(rows, start=1):
        cells = [row[position].strip() if position < len(row) else "" for position in positions]
        if cells[0]:
            codes[cells[0]] = cells[-1]
            origins[cells[0]] = (name, number, column)
    return list(codes) if category_column is None else codes
