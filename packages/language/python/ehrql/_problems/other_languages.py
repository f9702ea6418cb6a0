"""Names that people bring from pandas, R, SQL and cohort-extractor, with what to write here instead.

Each entry is (advice, name): the name, if there is one, can stand in the same place, and makes the corrected line.
"""

_ROWS = "It belongs to tables and rows: `<table>.{}()`."
_PICK = "Sort the table's rows, pick one, then name the column: `<table>.sort_by(<column>).{}().date`."
_YEAR = "A date series has `.year`, `.month` and `.day` itself."
_TEXT = "Text is compared (`==`, `.is_in([...])`) or searched (`.contains(...)`) and never changed; `.map_values({...})` names its values anew."

_OF_SERIES = {
    "exists_for_patient": (_ROWS.format("exists_for_patient"), None),
    "count_for_patient": (_ROWS.format("count_for_patient"), None),
    "first_for_patient": (_PICK.format("first_for_patient"), None),
    "last_for_patient": (_PICK.format("last_for_patient"), None),
    "sort_by": ("It belongs to tables: `<table>.sort_by(<column>)`.", None),
    "where": ("It belongs to tables: filter the rows, then name the column.", None),
    "except_where": ("It belongs to tables: filter the rows, then name the column.", None),
    "mean": ("It is called `mean_for_patient`.", "mean_for_patient"),
    "avg": ("It is called `mean_for_patient`.", "mean_for_patient"),
    "sum": ("It is called `sum_for_patient`.", "sum_for_patient"),
    "max": ("It is called `maximum_for_patient`.", "maximum_for_patient"),
    "min": ("It is called `minimum_for_patient`.", "minimum_for_patient"),
    "nunique": ("It is called `count_distinct_for_patient`.", "count_distinct_for_patient"),
    "unique": ("`.count_distinct_for_patient()` counts different values.", None),
    "n_distinct": ("It is called `count_distinct_for_patient`.", "count_distinct_for_patient"),
    "count": ("`.count_for_patient()` of the table counts rows; `.count_distinct_for_patient()` counts different values.", None),
    "isna": ("It is called `is_null`.", "is_null"),
    "is_na": ("It is called `is_null`.", "is_null"),
    "notna": ("It is called `is_not_null`.", "is_not_null"),
    "notnull": ("It is called `is_not_null`.", "is_not_null"),
    "fillna": ("It is called `when_null_then`.", "when_null_then"),
    "coalesce": ("It is called `when_null_then`.", "when_null_then"),
    "abs": ("It is called `absolute`.", "absolute"),
    "astype": ("`.as_int()` and `.as_float()` change the type of numbers.", None),
    "round": ("`.as_int()` drops what follows the point.", None),
    "replace": ("`.map_values({...})` gives other values.", None),
    "map": ("It is called `map_values`.", "map_values"),
    "between": ("`.is_on_or_between(a, b)` for dates; `(x >= a) & (x <= b)` for numbers.", None),
    "is_between": ("`.is_on_or_between(a, b)` for dates; `(x >= a) & (x <= b)` for numbers.", None),
    "dt": (_YEAR, None),
    "str": (_TEXT, None),
    "lower": (_TEXT, None),
    "upper": (_TEXT, None),
    "strip": (_TEXT, None),
    "startswith": ("`.is_in([...])` compares with whole codes or texts; `.contains(...)` looks inside text.", None),
    "apply": ("Operations on a series apply to every value at once: write the expression itself.", None),
}

_WHERE = ("Rows are chosen with `where`.", "where")
_FIRST = ("Rows are picked with `.sort_by(<column>).first_for_patient()`.", None)
_LAST = ("Rows are picked with `.sort_by(<column>).last_for_patient()`.", None)
_SORT = ("Rows are sorted with `sort_by`.", "sort_by")
_GROUPS = (
    "Everything is worked out for each patient already; `group_by` of `define_measure(...)` groups patients.",
    None,
)
_JOIN = ("Tables are never joined: columns of the dataset, each from its own table, belong to the same patient.", None)

