"""Turns whatever a definition raised into a problem at the researcher's own file, line and expression.

The place is the innermost frame of the study, not of this package or of Python's library: that is where the mistake is.
"""

import ast
import errno
import functools
import itertools
import linecache
import os
import re
import sys
import sysconfig
from traceback import walk_tb

from ._confinement import is_beyond_python
from ._corrections import corrected_line
from ._keywords import keyword_problem
from ._legacy import corrected_import, current_name, is_legacy
from ._problems import confinement
from ._problems import python as python_problems
from ._problems.base import DefinitionError, Problem, misspelling, nearest
from ._python_errors import home_of, python_problem
from ._source import part_at_fault
from ._syntax import arrow_problem, syntax_problem

_PACKAGE = os.path.dirname(os.path.abspath(__file__))
_LIBRARY = os.path.realpath(sysconfig.get_path("stdlib"))


def describe_error(error, path):
    """A dict for JSON: code, message, hint, path, line, column, end_column, excerpt, exit_code, traceback.

    Lines and columns count from 1, `end_column` is exclusive; what isn't known is left out. `traceback` lists the
    study's own frames, outermost first; it is left out where the file ran to its end, or ended itself.
    """
    frames = _study_frames(error.__traceback__)
    if isinstance(error, RecursionError):
        frames = _first_round(frames)
    narrowed, assigned = _narrowed(error, frames)
    what = _what(error, frames, narrowed, assigned)
    described = {**what, **_place(error, [*frames[:-1], narrowed] if frames else [], path)}
    if not isinstance(error, (DefinitionError, SystemExit)):
        described["traceback"] = [_shown_frame(frame) for frame in [*frames, *_broken_file(error)]]
    return {key: value for key, value in described.items() if value is not None}


def _shown_frame(frame):
    source = _shown_source(frame["excerpt"])
    return {"path": frame["path"], "line": frame["line"], "function": frame["function"], "source": source}


_LONGEST_LINE = 500
_LONGEST_TEXT = 5_000


def _first_round(frames):
    """Of what calls itself without end, the frames until a place comes back: where it stopped is chance."""
    seen = set()
    for n, frame in enumerate(frames):
        place = (frame["file"], frame["positions"])
        if place in seen:
            return frames[: n + 1]
        seen.add(place)
    return frames


def _shown_source(source):
    """A line that a program wrote may be longer than anybody reads."""
    return source if source is None or len(source) <= _LONGEST_LINE else None


def _broken_file(error):
    """A file that isn't Python has no frame of its own: it never ran."""
    if not isinstance(error, SyntaxError) or not error.filename or _is_ours(error.filename):
        return []
    source = _excerpt(error.filename, error.lineno or 0)
    return [{"path": _shown(error.filename), "line": error.lineno, "function": None, "excerpt": source}]


def _what(error, frames, narrowed, assigned):
    frame = frames[-1] if frames else None
    arrow = arrow_problem(frame["excerpt"]) if frame else None
    if arrow:
        return {**_said(arrow, None), "exit_code": 10}
    if isinstance(error, Problem):
        return {**_said(keyword_problem(error, frame), narrowed, assigned), "exit_code": error.exit_code}
    if isinstance(error, SystemExit):
        return _exit(error)
    if isinstance(error, SyntaxError):
        problem = syntax_problem(error, _excerpt(error.filename or "", error.lineno or 0))
        if problem:
            return {**_said(problem, None), "exit_code": 10}
        stop = "" if error.msg.endswith(("?", ".", "!")) else "."
        return {"code": "syntax", "message": f"This is not Python: {error.msg}{stop}", "exit_code": 10}
    if isinstance(error, RecursionError):
        message = "The definition calls itself too deeply."
        round_ = frames[next((n for n, f in enumerate(frames) if f["positions"] == frame["positions"]), 0) :]
        names = dict.fromkeys(f"`{f['function']}()`" for f in round_ if f["function"])
        hint = f"Without end it calls {' and '.join(names)}." if 0 < len(names) < 5 else None
        return {"code": "recursion", "message": message, "hint": hint, "exit_code": 10}
    if isinstance(error, MemoryError):
        message = "The definition needs more memory than it may have."
        hint = "It only describes what to extract: read large files in a later action, or with `table_from_file`."
        return {"code": "memory", "message": message, "hint": hint, "exit_code": 10}
    if isinstance(error, ImportError):
        return _import(error, frames)
    problem = python_problem(error, frame) or (_system_problem(error) if isinstance(error, OSError) else None)
    if problem:
        return {**_said(problem, frame), "exit_code": 10}
    text = _plain_words(_text(error))
    name = type(error).__name__
    return {"code": "definition-raised", "message": f"{name}: {text}" if text else name, "exit_code": 10}


