"""`configure_dummy_data(...)` of datasets and measures: keeps what the definition says and nothing else, so that a call
which only sets a timeout doesn't silently choose a population size too."""

from .._model.domains import PATIENT
from .._problems import definitions as problems
from .wrapping import series_node

UNSET = object()


def dummy_data_options(population_size, legacy, timeout, additional_population_constraint):
    """Gives a dict of the options that are not UNSET; the constraint as a node."""
    options = {}
    if population_size is not UNSET:
        if not _is_int(population_size) or population_size < 1:
            raise problems.dummy_option("population_size", "an int of 1 or more", population_size)
        options["population_size"] = population_size
    if legacy is not UNSET:
        if not isinstance(legacy, bool):
            raise problems.dummy_option("legacy", "True or False", legacy)
        options["legacy"] = legacy
    if timeout is not UNSET:
        if not (_is_int(timeout) or isinstance(timeout, float)) or not timeout > 0:
            raise problems.dummy_option("timeout", "a number of seconds above 0", timeout)
        options["timeout"] = timeout
    if additional_population_constraint is not UNSET and additional_population_constraint is not None:
        if options.get("legacy"):
            raise problems.dummy_constraint_legacy()
        options["additional_population_constraint"] = _constraint(additional_population_constraint)
    return options


def _is_int(value):
    return isinstance(value, int) and not isinstance(value, bool)


def _constraint(series):
    node = series_node(series, "additional_population_constraint")
    if node.domain is not PATIENT:
        raise problems.not_one_value("additional_population_constraint", node.domain)
    if node.type != "bool":
        raise problems.series_type("additional_population_constraint", "bool", node.type)
    return node
