"""Turns whatever a definition raised into a problem at the researcher's own file, line and expression.

The place is the innermost frame of the study, not of this package or of Python's library: that is where the mistake is.
"""

import errno
import json
import os
import re
from traceback import walk_tb

from ._corrections import corrected_line
from ._frames import excerpt_of, first_round, is_ours, narrowed_to, shown, study_frames
from ._imports import import_problem
from ._keywords import keyword_problem
from ._problems import confinement
from ._problems.base import DefinitionError, Problem
from ._python_errors import python_problem
from ._syntax import arrow_problem, syntax_problem
from .tables import _methods


def describe_error(error, path):
    """A dict for JSON: code, message, hint, path, line, column, end_column, excerpt, exit_code, traceback.

    Lines and columns count from 1, `end_column` is exclusive; what isn't known is left out. `traceback` lists the
    study's own frames, outermost first; it is left out where the file ran to its end, or ended itself.
    """
    try:
        described = _described(error, path)
        json.dumps(described)
        return described
    except BaseException:  # noqa: BLE001 - what a study raises, and what it holds, may fail in any way when it is asked
        frames = study_frames(error.__traceback__)
        message = f"{type(error).__name__}: it does not say what it is."
        return {"code": "definition-raised", "message": message, "exit_code": 10, **_place(None, frames, path)}


def _described(error, path):
    frames = study_frames(error.__traceback__)
    if isinstance(error, RecursionError):
        frames = first_round(frames)
    narrowed, assigned = narrowed_to(error, frames)
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


def _shown_source(source):
    """A line that a program wrote may be longer than anybody reads."""
    return source if source is None or len(source) <= _LONGEST_LINE else None


def _broken_file(error):
    """A file that isn't Python has no frame of its own: it never ran."""
    if not isinstance(error, SyntaxError) or not error.filename or is_ours(error.filename):
        return []
    source = excerpt_of(error.filename, error.lineno or 0)
    return [{"path": shown(error.filename), "line": error.lineno, "function": None, "excerpt": source}]


def _what(error, frames, narrowed, assigned):
    frame = frames[-1] if frames else None
    arrow = arrow_problem(frame["excerpt"]) if frame else None
    if arrow:
        return {**_said(arrow, None), "exit_code": 10}
    if isinstance(error, Problem):
        what = _said(keyword_problem(error, frame), narrowed, assigned)
        return {**what, "message": _as_called(what["message"], error), "exit_code": error.exit_code}
    if isinstance(error, SystemExit):
        return _exit(error)
    if isinstance(error, SyntaxError):
        problem = syntax_problem(error, excerpt_of(error.filename or "", error.lineno or 0))
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
        return {**_said(import_problem(error, frame), frame), "exit_code": 10}
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


def _as_called(message, error):
    """What went wrong inside a method is told of the method, not of an operator or a case that nobody wrote."""
    called = [frame.f_code for frame, _ in walk_tb(error.__traceback__)]
    if any(code.co_name == "map_values" for code in called):
        message = message.replace("`case()`", "`map_values()`")
    name = next((code.co_name for code in called if code.co_filename == _methods.__file__), None)
    return re.sub(r"^`[^`]+`", f"`{name}()`", message) if name and name[0] != "_" else message


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


def _exit(error):
    code = error.code if isinstance(error.code, int) else 0 if error.code is None else 1
    message = f"The definition ended itself with exit code {code}."
    if isinstance(error.code, str):
        message = error.code
    hint = "Check the arguments after `--`, and the definition's own messages." if code == 2 else None
    # A definition that leaves early has defined nothing, however politely.
    return {"code": "definition-exited", "message": message, "hint": hint, "exit_code": code or 10}


def _place(error, frames, path):
    if isinstance(error, SyntaxError) and error.filename and not is_ours(error.filename):
        excerpt = excerpt_of(error.filename, error.lineno) if error.lineno else None
        column, end = error.offset, error.end_offset if error.end_lineno == error.lineno else None
        marked = getattr(syntax_problem(error, excerpt), "marked", None)
        if marked and excerpt and marked in excerpt:
            column = excerpt.index(marked) + 1
            end = column + len(marked)
        return {
            "path": shown(error.filename),
            "line": error.lineno or None,
            "column": column if column and column > 0 else None,
            "end_column": end if end and column and end > column > 0 else None,
            "excerpt": _shown_source(excerpt),
        }
    if not frames:
        return {"path": shown(path)}
    place = {key: frames[-1][key] for key in ("path", "line", "column", "end_column", "excerpt")}
    return {**place, "excerpt": _shown_source(place["excerpt"])}
