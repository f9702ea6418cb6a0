"""Runs a definition file and gives its document or its problem as JSON. The evaluator calls `load` inside Pyodide; a
person can run `python3 -m ehrql._loader FILE [--kind KIND] [-- ARGS]`.

This is no security boundary: the process around it is. It does keep the definition from mixing its own output with the
answer, and names every file that was read, so that a result is reused only while those files are the same.
"""

import importlib
import io
import json
import linecache
import os
import sys
import types

from ._frames import written_at
from ._language.datasets import Dataset
from ._language.measures import Measures
from ._language.permissions import forget_permissions
from ._language.places import forget_places, keep_places
from ._language.show import forget_shows, keep_shows
from ._problems import definitions as problems
from ._reading import Reading
from ._where import describe_error
from .serializer import document, places_document, shows_document

_OUTPUT_LIMIT = 1_000_000


def load(path, args, kind, with_places=False):
    """Runs the file at `path` with `args` as its command line.

    `kind` is "dataset", "measures", "test" or "any" (measures where there are some, else the dataset). Gives JSON:
    {"ok": true, "document": {...}, ...} or {"ok": false, "error": {...}, ...}, and in both: `files` that it read and
    `absent` ones that it looked for in vain, relative to the working directory; `lists_folders`, whether it listed one;
    and `output`, what it printed.

    The kind "debug" keeps what `show()` was given: the answer has "shows", however the file ended, and "document" is
    null where the file defines nothing.

    `with_places` adds "places": where in the study each bool node of the document was written, as
    [[number, {"path", "line", "text"}], ...].
    """
    shows = keep_shows() if kind == "debug" else None
    places = keep_places() if with_places else None
    written = []
    output = _Output()
    reading = Reading(os.path.dirname(os.path.abspath(path)))
    with _Surroundings(path, args, output), reading:
        try:
            found = _found(_run(path), kind, path)
            answer = {"ok": True, "document": found and document(*found)}
            # Inside the try: a chain that can't be written is a problem like any other.
            text = json.dumps(answer["document"], separators=(",", ":"), allow_nan=False)
            if places is not None and found:
                written = [[n, written_at(*at)] for n, at in places_document(found[0], places)]
        # Everything that a definition can raise, SystemExit and KeyboardInterrupt included, is its own problem.
        except BaseException as error:  # noqa: BLE001
            answer, text = {"ok": False, "error": describe_error(error, path)}, None
        finally:
            forget_shows()
            forget_places()
    kept = {} if shows is None else {"shows": shows_document(shows)}
    if places is not None:
        kept["places"] = written
    read = {"files": reading.files(), "absent": reading.absent(), "lists_folders": reading.lists_folders}
    rest = json.dumps({**read, "output": output.text(), **kept}, separators=(",", ":"))
    if text is None:
        return f'{{"ok":false,"error":{json.dumps(answer["error"])},{rest[1:]}'
    return f'{{"ok":true,"document":{text},{rest[1:]}'


def _run(path):
    """The globals of the file, run as the main module."""
    if not os.path.isfile(path):
        raise problems.no_file(path)
    with open(path, "rb") as file:
        code = compile(file.read(), path, "exec", dont_inherit=True)
    module = types.ModuleType("__main__")
    module.__file__ = path
    sys.modules["__main__"] = module
    exec(code, module.__dict__)  # noqa: S102 - running it is the point
    return module.__dict__


def _found(variables, kind, path):
    """What `document` takes: a dataset or measures, and for a test its data. None where debugging finds nothing defined."""
    if kind == "debug":
        is_defined = any(isinstance(variables.get(n), c) for n, c in (("measures", Measures), ("dataset", Dataset)))
        return _found(variables, "any", path) if is_defined else None
    if kind == "any":
        kind = "measures" if isinstance(variables.get("measures"), Measures) else "dataset"
    if kind == "measures":
        measures = _variable(variables, "measures", Measures, "made by `create_measures()`", path)
        if not len(measures):
            raise problems.no_measures(path)
        return (measures,)
    if kind not in ("dataset", "test"):
        raise ValueError(f"unknown kind of definition: {kind}")
    dataset = _variable(variables, "dataset", Dataset, "made by `create_dataset()`", path)
    if kind == "dataset":
        return (dataset,)
    return dataset, _variable(variables, "test_data", dict, "a dict", path)


