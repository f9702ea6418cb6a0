"""Records what a definition reads of the study while it loads, modules included, so that its result is reused only while
all of that is the same: files that are there, files that were looked for in vain, and whether it listed a folder.

Python can't remove an audit hook, so one hook serves the whole process and only the active recorder listens. Asking
whether a file exists is no audited event, hence the wrapped `os.stat`.
"""

import importlib.util
import os
import sys

_active = None
_is_hooked = False
_stat = os.stat


class Reading:
    """A context in which files opened for reading, or asked about, are noted."""

    def __init__(self, folder):
        # Only what belongs to the study counts, not Python's own library.
        self._roots = [os.path.realpath(os.getcwd()), os.path.realpath(folder)]
        self._paths = {}
        self.lists_folders = False

    def __enter__(self):
        global _active, _is_hooked
        if not _is_hooked:
            sys.addaudithook(_on_event)
            _is_hooked = True
        _active = self
        os.stat = _noted_stat
        return self

    def __exit__(self, *_):
        global _active
        _active = None
        os.stat = _stat
        self._note_modules_looked_for()

    def note(self, path):
        if not isinstance(path, (str, bytes, os.PathLike)):
            return
        path = os.path.realpath(os.fsdecode(path))
        if path.endswith(".pyc"):
            try:
                # Python read a module it had compiled before; the module is what the study has.
                path = importlib.util.source_from_cache(path)
            except ValueError:
                return
        # The last one noted is the last.
        self._paths.pop(path, None)
        self._paths[path] = True

    def last(self):
        """The file that was read last and is no code, relative to the working directory, or None."""
        files = (p for p in reversed(self._paths) if not p.endswith(".py") and os.path.isfile(p))
        return next((os.path.relpath(p, self._roots[0]) for p in files), None)

    def _note_modules_looked_for(self):
        """A module of the working directory is only found because there is none of its name beside the definition."""
        cwd, folder = self._roots
        for name, module in list(sys.modules.items()):
            file = getattr(module, "__file__", None)
            if folder != cwd and "." not in name and isinstance(file, str) and _is_below(file, cwd):
                for candidate in (f"{name}.py", os.path.join(name, "__init__.py")):
                    path = os.path.join(folder, candidate)
                    if not os.path.exists(path):
                        self._paths[path] = True

    def files(self):
        """The files that exist, relative to the working directory, sorted."""
        return self._relative(os.path.isfile)

    def absent(self):
        """Where the definition looked for a file and nothing was, relative and sorted."""
        return self._relative(lambda path: not os.path.exists(path))

    def _relative(self, is_wanted):
        cwd = self._roots[0]
        inside = [p for p in self._paths if any(_is_within(p, root) for root in self._roots) and is_wanted(p)]
        package = os.path.dirname(os.path.abspath(__file__))
        return sorted({os.path.relpath(p, cwd) for p in inside if not _is_within(p, package)})


def last_read():
    """The file that a definition which is being loaded read last."""
    return _active.last() if _active else None


def _is_within(path, root):
    return path == root or path.startswith(root.rstrip(os.sep) + os.sep)


def _is_below(file, folder):
    return os.path.dirname(os.path.realpath(file)) == folder


def _writes_only(mode, flags):
    if isinstance(mode, str):
        return "r" not in mode and "+" not in mode
    return isinstance(flags, int) and flags & os.O_ACCMODE == os.O_WRONLY


def _noted_stat(path, *arguments, **options):
    if _active is not None:
        _active.note(path)
    return _stat(path, *arguments, **options)


def _on_event(event, arguments):
    recorder = _active
    if recorder is None:
        return
    if event == "open" and not _writes_only(*arguments[1:]):
        recorder.note(arguments[0])
    # Python's search for modules lists folders too, but what it then finds is noted as it is opened.
    elif event in ("os.listdir", "os.scandir") and not _is_import(sys._getframe(1)):
        recorder.lists_folders = True


def _is_import(frame):
    return frame.f_code.co_filename.startswith("<frozen importlib")
