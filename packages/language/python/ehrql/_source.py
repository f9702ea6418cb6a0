"""Finds in a study's own source the expression that failed, the part of it that is at fault, and where that got its value.

Nothing is run again: parts are compared with the object that was refused only where they are constants, names or lists of
such. What can't be told apart that way stays underlined as a whole.
"""

import ast
import inspect
import linecache
import types
from dataclasses import dataclass

from ._language.datasets import Dataset
from ._language.measures import Measures

# Functions of this package that refuse something, and which of their variables holds it.
_REFUSED = {
    "to_date": "value",
    "convert": "value",
    "refuse_non_value": "value",
    "series_node": "value",
    "patient_node": "series",
    "check_name": "name",
    "_condition": "condition",
    "_collection": "other",
    "where": "condition",
    "except_where": "condition",
    "sort_by": "series",
    "define_population": "population",
    "add_column": "series",
    "is_during": "interval",
    "map_values": "mapping",
    "count_episodes_for_patient": "maximum_gap",
    "codelist_missing": "path",
    "codelist_column": "column",
}
# Functions that check one argument of what the study called.
_ARGUMENTS = {"_group_by": "group_by", "_intervals": "intervals", "_constraint": "additional_population_constraint"}


@dataclass(frozen=True)
class Part:
    """`node` of the syntax tree; `assigned` is the statement that gave it its value, if it is a name and there is just one."""

    node: ast.expr
    assigned: ast.Assign | None


def tree_of(file):
    """The syntax tree of a file with `parent` on every node, or None."""
    try:
        tree = ast.parse("".join(linecache.getlines(file)))
    except (SyntaxError, ValueError, RecursionError):
        return None
    for node in ast.walk(tree):
        for child in ast.iter_child_nodes(node):
            child.parent = node
    return tree


def expression_at(frame, tree):
    """The node at which a frame stopped, or None."""
    line, end_line, column, end_column = frame["positions"]
    if tree is None or column is None:
        return None
    for node in ast.walk(tree):
        if getattr(node, "end_lineno", None) == end_line and node.end_col_offset == end_column:
            if (line, column) in (_start(node), _start_of_method(node)) and not isinstance(node, (ast.Expr, ast.keyword)):
                return node
    return None


def part_at_fault(frame, own_frames):
    """The part of the failing expression that was refused, or None. `own_frames` are those of this package, outermost first."""
    tree = tree_of(frame["file"])
    node = expression_at(frame, tree)
    if node is None:
        return None
    parts = _parts(node, own_frames)
    refused = next((f for f in reversed(own_frames) if _variable(f) in f.f_locals), None)
    if refused is not None and not isinstance(node, ast.Attribute):
        parts = _holding(parts, refused.f_locals[_variable(refused)], frame["scope"])
    elif isinstance(node, ast.Call) and not any(_argument(f) for f in own_frames):
        return None
    if len(parts) != 1:
        return None
    return Part(parts[0], _assignment(parts[0], node, tree, frame["scope"]))


def _variable(own_frame):
    return _REFUSED.get(own_frame.f_code.co_name)


def _start(node):
    return node.lineno, node.col_offset


def _start_of_method(node):
    """Python says of a call over several lines that it starts at the name of its method."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return None
    return node.func.end_lineno, node.func.end_col_offset - len(node.func.attr.encode())


def _parts(node, own_frames):
    """What the expression is made of, as far as it may be at fault."""
    if isinstance(node, ast.Call):
        name = next((n for n in (_argument(f) for f in reversed(own_frames)) if n), None)
        return [p for p in [_given_as(node, name)] if p] if name else [*node.args, *(k.value for k in node.keywords)]
    if isinstance(node, ast.Compare):
        return [node.left, *node.comparators]
    if isinstance(node, ast.BinOp):
        return [node.left, node.right]
    if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and isinstance(node.parent, ast.Assign):
        return [node.parent.value]
    return []


def _argument(own_frame):
    """The name of the argument that a function of this package is checking."""
    name = own_frame.f_code.co_name
    if name == "dummy_option":
        return own_frame.f_locals.get("name")
    return own_frame.f_locals.get("part") if name == "_checked" else _ARGUMENTS.get(name)


def _given_as(call, name):
    for keyword in call.keywords:
        if keyword.arg == name:
            return keyword.value
    method = call.func.attr if isinstance(call.func, ast.Attribute) else None
    function = getattr(Measures, method or "", None) or getattr(Dataset, method or "", None)
    names = [n for n in inspect.signature(function).parameters if n != "self"] if function else []
    position = names.index(name) if name in names else len(call.args)
    return call.args[position] if position < len(call.args) else None


def _holding(parts, value, scope):
    """The part that certainly holds the value, else those that may."""
    if not isinstance(value, (list, tuple, set, frozenset, dict)):
        parts = [p for part in parts for p in _members(part)]
    known = [(part, _holds(part, value, scope)) for part in parts if not isinstance(part, ast.Starred)]
    certain = [part for part, holds in known if holds]
    return certain[:1] if certain else [part for part, holds in known if holds is None]


def _members(part):
    if isinstance(part, (ast.List, ast.Tuple, ast.Set)) and part.elts:
        return [m for element in part.elts for m in _members(element)]
    if isinstance(part, ast.Dict):
        return [m for element in (*part.keys, *part.values) if element for m in _members(element)]
    return [part]


def _holds(part, value, scope):
    """True, False, or None where only running it would tell."""
    if isinstance(part, ast.Constant):
        return type(part.value) is type(value) and part.value == value
    if not isinstance(part, ast.Name):
        return None
    missing = object()
    found = scope.f_locals.get(part.id, scope.f_globals.get(part.id, missing))
    if found is value:
        return True
    if isinstance(found, (list, tuple, set, frozenset, dict)):
        return any(item is value or (type(item) is type(value) is str and item == value) for item in found)
    return type(found) is type(value) is str and found == value


def _assignment(part, node, tree, scope):
    """The one statement of the file that assigns a name which is no argument of the function around it."""
    code = scope.f_code
    if not isinstance(part, ast.Name) or part.id in code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]:
        return None
    if isinstance(scope.f_locals.get(part.id), (types.FunctionType, type)):
        return None
    bound = [n for n in ast.walk(tree) if isinstance(n, ast.Name) and n.id == part.id and isinstance(n.ctx, ast.Store)]
    if len(bound) != 1 or not isinstance(bound[0].parent, ast.Assign):
        return None
    return bound[0].parent if bound[0].parent.lineno != node.lineno else None
