"""`create_dataset()`: a population and named columns, one row a patient; and event tables, many rows a patient.

A column is set like an attribute, `dataset.age = ...`, once and never changed. What belongs to the dataset itself is kept
under names that start with `_`, which no column can have.
"""

from .._model.domains import PATIENT, common_domain
from .._model.empty_universe import evaluate
from .._problems import definitions as problems
from .dummy_data import UNSET, dummy_data_options
from .names import check_name
from .wrapping import series_node, wrap

_RESERVED = frozenset({"patient_id", "population", "dummy_data_config"})


class Dataset:
    """What one run of `generate-dataset` gives."""

    def __init__(self):
        set_ = object.__setattr__
        set_(self, "_population", None)
        set_(self, "_columns", {})
        set_(self, "_event_tables", {})
        set_(self, "_dummy_data", {})

    def define_population(self, population):
        """Chooses the patients: those for whom the bool series is True. Called exactly once."""
        if self._population is not None:
            raise problems.population_again()
        if isinstance(population, bool) or population is None:
            raise problems.literal_population(population)
        node = patient_node(population, "define_population()")
        if node.type != "bool":
            raise problems.series_type("define_population()", "bool", node.type)
        if node.has_parameter:
            raise problems.interval_in_dataset("define_population()")
        if evaluate(node) is True:
            raise problems.population_true_for_nothing()
        object.__setattr__(self, "_population", node)

    @property
    def population(self):
        if self._population is None:
            raise problems.unknown_variable("population", [])
        return wrap(self._population)

    def add_column(self, name, series):
        """As `dataset.<name> = series`, for names that are made up as the definition runs."""
        check_name(name, "column", _RESERVED, {**self._columns, **self._event_tables})
        node = patient_node(series, f"dataset.{name}")
        if node.has_parameter:
            raise problems.interval_in_dataset(f"dataset.{name}")
        self._columns[name] = node

    def add_event_table(self, name, **columns):
        """A further table of many rows a patient; needs the permission `event_level_data`."""
        # The main table's file is called dataset, so no other table can be.
        check_name(name, "event table", {*_RESERVED, "dataset"}, {**self._columns, **self._event_tables})
        table = EventTable(name)
        if not columns:
            raise problems.event_table_empty(name)
        nodes = [series_node(series, f"{name}.{column}") for column, series in columns.items()]
        # The first column says which rows there are.
        if nodes[0].domain is PATIENT:
            raise problems.event_table_one_value(name, next(iter(columns)), all(node.domain is PATIENT for node in nodes))
        for column, series in columns.items():
            table.add_column(column, series)
        self._event_tables[name] = table

    def configure_dummy_data(
        self, *, population_size=UNSET, legacy=UNSET, timeout=UNSET, additional_population_constraint=UNSET
    ):
        """How much dummy data to make, and within what time; see `dummy_data_options`."""
        object.__setattr__(
            self, "_dummy_data", dummy_data_options(population_size, legacy, timeout, additional_population_constraint)
        )

    def __setattr__(self, name, value):
        if name == "population":
            raise problems.population_assigned()
        self.add_column(name, value)

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        if name in self._columns:
            return wrap(self._columns[name])
        if name in self._event_tables:
            return self._event_tables[name]
        methods = [n for n in dir(type(self)) if not n.startswith("_")]
        raise problems.unknown_variable(name, [*self._columns, *self._event_tables, *methods])


class EventTable:
    """Columns of the same rows; patient series may stand beside them."""

    def __init__(self, name):
        object.__setattr__(self, "_name", name)
        object.__setattr__(self, "_columns", {})

    def add_column(self, name, series):
        check_name(name, "column", {"patient_id"}, self._columns)
        node = series_node(series, f"{self._name}.{name}")
        if node.has_parameter:
            raise problems.interval_in_dataset(f"{self._name}.{name}")
        if common_domain([*self._columns.values(), node]) is None:
            raise problems.event_table_rows(self._name)
        self._columns[name] = node

    def __setattr__(self, name, value):
        self.add_column(name, value)

    def __getattr__(self, name):
        if not name.startswith("_") and name in self._columns:
            return wrap(self._columns[name])
        raise problems.unknown_variable(name, list(self._columns))


def patient_node(series, operation):
    """The node of a series with one value a patient, or the problem that fits what it is instead."""
    node = series_node(series, operation)
    if node.domain is not PATIENT:
        raise problems.not_one_value(operation, node.domain)
    return node


def create_dataset():
    return Dataset()