_OF_TABLES = {
    "count": ("It is called `count_for_patient`.", "count_for_patient"),
    "exists": ("It is called `exists_for_patient`.", "exists_for_patient"),
    "filter": _WHERE,
    "query": ("Rows are chosen with `where`, and the condition is no text: `.where(table.column > 5)`.", None),
    "loc": _WHERE[:1] + (None,),
    "take": _WHERE,
    "subset": _WHERE,
    "drop": ("Rows are left out with `except_where`.", "except_where"),
    "iloc": _FIRST,
    "head": _FIRST,
    "first": _FIRST,
    "tail": _LAST,
    "last": _LAST,
    "sort": _SORT,
    "sort_values": _SORT[:1] + (None,),
    "order_by": _SORT,
    "orderby": _SORT,
    "arrange": _SORT,
    "groupby": _GROUPS,
    "group_by": _GROUPS,
    "join": _JOIN,
    "merge": _JOIN,
    "left_join": _JOIN,
    "select": ("Columns are named with a dot: `dataset.date = <one row>.date`.", None),
    "patient_id": ("Patients are identified in the output by themselves; no column is needed.", None),
    "age": ("An age is on a date: `patients.age_on(\"2022-01-31\")`.", None),
    # cohort-extractor
    "all": ("Everybody in a table is `.exists_for_patient()`.", None),
    "age_at": ("It is called `age_on`.", "age_on"),
    "age_as_of": ("It is called `age_on`.", "age_on"),
    "registered_as_of": ("Use `practice_registrations.exists_for_patient_on(date)`.", None),
    "registered_with_one_practice_between": ("Use `practice_registrations.spanning(start, end).exists_for_patient()`.", None),
    "registered_practice_as_of": ("Use `practice_registrations.for_patient_on(date)`.", None),
    "address_as_of": ("Use `addresses.for_patient_on(date)`.", None),
    "with_these_clinical_events": ("Use `clinical_events.where(clinical_events.snomedct_code.is_in(codelist))`.", None),
    "with_these_medications": ("Use `medications.where(medications.dmd_code.is_in(codelist))`.", None),
    "admitted_to_hospital": ("Use `apcs.where(...)` of `ehrql.tables.tpp`.", None),
    "attended_emergency_care": ("Use `emergency_care_attendances.where(...)` of `ehrql.tables.tpp`.", None),
    "with_death_recorded_in_cpns": ("Use `ons_deaths.date`.", None),
    "died_from_any_cause": ("Use `ons_deaths.date`.", None),
    "with_these_codes_on_death_certificate": ("Use `ons_deaths.cause_of_death_is_in(codelist)`.", None),
    "with_test_result_in_sgss": ("Use `sgss_covid_all_tests` of `ehrql.tables.tpp`.", None),
    "satisfying": ("Join conditions with `&`, `|` and `~`.", None),
    "categorised_as": ("Use `case(when(condition).then(value), otherwise=...)`.", None),
    "date_of": ("Name the column of the row: `<one row>.date`.", None),
    "date_of_birth_year": ("Use `patients.date_of_birth.year`.", None),
}

_CASE = ("Use `case(when(condition).then(value), otherwise=...)`.", None)

# Names that nothing has in reach of a definition.
_ALONE = {
    "T": ("Python writes `True`.", "True"),
    "F": ("Python writes `False`.", "False"),
    "NaN": ("A missing value is tested with `.is_null()`; Python's own is `None`.", None),
    "nan": ("A missing value is tested with `.is_null()`; Python's own is `None`.", None),
    "true": ("Python writes `True`.", "True"),
    "TRUE": ("Python writes `True`.", "True"),
    "false": ("Python writes `False`.", "False"),
    "FALSE": ("Python writes `False`.", "False"),
    "null": ("A missing value is tested with `.is_null()`; Python's own is `None`.", None),
    "NULL": ("A missing value is tested with `.is_null()`; Python's own is `None`.", None),
    "NA": ("A missing value is tested with `.is_null()`; Python's own is `None`.", None),
    "is_na": ("A missing value is tested with `.is_null()`.", None),
    "is_null": ("It is a method: `series.is_null()`.", None),
    "coalesce": ("Use `a.when_null_then(b)`.", None),
    "ifelse": _CASE,
    "if_else": _CASE,
    "case_when": _CASE,
    "where": ("It is a method of tables, `table.where(condition)`; to choose between values use `case(when(...).then(...), otherwise=...)`.", None),
    "select": ("Name columns with a dot: `dataset.sex = patients.sex`.", None),
    "c": ("A list is written `[...]`.", None),
    "np": ("NumPy and pandas are for the actions that read what a definition extracts.", None),
    "pd": ("NumPy and pandas are for the actions that read what a definition extracts.", None),
    "StudyDefinition": ("Studies of cohort-extractor are written anew: `dataset = create_dataset()`.", None),
    "Measure": ("Use `measures = create_measures()` and `measures.define_measure(...)`.", None),
}


def of_series(name):
    return _OF_SERIES.get(name, (None, None))


def of_tables(name):
    return _OF_TABLES.get(name, (None, None))


def alone(name):
    return _ALONE.get(name, (None, None))
