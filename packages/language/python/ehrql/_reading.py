"""Records which files of the study a definition reads, modules included, while it loads.

Python can't remove an audit hook, so one hook serves the whole process and only the active recorder listens.
"""

import importlib.util
import os
import sys

_active = None
_is_hooked = False


class Reading:
    """A context in which files opened for reading are noted."""

    def __init__(self, folder):
        # Only what belongs to the study counts, not Python's own library.
        self._roots = [os.path.realpath(os.getcwd()), os.path.realpath(folder)]
        self._paths = {}

    def __enter__(self):
        global _active, _is_hooked
        if not _is_hooked:
            sys.addaudithook(_on_event)
            _is_hooked = True
        _active = self
        return self

    def __exit__(self, *_):
        global _active
        _active = None

    def note(self, path, mode, flags):
        if not isinstance(path, (str, bytes, os.PathLike)) or _writes_only(mode, flags):
            return
        path = os.path.realpath(os.fsdecode(path))
        if path.endswith(".pyc"):
            try:
                # Python read a module it had compiled before; the module is what the study has.
                path = importlib.util.source_from_cache(path)
            except ValueError:
                return
        self._paths[path] = True

    def files(self):
        """The files that exist, relative to the working directory, sorted."""
        cwd = self._roots[0]
        inside = [p for p in self._paths if any(_is_within(p, root) for root in self._roots) and os.path.isfile(p)]
        package = os.path.dirname(os.path.abspath(__file__))
        return sorted({os.path.relpath(p, cwd) for p in inside if not _is_within(p, package)})


def _is_within(path, root):
    return path == root or path.startswith(root.rstrip(os.sep) + os.sep)


def _writes_only(mode, flags):
    if isinstance(mode, str):
        return "r" not in mode and "+" not in mode
    return isinstance(flags, int) and flags & os.O_ACCMODE == os.O_WRONLY


def _on_event(event, arguments):
    recorder = _active
    if recorder is not None and event == "open":
        recorder.note(*arguments)
