"""The types that a series can have, by name, and which operations each takes part in.

A type is a plain string here ("int", "SNOMEDCTCode"); the Python classes that stand for types in a `Series(...)` are
matched in `_language/literals.py`.
"""

BASIC_TYPES = ("bool", "int", "float", "str", "date")
CODE_TYPES = ("SNOMEDCTCode", "DMDCode", "CTV3Code", "ICD10Code", "OPCS4Code", "BNFCode")
MULTI_CODE_TYPES = ("ICD10MultiCodeString", "OPCS4MultiCodeString")
ALL_TYPES = (*BASIC_TYPES, *CODE_TYPES, *MULTI_CODE_TYPES)

NUMERIC = frozenset({"int", "float"})
ORDERED = frozenset({"int", "float", "str", "date", *CODE_TYPES})
TEXT = frozenset({"str", *MULTI_CODE_TYPES})
ANY = frozenset(ALL_TYPES)
BOOL = frozenset({"bool"})
DATE = frozenset({"date"})

# kind: (accepted types, result type or None for "as the source")
UNARY = {
    "not": (BOOL, "bool"),
    "is_null": (ANY, "bool"),
    "negate": (NUMERIC, None),
    "absolute": (NUMERIC, None),
    "cast_to_int": (NUMERIC | BOOL, "int"),
    "cast_to_float": (NUMERIC, "float"),
    "year": (DATE, "int"),
    "month": (DATE, "int"),
    "day": (DATE, "int"),
    "to_first_of_year": (DATE, "date"),
    "to_first_of_month": (DATE, "date"),
}

# kind: (accepted types, both sides alike, result type or None for "as the sides")
BINARY = {
    "eq": (ANY, "bool"),
    "ne": (ANY, "bool"),
    "lt": (ORDERED, "bool"),
    "le": (ORDERED, "bool"),
    "gt": (ORDERED, "bool"),
    "ge": (ORDERED, "bool"),
    "and": (BOOL, "bool"),
    "or": (BOOL, "bool"),
    "add": (NUMERIC, None),
    "subtract": (NUMERIC, None),
    "multiply": (NUMERIC, None),
    "true_divide": (NUMERIC, "float"),
    "floor_divide": (NUMERIC, "int"),
    "power": (NUMERIC, "float"),
    "difference_in_days": (DATE, "int"),
    "difference_in_months": (DATE, "int"),
    "difference_in_years": (DATE, "int"),
}
DATE_ADD = ("add_days", "add_months", "add_years")

# kind: (accepted types of the source, result type or None for "as the source")
AGGREGATIONS = {
    "count_distinct": (ANY, "int"),
    "min": (ORDERED, None),
    "max": (ORDERED, None),
    "sum": (NUMERIC, None),
    "mean": (NUMERIC, "float"),
    "combine_as_set": (ANY, None),
    "count_episodes": (DATE, "int"),
}

# How an operation reads in a message; where it is missing, as the method of the same name.
SPELLINGS = {
    "eq": "==",
    "ne": "!=",
    "lt": "<",
    "le": "<=",
    "gt": ">",
    "ge": ">=",
    "and": "&",
    "or": "|",
    "not": "~",
    "add": "+",
    "subtract": "-",
    "multiply": "*",
    "true_divide": "/",
    "floor_divide": "//",
    "power": "**",
    "negate": "-",
    "in": "is_in()",
    "contains": "contains()",
    "absolute": "absolute()",
    "cast_to_int": "as_int()",
    "cast_to_float": "as_float()",
    "min": "minimum_for_patient()",
    "max": "maximum_for_patient()",
    "sum": "sum_for_patient()",
    "mean": "mean_for_patient()",
    "count_distinct": "count_distinct_for_patient()",
    "count_episodes": "count_episodes_for_patient()",
    "combine_as_set": "is_in()",
    "maximum_of": "maximum_of()",
    "minimum_of": "minimum_of()",
    "filter": "where()",
    "sort": "sort_by()",
    "case": "case()",
}


def spelling(kind):
    """An operation as a researcher writes it."""
    return SPELLINGS.get(kind, kind)
