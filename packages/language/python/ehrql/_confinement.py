"""Tells a definition what it may not do, on the line that tries it: write, connect, start programs, reach beyond Python.

This is manners, not a wall: a hostile definition can undo it, and what it then meets is the process around Python, which
refuses the same things (see the evaluator). Only the evaluator turns it on, for the rest of the process's life.
"""

import faulthandler
import os
import sys

from ._problems import confinement as problems

_CHANGES = frozenset(
    f"os.{name}"
    for name in ("remove", "rename", "mkdir", "rmdir", "symlink", "link", "truncate", "chmod", "chown", "utime")
) | {"sqlite3.connect", "tempfile.mkstemp", "tempfile.mkdtemp"}
_PROGRAMS = ("subprocess.", "os.system", "os.exec", "os.fork", "os.kill", "_thread.start")
_NETWORK = ("socket.", "urllib.", "http.")
# What Python as WebAssembly has beside the library of Python, and what reads memory directly.
_BEYOND = frozenset({"js", "pyodide", "pyodide_js", "_pyodide", "_pyodide_core", "ctypes", "_ctypes"})

_is_on = False


def is_beyond_python(module):
    return module.partition(".")[0] in _BEYOND


def confine():
    """From now on the refused actions raise a problem."""
    global _is_on
    if not _is_on:
        _is_on = True
        sys.addaudithook(_on_event)
        # Ending the process without a word would look like a fault of the evaluator.
        os._exit = sys.exit
        os.abort = _abort
        faulthandler.disable()
    # A module that was loaded already would be given out without a question.
    for name in [name for name in sys.modules if is_beyond_python(name)]:
        del sys.modules[name]


def _on_event(event, arguments):
    if not _is_on:
        return
    if event == "open":
        _check_open(*arguments)
    elif event in _CHANGES:
        raise problems.writes(_name(arguments))
    elif event == "import":
        if is_beyond_python(arguments[0]):
            raise problems.beyond_python(arguments[0])
    elif event.startswith("ctypes."):
        raise problems.beyond_python("ctypes")
    elif event.startswith(_NETWORK):
        raise problems.network()
    elif event.startswith(_PROGRAMS):
        raise problems.programs()


def _abort():
    raise SystemExit(134)


def _check_open(path, mode, flags):
    writes = isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND)
    if (writes or (isinstance(mode, str) and set(mode) & set("wax+"))) and path != os.devnull:
        raise problems.writes(_name([path]))


def _name(arguments):
    path = arguments[0] if arguments else None
    return os.fsdecode(path) if isinstance(path, (str, bytes, os.PathLike)) else None
