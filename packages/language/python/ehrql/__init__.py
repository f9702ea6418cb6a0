"""What studies import: pure standard-library Python that builds the query model of a definition and holds no data."""

# Studies do `from ehrql import Path`, so it stays among the names.
from pathlib import Path

from . import _legacy, query_language
from ._language.cases import case, maximum_of, minimum_of, when
from ._language.codelists import codelist_from_csv
from ._language.datasets import Dataset, create_dataset
from ._language.durations import days, months, weeks, years
from ._language.measures import INTERVAL, Measures, create_measures
from ._language.parameters import get_parameter
from ._language.permissions import claim_permissions
from ._language.show import show
from ._language.tables import table_from_file
from ._problems.base import Error

__version__ = "1.0.0"

_legacy.install()

__all__ = [
    "INTERVAL",
    "Dataset",
    "Error",
    "Measures",
    "Path",
    "case",
    "claim_permissions",
    "codelist_from_csv",
    "create_dataset",
    "create_measures",
    "days",
    "get_parameter",
    "maximum_of",
    "minimum_of",
    "months",
    "query_language",
    "show",
    "table_from_file",
    "weeks",
    "when",
    "years",
]
