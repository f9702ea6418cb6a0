"""Turns whatever a definition raised into a problem at the researcher's own file, line and expression.

The place is the innermost frame of the study, not of this package or of Python's library: that is where the mistake is.
"""

import ast
import errno
import itertools
import linecache
import os
import re
import sys
import sysconfig

from ._confinement import is_beyond_python
from ._corrections import corrected_line
from ._keywords import keyword_problem
from ._legacy import corrected_import, current_name, is_legacy
from ._problems import confinement
from ._problems.base import DefinitionError, Problem, misspelling, nearest
from ._python_errors import home_of, python_problem

_PACKAGE = os.path.dirname(os.path.abspath(__file__))
_LIBRARY = os.path.realpath(sysconfig.get_path("stdlib"))


def describe_error(error, path):
    """A dict for JSON: code, message, hint, path, line, column, end_column, excerpt, exit_code, traceback.

    Lines and columns count from 1, `end_column` is exclusive; what isn't known is left out. `traceback` lists the
    study's own frames, outermost first; it is left out where the file ran to its end, or ended itself.
    """
    frames = _study_frames(error.__traceback__)
    what = _what(error, frames)
    described = {**what, **_place(error, frames, path, what["code"])}
    if not isinstance(error, (DefinitionError, SystemExit)):
        described["traceback"] = [_shown_frame(frame) for frame in [*frames, *_broken_file(error)]]
    return {key: value for key, value in described.items() if value is not None}


def _shown_frame(frame):
    return {"path": frame["path"], "line": frame["line"], "function": frame["function"], "source": frame["excerpt"]}


def _broken_file(error):
    """A file that isn't Python has no frame of its own: it never ran."""
    if not isinstance(error, SyntaxError) or not error.filename or _is_ours(error.filename):
        return []
    source = _excerpt(error.filename, error.lineno or 0)
    return [{"path": _shown(error.filename), "line": error.lineno, "function": None, "excerpt": source}]


def _what(error, frames):
    frame = frames[-1] if frames else None
    if isinstance(error, Problem):
        return {**_said(keyword_problem(error, frame), frame), "exit_code": error.exit_code}
    if isinstance(error, SystemExit):
        return _exit(error)
    if isinstance(error, SyntaxError):
        stop = "" if error.msg.endswith(("?", ".", "!")) else "."
        return {"code": "syntax", "message": f"This is not Python: {error.msg}{stop}", "exit_code": 10}
    if isinstance(error, RecursionError):
        message = "The definition calls itself too deeply."
        return {"code": "recursion", "message": message, "exit_code": 10}
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


def _said(problem, frame):
    hint = problem.hint
    try:
        line = corrected_line(problem, frame)
    except Exception:  # noqa: BLE001 - a courtesy must not hide the problem itself
        line = None
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
        return str(error)
    except Exception:  # noqa: BLE001 - a study's own exception class may fail to describe itself
        return ""


def _import(error, frames):
    module = error.name or ""
    if is_beyond_python(module):
        return {**_said(confinement.beyond_python(module), None), "exit_code": 10}
    missing = re.match(r"cannot import name '(\w+)'", error.msg or "")
    if missing and module:
        # Python's own message goes on with the path of the module, which is none of the study's.
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
    if is_legacy(module):
        message = message.replace(current_name(module), module) if not message.startswith("`") else message
        hint = _legacy_hint(module, frames)
    return {"code": "import", "message": message, "hint": hint, "exit_code": 10}


def _import_hint(module):
    usual = "A definition can import Python's standard library, `ehrql`, and modules of the study."
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


def _place(error, frames, path, code):
    if isinstance(error, SyntaxError) and error.filename and not _is_ours(error.filename):
        end = error.end_offset if error.end_lineno == error.lineno else None
        return {
            "path": _shown(error.filename),
            "line": error.lineno,
            "column": error.offset,
            "end_column": end if end and error.offset and end > error.offset else None,
            "excerpt": _excerpt(error.filename, error.lineno) if error.lineno else None,
        }
    if not frames:
        return {"path": _shown(path)}
    place = {key: frames[-1][key] for key in ("path", "line", "column", "end_column", "excerpt")}
    return place if code in _ABOUT_NAMES else {**place, **_assigned_value(frames[-1])}


# What is wrong there is the name on the left.
_ABOUT_NAMES = ("name-used", "reserved-name", "malformed-name", "population-assigned", "frozen-series")


def _assigned_value(frame):
    """Where `dataset.x = value` fails, Python points at `dataset.x`; what is wrong is the value."""
    source = frame["excerpt"]
    try:
        (statement,) = ast.parse(source.strip()).body
    except (SyntaxError, ValueError):
        return {}
    indent = len(source) - len(source.lstrip())
    target = statement.targets[0] if isinstance(statement, ast.Assign) else None
    # The parser counts bytes; so this is only for lines in which bytes are characters.
    if not isinstance(target, ast.Attribute) or not source.isascii():
        return {}
    if (frame["column"], frame["end_column"]) != (indent + target.col_offset + 1, indent + target.end_col_offset + 1):
        return {}
    value = statement.value
    return {"column": indent + value.col_offset + 1, "end_column": indent + value.end_col_offset + 1}


def _study_frames(traceback):
    frames = []
    while traceback is not None:
        code = traceback.tb_frame.f_code
        if not _is_ours(code.co_filename):
            frames.append(_frame(code, traceback.tb_lasti, traceback.tb_lineno))
        traceback = traceback.tb_next
    return frames


def _frame(code, instruction, line):
    positions = next(itertools.islice(code.co_positions(), instruction // 2, None), (None,) * 4)
    start, end, column, end_column = positions
    # Positions start at the whole expression, which can stand on another line than the failing call.
    line = start or line
    source = linecache.getline(code.co_filename, line).rstrip("\r\n")
    encoded = source.encode()
    if column is not None:
        # Python counts bytes; people count characters.
        stop = end_column if end == start else len(encoded)
        column, end_column = (len(encoded[:n].decode(errors="replace")) + 1 for n in (column, stop))
    else:
        end_column = None
    return {
        "path": _shown(code.co_filename),
        "file": code.co_filename,
        "line": line,
        "end_line": end,
        "column": column,
        "end_column": end_column,
        "excerpt": source,
        "function": code.co_name if code.co_name != "<module>" else None,
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
