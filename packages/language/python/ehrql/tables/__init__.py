"""What a study needs to declare a table, and the namespaces of the tables that backends have."""

from .._language.constraints import Constraint
from .._language.columns import Series
from .._language.frames import EventFrame, PatientFrame
from .._language.tables import table, table_from_file, table_from_rows

__all__ = ["Constraint", "EventFrame", "PatientFrame", "Series", "table", "table_from_file", "table_from_rows"]
