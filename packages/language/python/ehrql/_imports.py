"""Says what an import that failed should have been: another module, another name, or the spelling of today."""

import linecache
import os
import re
import sys

from ._confinement import is_beyond_python
from ._frames import is_ours
from ._legacy import corrected_import, is_legacy, moved_to
from ._problems import confinement
from ._problems import python as problems
from ._problems.base import Problem, misspelling, nearest
from ._python_errors import home_of


def import_problem(error, frame):
    """The problem of an ImportError that a study met at a frame."""
    module = error.name or ""
    if is_beyond_python(module):
        return confinement.beyond_python(module)
    missing = re.match(r"cannot import name '(\w+)'", error.msg or "")
    if missing and module:
        return _missing_name(missing[1], module, "partially initialized" in error.msg, frame)
    if is_legacy(module):
        return Problem(f"No module named '{module}'.", "import", _legacy_hint(module, frame))
    if str(error).startswith("attempted relative import"):
        return problems.relative_import()
    return Problem(f"{error}.", "import", _hint(module.partition(".")[0]))


def _missing_name(name, module, is_half_read, frame):
    if is_half_read:
        return problems.imports_itself(name, module)
    # Python's own message goes on with the path of the module, which is none of the study's.
    message = f"`{module}` has no `{name}`."
    if is_legacy(module):
        return Problem(message, "import", _legacy_hint(module, frame))
    moved = moved_to(name) if module.startswith("ehrql.tables") else None
    if moved:
        hint = f"It is `{moved[1]}` of `{moved[0]}` now: `from {moved[0]} import {moved[1]} as {name}`."
        return Problem(message, "import", hint)
    home = home_of(name) if module.startswith("ehrql") else None
    if home:
        return Problem(message, "import", f"`{home}` has it.", (module, home))
    found = sys.modules.get(module)
    near = nearest(name, getattr(found, "__all__", None) or [n for n in dir(found) if n[0] != "_"])
    return Problem(message, "import", f"The nearest name is `{near}`." if near else None, misspelling(name, near))


def _hint(module):
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
    for folder in dict.fromkeys(p for p in sys.path if p and not is_ours(os.path.join(p, "x.py"))):
        try:
            entries = os.listdir(folder)
        except OSError:
            continue
        names += [entry.removesuffix(".py") for entry in entries if entry.endswith(".py")]
    return names


def _legacy_hint(module, frame):
    """What to write instead of an import of version 0."""
    line = corrected_import("".join(linecache.getlines(frame["file"])), frame["line"]) if frame else None
    if line:
        return f"`{module}` is of version 0. Write instead:\n\n    {line.replace(chr(10), chr(10) + '    ')}\n"
    return (
        f"`{module}` is of version 0, and not everything that this line names still exists. Tables are now in "
        "`ehrql.tables.core`, `ehrql.tables.tpp`, `ehrql.tables.emis` and `ehrql.tables.raw`."
    )