def _said(problem, frame, assigned=None):
    hint = problem.hint
    try:
        line = corrected_line(problem, assigned or frame)
    except Exception:  # noqa: BLE001 - a courtesy must not hide the problem itself
        line = None
    if assigned:
        hint = f"{hint or ''} The value is assigned on line {assigned['line']}.".strip()
    if line:
        hint = f"{hint or ''} Corrected: `{line}`".strip()
    return {"code": problem.code, "message": problem.message, "hint": hint}


# A link out of the study is refused, not missing; a definition can't tell and needn't.
_NOT_THERE = (errno.ENOENT, errno.EACCES, errno.EPERM)


def _system_problem(error):
    """What a refusal of the system means for a definition; None where Python's own words say it."""
    if isinstance(error.filename, (str, bytes)):
        return _unreadable(os.fsdecode(error.filename)) if error.errno in _NOT_THERE else None
    if error.errno == errno.ENOTSUP:
        # The library asks whether programs can be started before it tries.
        return confinement.programs()
    return confinement.writes(None) if "temporary directory" in _text(error) else None


def _unreadable(path):
    root = os.path.realpath(os.getcwd())
    full = os.path.realpath(path)
    is_inside = full == root or full.startswith(root + os.sep)
    return confinement.file_not_there(path) if is_inside else confinement.outside_study(path)


# How Python names things of this package in its own messages.
_CLASS = re.compile(r"'(\w+?)(Patient|Event)Series' object")
_METHOD = re.compile(r"\b(?:[A-Za-z]\w*\.)+([a-z]\w*\(\))")


def _plain_words(text):
    """Python's message without the names of internal classes."""
    text = _CLASS.sub(lambda m: f"{m[1] if m[1].endswith('Code') else m[1].lower()} series", text)
    return _METHOD.sub(r"\1", text)


def _text(error):
    try:
        return str(error)[:_LONGEST_TEXT]
    except Exception:  # noqa: BLE001 - a study's own exception class may fail to describe itself
        return ""


def _import(error, frames):
    module = error.name or ""
    if is_beyond_python(module):
        return {**_said(confinement.beyond_python(module), None), "exit_code": 10}
    missing = re.match(r"cannot import name '(\w+)'", error.msg or "")
    if missing and module:
        # Python's own message goes on with the path of the module, which is none of the study's.
        if "partially initialized" in error.msg:
            return {**_said(python_problems.imports_itself(missing[1], module), None), "exit_code": 10}
        found = sys.modules.get(module)
        near = nearest(missing[1], getattr(found, "__all__", None) or [n for n in dir(found) if n[0] != "_"])
        home = home_of(missing[1]) if module.startswith("ehrql") else None
        message = f"`{module}` has no `{missing[1]}`."
        hint = f"`{home}` has it." if home else f"The nearest name is `{near}`." if near else None
        if not is_legacy(module):
            replaces = (module, home) if home else misspelling(missing[1], near)
            frame = frames[-1] if frames else None
            return {**_said(Problem(message, "import", hint, replaces), frame), "exit_code": 10}
    else:
        message = f"{error}."
        hint = _import_hint(module.partition(".")[0])
        if message.startswith("attempted relative import"):
            message = "A definition is no package, so `from .` leads nowhere."
            hint = "A module beside it is imported by its name: `from helpers import ...`."
    if is_legacy(module):
        message = message.replace(current_name(module), module) if not message.startswith("`") else message
        hint = _legacy_hint(module, frames)
    return {"code": "import", "message": message, "hint": hint, "exit_code": 10}