# What a file defines where the other command was meant.
_OTHER_KIND = {"dataset": Measures, "measures": Dataset}


def _variable(variables, name, expected, description, path):
    if name not in variables:
        others = [n for n, v in variables.items() if isinstance(v, expected) and not n.startswith("_")]
        has_other = any(isinstance(v, _OTHER_KIND.get(name, ())) for v in variables.values())
        raise problems.no_variable(name, path, others[0] if others and expected is not dict else None, has_other)
    value = variables[name]
    if not isinstance(value, expected):
        raise problems.wrong_variable(name, path, description, type(value).__name__)
    return value


class _Surroundings:
    """What a definition sees as its own process: arguments, import path, output. All of it is put back afterwards."""

    def __init__(self, path, args, output):
        self._path = path
        self._args = list(args)
        self._output = output

    def __enter__(self):
        self._saved = (sys.argv, sys.path, sys.stdout, sys.stderr, sys.dont_write_bytecode, dict(sys.modules))
        folder = os.path.dirname(os.path.abspath(self._path))
        sys.argv = [self._path, *self._args]
        # Imports come from beside the file first and from the working directory second.
        sys.path = list(dict.fromkeys([folder, os.getcwd(), *(p for p in sys.path if p)]))
        sys.stdout = sys.stderr = self._output
        sys.dont_write_bytecode = True
        # Files may have changed since an earlier load of this process.
        importlib.invalidate_caches()
        linecache.clearcache()
        forget_permissions()

    def __exit__(self, *_):
        modules = self._saved[-1]
        sys.argv, sys.path, sys.stdout, sys.stderr, sys.dont_write_bytecode = self._saved[:-1]
        # The next definition may have another module of the same name.
        for name in set(sys.modules) - set(modules):
            if not name.startswith("ehrql") and name not in sys.stdlib_module_names:
                del sys.modules[name]
        sys.modules["__main__"] = modules["__main__"]


_prints_at_once = False


def print_at_once():
    """From now on what a definition prints goes out as it is printed, so that none is lost with a process that dies."""
    global _prints_at_once
    _prints_at_once = True


class _Output(io.TextIOBase):
    """Keeps the beginning of what is printed, where it doesn't go out at once to whoever keeps it."""

    def __init__(self):
        self._parts = []
        self._length = 0

    def writable(self):
        return True

    def write(self, text):
        if _prints_at_once:
            os.write(2, text.encode(errors="replace"))
            return len(text)
        room = _OUTPUT_LIMIT - self._length
        if room > 0:
            self._parts.append(text[:room])
        self._length += len(text)
        return len(text)

    def text(self):
        cut = "\n(output cut here)\n" if self._length > _OUTPUT_LIMIT else ""
        return "".join(self._parts) + cut


def main(arguments):
    if not arguments or arguments[0].startswith("-"):
        print("usage: python3 -m ehrql._loader FILE [--kind dataset|measures|test|any] [-- ARGS]", file=sys.stderr)
        return 2
    args = []
    if "--" in arguments:
        arguments, args = arguments[: arguments.index("--")], arguments[arguments.index("--") + 1 :]
    kind = "any"
    if "--kind" in arguments:
        position = arguments.index("--kind")
        kind, arguments = arguments[position + 1], arguments[:position] + arguments[position + 2 :]
    answer = load(arguments[0], args, kind)
    print(answer)
    parsed = json.loads(answer)
    return 0 if parsed["ok"] else parsed["error"]["exit_code"]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
