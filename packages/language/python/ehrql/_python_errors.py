"""Says in a researcher's words what Python says in a programmer's: names that nothing has, and things used as what they are
not. `python_problem` gives None where Python's own message is as good.
"""

import ast
import builtins
import importlib
import inspect
import linecache
import re

from ._language.datasets import Dataset
from ._language.durations import Duration
from ._language.frames import EventFrame
from ._language.measures import Measures
from ._language.wrapping import classes_of_series
from ._problems import python as problems
from ._problems.base import nearest
from ._python_values import operand_problem, value_problem
from .tables import _methods


def python_problem(error, frame):
    """The problem for an exception that Python itself raised in a definition, or None."""
    if isinstance(error, UnboundLocalError):
        return _unbound(str(error), frame)
    if isinstance(error, NameError):
        return _unknown_name(error, frame)
    if isinstance(error, AttributeError) and error.name is not None:
        return _unknown_attribute(error.obj, error.name)
    if isinstance(error, TypeError):
        return _wrong_use(str(error)) or operand_problem(str(error), frame)
    return value_problem(error, frame)


def _unbound(text, frame):
    """A name that a function assigns, and so not the one outside, used before that."""
    name = re.search(r"variable '(\w+)'", text)
    line = name and _assigned_on(name[1], frame)
    if line:
        return problems.assigned_later(name[1], line)
    return problems.assigned_elsewhere(name[1]) if name else None


def _unknown_name(error, frame):
    name = error.name or ""
    home = home_of(name)
    if home:
        return problems.not_imported(name, home)
    line = _assigned_on(name, frame)
    if line:
        return problems.assigned_later(name, line)
    builtin = [n for n in vars(builtins) if n.islower()]
    near = nearest(name, [n for n in (*_names_at(error.__traceback__), *builtin) if not n.startswith("_")], 0.75)
    other = None if near else nearest(name, _all_names(), 0.75)
    return problems.unknown_name(name, near, (other, home_of(other)) if other else None)


def _assigned_on(name, frame):
    """The line after the failing one on which the name first gets a value, or None."""
    try:
        tree = ast.parse("".join(linecache.getlines(frame["file"]))) if frame else ast.Module([], [])
    except SyntaxError:
        return None
    lines = [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Store)
    ]
    return min((line for line in lines if frame and line > frame["line"]), default=None)


def _names_at(traceback):
    """The names in reach where the exception was raised."""
    while traceback.tb_next is not None:
        traceback = traceback.tb_next
    return [*traceback.tb_frame.f_locals, *traceback.tb_frame.f_globals]


# Where names are looked for, in this order.
_MODULES = ("ehrql", "ehrql.tables.core", "ehrql.tables.tpp", "ehrql.tables.emis", "ehrql.codes", "ehrql.tables")


def home_of(name):
    """The module that a name is imported from, or None."""
    if name in ("date", "datetime", "timedelta"):
        return "datetime"
    return next((module for module in _MODULES if name in importlib.import_module(module).__all__), None)


def _all_names():
    return [name for module in _MODULES for name in importlib.import_module(module).__all__]


# What an object is, by its class's name; others are described by Python's own name.
_KINDS = {
    "str": "text",
    "list": "a list",
    "dict": "a dict",
    "tuple": "a tuple",
    "set": "a set",
    "int": "a number",
    "float": "a number",
    "bool": "True or False",
    "NoneType": "None",
    "date": "a date",
    "Measures": "`create_measures()`",
    "Duration": "a duration",
    "When": "`when(...)`",
    "WhenThen": "`when(...).then(...)`",
    "Interval": "INTERVAL",
}


def _unknown_attribute(obj, name):
    kind = type(obj).__name__
    if kind in ("function", "method", "builtin_function_or_method"):
        return problems.attribute_of_function(getattr(obj, "__name__", "it"), name)
    if kind == "module":
        names = getattr(obj, "__all__", dir(obj))
        return problems.unknown_attribute(name, f"the module `{obj.__name__}`", nearest(name, names), None)
    if kind not in _KINDS:
        return None
    names = [n for n in dir(obj) if not n.startswith("_")]
    return problems.unknown_attribute(name, _KINDS[kind], nearest(name, names), _series_method(obj, name))


def _series_method(obj, name):
    """Why a method of series was looked for on what is none."""
    if not any(hasattr(cls, name) for cls in classes_of_series().values()):
        return None
    if isinstance(obj, (list, tuple, set, dict)):
        return f"`{name}` is a method of series: the series comes first, the list in the brackets."
    return f"`{name}` is a method of series, such as the columns of a table."


_NOT_CALLABLE = re.compile(r"'(.+)' object is not callable")
_SUBSCRIPT = re.compile(r"'(.+)' object is not subscriptable")
_UNHASHABLE = re.compile(r"(?:cannot use '.*' as a .* \()?unhashable type: '(\w+)'\)?")
_TOO_MANY = re.compile(r"(?:\w+\.)*(\w+)\(\) takes (?:from \d+ to )?(\d+) positional arguments? but (\d+) .*")
_TOO_FEW = re.compile(r"(?:\w+\.)*(\w+)\(\) missing \d+ required (?:positional|keyword-only) arguments?: (.*)")
_ARGUMENT = re.compile(r"(?:\w+\.)*(\w+)\(\) got an unexpected keyword argument '(\w+)'(?:\. Did you mean .*)?")


# What is no function, in a word that goes with "this".
_THINGS = {"Interval": "pair of dates", "list": "list", "dict": "dict", "tuple": "tuple", "str": "text", "date": "date"}


def _wrong_use(text):
    called = _NOT_CALLABLE.fullmatch(text)
    if called and (_is_ours(called[1]) or called[1] in _THINGS):
        return problems.not_callable("series" if called[1].endswith("Series") else _THINGS.get(called[1], "table"))
    if _SUBSCRIPT.fullmatch(text) and _is_ours(_SUBSCRIPT.fullmatch(text)[1]):
        return problems.not_subscriptable()
    argument = _ARGUMENT.fullmatch(text)
    if argument:
        return problems.unknown_argument(argument[1], argument[2], _parameters_of(argument[1]))
    few, many, key = _TOO_FEW.fullmatch(text), _TOO_MANY.fullmatch(text), _UNHASHABLE.fullmatch(text)
    if few and _is_known(few[1]):
        return problems.too_few_arguments(few[1], re.findall(r"'(\w+)'", few[2]))
    if many and _is_known(many[1]):
        # A method counts what it belongs to as an argument, which nobody writes.
        own = 0 if hasattr(importlib.import_module("ehrql"), many[1]) else 1
        return problems.too_many_arguments(many[1], int(many[2]) - own, int(many[3]) - own)
    if key and _is_ours(key[1]):
        return problems.series_as_key()
    return None


def _is_known(function):
    """Whether a function of this name belongs to the language, so that it may be spoken of as such."""
    return any(callable(getattr(owner, function, None)) for owner in _owners())


def _owners():
    """What functions of the language belong to."""
    classes = [value for value in vars(_methods).values() if isinstance(value, type)]
    return [importlib.import_module("ehrql"), Dataset, Measures, Duration, EventFrame, *classes, *classes_of_series().values()]


def _is_ours(class_name):
    return class_name.endswith("Series") or class_name in _all_names()


def _parameters_of(function):
    """The names of a function's arguments, if it is one of the language."""
    for owner in _owners():
        found = getattr(owner, function, None)
        if found is not None and callable(found):
            return [name for name in inspect.signature(found).parameters if name != "self"]
    return []