def _import_hint(module):
    usual = "A definition can import Python's standard library, `ehrql`, and modules of the study."
    if module == "cohortextractor":
        return "That is the language before ehrQL: its studies are written anew, with `create_dataset()` and tables."
    if module in sys.stdlib_module_names:
        return f"`{module}` needs a machine of its own, which a definition doesn't have."
    if module in _FOR_ACTIONS:
        return f"{usual} `{module}` is there for the actions that read what it extracts."
    near = nearest(module, _modules_at_hand()) if module != "ehrql" else None
    return f"{usual} The nearest name is `{near}`." if near else usual


_FOR_ACTIONS = frozenset({"pandas", "numpy", "scipy", "matplotlib", "seaborn", "dateutil", "pyarrow", "lifelines"})


def _modules_at_hand():
    """What could have been meant: `ehrql` and the modules of the study."""
    names = ["ehrql"]
    for folder in dict.fromkeys(p for p in sys.path if p and not _is_ours(os.path.join(p, "x.py"))):
        try:
            entries = os.listdir(folder)
        except OSError:
            continue
        names += [entry.removesuffix(".py") for entry in entries if entry.endswith(".py")]
    return names


def _legacy_hint(module, frames):
    """What to write instead of an import of version 0."""
    frame = frames[-1] if frames else None
    line = corrected_import("".join(linecache.getlines(frame["file"])), frame["line"]) if frame else None
    if line:
        return f"`{module}` is of version 0. Write instead:\n\n    {line.replace(chr(10), chr(10) + '    ')}\n"
    return (
        f"`{module}` is of version 0, and not everything that this line names still exists. Tables are now in "
        "`ehrql.tables.core`, `ehrql.tables.tpp`, `ehrql.tables.emis` and `ehrql.tables.raw`."
    )


def _exit(error):
    code = error.code if isinstance(error.code, int) else 0 if error.code is None else 1
    message = f"The definition ended itself with exit code {code}."
    if isinstance(error.code, str):
        message = error.code
    hint = "Check the arguments after `--`, and the definition's own messages." if code == 2 else None
    # A definition that leaves early has defined nothing, however politely.
    return {"code": "definition-exited", "message": message, "hint": hint, "exit_code": code or 10}


def _place(error, frames, path):
    if isinstance(error, SyntaxError) and error.filename and not _is_ours(error.filename):
        excerpt = _excerpt(error.filename, error.lineno) if error.lineno else None
        column, end = error.offset, error.end_offset if error.end_lineno == error.lineno else None
        marked = getattr(syntax_problem(error, excerpt), "marked", None)
        if marked and excerpt and marked in excerpt:
            column = excerpt.index(marked) + 1
            end = column + len(marked)
        return {
            "path": _shown(error.filename),
            "line": error.lineno or None,
            "column": column if column and column > 0 else None,
            "end_column": end if end and column and end > column > 0 else None,
            "excerpt": _shown_source(excerpt),
        }
    if not frames:
        return {"path": _shown(path)}
    place = {key: frames[-1][key] for key in ("path", "line", "column", "end_column", "excerpt")}
    return {**place, "excerpt": _shown_source(place["excerpt"])}


# What is wrong there is the name on the left.
_ABOUT_NAMES = ("name-used", "reserved-name", "malformed-name", "population-assigned", "frozen-series")
_ABOUT_CALLS = ("population-again",)


