"""Says in a researcher's words what Python says of values that don't fit: operands of an operator, keys, positions, files."""

import ast
import csv
import json
import re
import sys

from ._problems import literals
from ._problems import python as problems
from ._problems import series as series_problems
from ._reading import last_read
from ._source import expression_at, tree_of

_OPERANDS = re.compile(
    r"unsupported operand type\(s\) for (.+): '([\w.]+)' and '([\w.]+)'"
    r"|'(\S+)' not supported between instances of '([\w.]+)' and '([\w.]+)'"
    r"|bad operand type for (?:unary )?(\S+): '(\w+)'"
)
_JOINED = re.compile(r"can only concatenate (\w+) \(not \"([\w.]+)\"\) to \w+")
_PATH = re.compile(r"(?:expected str, bytes or os.PathLike object|argument should be a str or .*), not '?(\w+)'?")
_FUNCTIONS = ("function", "method", "builtin_function_or_method", "method-wrapper")
_KINDS = {
    "Duration": "a duration",
    "Interval": "INTERVAL",
    "Dataset": "a dataset",
    "Measures": "measures",
    "str": "text",
    "NoneType": "None",
    "dict": "a dict",
    "list": "a list",
    "datetime.date": "a date",
    "datetime.datetime": "a date with a time",
}


def operand_problem(text, frame):
    """The problem of a TypeError with this text, or None."""
    if text == "'Dataset' object does not support item assignment":
        return problems.no_item_assignment("A dataset")
    if text == "'str' object cannot be interpreted as an integer" and _called(frame) == "date":
        return problems.date_of_text()
    path, joined, found = _PATH.fullmatch(text), _JOINED.fullmatch(text), _OPERANDS.fullmatch(text)
    if path:
        return problems.path_of_another_kind(_kind(path[1]))
    if joined:
        return _wrong_operands("+", [joined[1], joined[2]], frame)
    if not found:
        return None
    operator, *types = [part for part in found.groups() if part]
    return _wrong_operands(operator.partition(" or ")[0], types, frame)


def _wrong_operands(operator, types, frame):
    if {"When", "WhenThen"} & {*types}:
        return series_problems.unfinished_when("WhenThen" in types)
    if "DateDifference" in types:
        return series_problems.date_difference_unit()
    if any(type in _FUNCTIONS for type in types):
        return series_problems.not_called(operator, _function_in(frame))
    if types == ["str", "str"] and operator == "-" or types == ["str", "int"] and operator in "+-":
        return problems.text_for_date(operator)
    if any(type in _KINDS or type.endswith("Series") for type in types):
        hint = 'Text is put together with `f"..."`, as in `f"cohort_{number}"`.' if types in _TEXT_AND_NUMBER else None
        return problems.wrong_operands(f"`{operator}`", [_kind(type) for type in types], hint)
    return None


_TEXT_AND_NUMBER = (["str", "int"], ["int", "str"], ["str", "float"])


def _kind(type):
    series = re.fullmatch(r"(\w+?)(?:Patient|Event)Series", type)
    if series:
        return f"a {series[1] if series[1].endswith('Code') else series[1].lower()} series"
    return _KINDS.get(type, f"{'an' if type[0] in 'aeiou' else 'a'} {type}")


def _called(frame):
    node = _node(frame)
    return getattr(node.func, "id", None) if isinstance(node, ast.Call) else None


def _function_in(frame):
    """The name of the operand that is a function, as it is written."""
    node = _node(frame)
    parts = [node.left, *node.comparators] if isinstance(node, ast.Compare) else []
    parts += [node.left, node.right] if isinstance(node, ast.BinOp) else []
    for part in parts:
        if isinstance(part, ast.Attribute):
            return part.attr
        if isinstance(part, ast.Name) and callable(_value(part, frame)):
            return part.id
    return "function"


def _node(frame):
    return expression_at(frame, tree_of(frame["file"])) if frame else None


def _value(node, frame):
    """What a name, or a name of a module, stands for; None where only running it would tell."""
    if isinstance(node, ast.Name):
        scope = frame["scope"]
        return scope.f_locals.get(node.id, scope.f_globals.get(node.id))
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and _value(node.value, frame) is sys:
        return getattr(sys, node.attr, None)
    return None


def value_problem(error, frame):
    """The problem of another error of Python's own, or None."""
    if isinstance(error, json.JSONDecodeError):
        return problems.file_content("JSON", f"{error.msg} on line {error.lineno}", last_read())
    if isinstance(error, UnicodeDecodeError):
        return problems.file_content("text in UTF-8", "it may be a spreadsheet, or compressed", last_read())
    if isinstance(error, csv.Error):
        return problems.file_content("CSV", str(error), last_read())
    if isinstance(error, IsADirectoryError) and isinstance(error.filename, str):
        return problems.is_a_folder(error.filename)
    if isinstance(error, EOFError) or (isinstance(error, ValueError) and _called(frame) == "input"):
        return problems.no_input()
    if isinstance(error, ValueError):
        text = re.fullmatch(r"Invalid isoformat string: '(.*)'", str(error))
        return literals.date_format(text[1]) if text else None
    if isinstance(error, (KeyError, IndexError)):
        return _missing_item(error, frame)
    return None


def _missing_item(error, frame):
    node = _node(frame)
    if not isinstance(node, ast.Subscript):
        return None
    found = _value(node.value, frame)
    if isinstance(error, KeyError) and isinstance(found, dict):
        return problems.no_such_key(error.args[0], list(found))
    if isinstance(error, IndexError) and found is sys.argv:
        return problems.argument_not_given(len(sys.argv) - 1)
    return problems.no_such_item(len(found)) if isinstance(found, (list, tuple)) else None
