"""The places of a study at which something went wrong, or was written: file, line, columns and the text there.

Lines and columns count from 1, and an end column is exclusive. `positions` keeps Python's own count: from 0, in bytes.
"""

import ast
import functools
import itertools
import linecache
import os
import re
import sysconfig
from traceback import walk_tb

from ._problems.base import Problem
from ._source import part_at_fault

_PACKAGE = os.path.dirname(os.path.abspath(__file__))
_LIBRARY = os.path.realpath(sysconfig.get_path("stdlib"))


def study_frames(traceback):
    frames = []
    while traceback is not None:
        code = traceback.tb_frame.f_code
        if not is_ours(code.co_filename):
            frame = _frame(code, traceback.tb_lasti, traceback.tb_lineno)
            frames.append({**frame, "scope": traceback.tb_frame})
        traceback = traceback.tb_next
    return frames


def _frame(code, instruction, line):
    positions = next(itertools.islice(code.co_positions(), instruction // 2, None), (None,) * 4)
    # Positions start at the whole expression, which can stand on another line than the failing call.
    positions = (positions[0] or line, *positions[1:])
    return {
        "path": shown(code.co_filename),
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


def is_ours(filename):
    if filename.startswith("<"):
        return True
    real = os.path.realpath(filename)
    return any(real.startswith(root + os.sep) for root in (_PACKAGE, _LIBRARY)) or ".zip" + os.sep in real


def excerpt_of(filename, line):
    return linecache.getline(filename, line).rstrip("\r\n") or None


def shown(filename):
    """The path as a researcher knows it: relative to the working directory where it is inside."""
    real, cwd = os.path.realpath(filename), os.path.realpath(os.getcwd())
    return os.path.relpath(real, cwd) if real.startswith(cwd + os.sep) else filename


def first_round(frames):
    """Of what calls itself without end, the frames until a place comes back: where it stopped is chance."""
    seen = set()
    for n, frame in enumerate(frames):
        place = (frame["file"], frame["positions"])
        if place in seen:
            return frames[: n + 1]
        seen.add(place)
    return frames


# What is wrong there is the name on the left.
_ABOUT_NAMES = ("name-used", "reserved-name", "malformed-name", "population-assigned", "frozen-series")
_ABOUT_CALLS = ("population-again",)


def narrowed_to(error, frames):
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