def _narrowed(error, frames):
    """The failing frame with just the part at fault, and the frame of the line that assigned it, if that is another."""
    if not frames:
        return None, None
    frame = frames[-1]
    own = _own_frames(error.__traceback__, frame["scope"])
    is_narrow = isinstance(error, Problem) and own and error.code not in _ABOUT_CALLS
    part = part_at_fault(frame, own) if is_narrow else None
    if part is None or (isinstance(part.node.parent, ast.Assign) and error.code in _ABOUT_NAMES):
        return frame, None
    return _at(frame, part.node), _at(frame, part.assigned.value) if part.assigned else None


def _own_frames(traceback, scope):
    """The frames of this package that the study's innermost one called, outermost first."""
    frames = [frame for frame, _ in walk_tb(traceback)]
    return [f for f in frames[frames.index(scope) + 1 :] if f.f_code.co_filename.startswith(_PACKAGE)]


def _at(frame, node):
    positions = (node.lineno, node.end_lineno, node.col_offset, node.end_col_offset)
    return {**frame, **_located(frame["file"], positions)}


def _study_frames(traceback):
    frames = []
    while traceback is not None:
        code = traceback.tb_frame.f_code
        if not _is_ours(code.co_filename):
            frame = _frame(code, traceback.tb_lasti, traceback.tb_lineno)
            frames.append({**frame, "scope": traceback.tb_frame})
        traceback = traceback.tb_next
    return frames


def _frame(code, instruction, line):
    positions = next(itertools.islice(code.co_positions(), instruction // 2, None), (None,) * 4)
    # Positions start at the whole expression, which can stand on another line than the failing call.
    positions = (positions[0] or line, *positions[1:])
    return {
        "path": _shown(code.co_filename),
        "file": code.co_filename,
        "function": code.co_name if code.co_name != "<module>" else None,
        **_located(code.co_filename, positions),
    }


def written_at(code, instruction):
    """Where an expression of the study stands, and its text on one line."""
    frame = _frame(code, instruction, code.co_firstlineno)
    line, end_line, column, end_column = frame["positions"]
    if column is None:
        return {"path": frame["path"], "line": line, "text": frame["excerpt"].strip()}
    # Where a chain of calls goes over several lines, Python points at the last one alone.
    source = linecache.getlines(code.co_filename)
    line, column = _calls("".join(source)).get((end_line, end_column), (line, column))
    lines = [text.encode() for text in source[line - 1 : end_line]]
    lines[-1] = lines[-1][:end_column]
    lines[0] = lines[0][column:]
    text = re.sub(r"\s+(?=\.\w)", "", b"".join(lines).decode(errors="replace"))
    return {"path": frame["path"], "line": line, "text": " ".join(text.split())}


@functools.lru_cache(maxsize=1)
def _calls(source):
    """Where each call in a file starts, by where it ends."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    return {(node.end_lineno, node.end_col_offset): (node.lineno, node.col_offset) for node in calls}


def _located(file, positions):
    line, end_line, column, end_column = positions
    source = linecache.getline(file, line).rstrip("\r\n")
    encoded = source.encode()
    if column is not None:
        # Python counts bytes; people count characters.
        stop = end_column if end_line == line else len(encoded)
        column, end_column = (len(encoded[:n].decode(errors="replace")) + 1 for n in (column, stop))
    else:
        end_column = None
    return {
        "positions": positions,
        "line": line,
        "end_line": end_line,
        "column": column,
        "end_column": end_column,
        "excerpt": source,
    }


def _is_ours(filename):
    if filename.startswith("<"):
        return True
    real = os.path.realpath(filename)
    return any(real.startswith(root + os.sep) for root in (_PACKAGE, _LIBRARY)) or ".zip" + os.sep in real


def _excerpt(filename, line):
    return linecache.getline(filename, line).rstrip("\r\n") or None


def _shown(filename):
    """The path as a researcher knows it: relative to the working directory where it is inside."""
    real, cwd = os.path.realpath(filename), os.path.realpath(os.getcwd())
    return os.path.relpath(real, cwd) if real.startswith(cwd + os.sep) else filename
