"""Tells which Python keyword asked a series for its truth, from the source of the failing expression.

Python only calls `__bool__`; `and`, `not`, `if`, `in` and chains all look alike from inside. Where the source can't be
read, the general problem stays.
"""

import ast
import linecache
import textwrap

from ._problems.series import python_keyword


def keyword_problem(problem, frame):
    """The problem in the words of the keyword used, or the problem itself."""
    if problem.code not in ("truth-value", "not-a-series") or frame is None:
        return problem
    found = _found(frame)
    if (problem.code == "not-a-series") != (found == "is"):
        return problem
    return _MORE_EXACT[found]() if found in _MORE_EXACT else problem


_MORE_EXACT = {
    "and": lambda: python_keyword("and", "Use `&`, with each comparison in brackets: `(a > 1) & (b > 1)`."),
    "or": lambda: python_keyword("or", "Use `|`, with each comparison in brackets: `(a > 1) | (b > 1)`."),
    "not": lambda: python_keyword("not", "Use `~`, with a comparison in brackets: `~(a > 1)`."),
    "chain": lambda: python_keyword("a < b < c", "Split the chain: `(a < b) & (b < c)`."),
    "in": lambda: python_keyword("in", "Use `a.is_in([...])`, or `~a.is_in([...])` for `not in`."),
    "is": lambda: python_keyword("is", "Use `a.is_null()` for `is None`, and `a.is_not_null()` for `is not None`."),
    "if": lambda: python_keyword("if", "Use `case(when(condition).then(value), otherwise=...)`."),
    "while": lambda: python_keyword("while", "A definition describes values for all patients at once: no loop is needed."),
    "assert": lambda: python_keyword("assert", "Tests of a definition go into a file of test data: see `assure`."),
    "max": lambda: python_keyword("max()", "Use `maximum_of(a, b)` for the greatest of several series."),
    "min": lambda: python_keyword("min()", "Use `minimum_of(a, b)` for the least of several series."),
    "any": lambda: python_keyword("any()", "Join the conditions with `|`: `a | b | c`."),
    "all": lambda: python_keyword("all()", "Join the conditions with `&`: `a & b & c`."),
    "bool": lambda: python_keyword("bool()", "A condition is a bool series already: leave `bool()` out."),
    "sorted": lambda: python_keyword("sorted()", "Use `.sort_by(<column>)` on a table to sort its rows."),
}


_FUNCTIONS = ("any", "all", "bool", "max", "min", "sorted")


def _found(frame):
    tree = _parse(frame)
    if tree is None:
        return None
    kinds = {_kind(node) for node in ast.walk(tree)} - {None}
    # More than one keyword on the line: naming one of them could name the wrong one.
    return kinds.pop() if len(kinds) == 1 else None


def _parse(frame):
    last = frame["end_line"] or frame["line"]
    lines = [linecache.getline(frame["file"], n) for n in range(frame["line"], last + 1)]
    text = textwrap.dedent("".join(lines)).strip()
    # The parts of a compound statement don't stand alone.
    candidates = [text, f"{text}\n  pass", f"if 1: pass\n{text}\n  pass", f"({text.rstrip(',')})", text.lstrip(")]}, ")]
    for candidate in candidates:
        try:
            return ast.parse(candidate)
        except SyntaxError:
            continue
    return None


def _kind(node):
    if isinstance(node, ast.BoolOp):
        return "and" if isinstance(node.op, ast.And) else "or"
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return "not"
    if isinstance(node, ast.Compare):
        if any(isinstance(op, (ast.In, ast.NotIn)) for op in node.ops):
            return "in"
        if len(node.ops) == 1 and isinstance(node.ops[0], (ast.Is, ast.IsNot)):
            return "is"
        return "chain" if len(node.ops) > 1 else None
    if isinstance(node, (ast.If, ast.IfExp)):
        return "if"
    if isinstance(node, (ast.While, ast.Assert)):
        return "while" if isinstance(node, ast.While) else "assert"
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _FUNCTIONS:
        return node.func.id
    return None
