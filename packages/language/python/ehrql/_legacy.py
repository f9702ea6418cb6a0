"""Imports as version 0 spelled them (`databuilder...`, `ehrql.tables.beta...`), answered by the modules of today.

An old module is a copy of the names of the current one, so tables are the same objects under both spellings. What has no
current answer fails like any import, and `corrected_import` says how its line is written now.
"""

import ast
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import sys

# What tables were called before they moved or took another name: old name -> (module, name).
_MOVED = {
    "hospital_admissions": ("ehrql.tables.tpp", "apcs"),
    "isaric_raw": ("ehrql.tables.raw.tpp", "isaric"),
    "ons_deaths_raw": ("ehrql.tables.raw.tpp", "ons_deaths"),
    "wl_clockstops_raw": ("ehrql.tables.raw.tpp", "wl_clockstops"),
    "wl_openpathways_raw": ("ehrql.tables.raw.tpp", "wl_openpathways"),
}


def moved_to(name):
    """Where a table of an older version is now: (module, name), or None."""
    return _MOVED.get(name)


def is_legacy(module):
    return any(module == old or module.startswith(f"{old}.") for old in ("databuilder", "ehrql.tables.beta"))


def current_name(module):
    """How a module of version 0 is called now."""
    parts = module.split(".")
    if parts[:2] == ["databuilder", "ehrql"]:
        parts = parts[1:]
    if parts[0] == "databuilder":
        parts[0] = "ehrql"
    if parts[:3] == ["ehrql", "tables", "beta"]:
        del parts[2]
    return ".".join(parts)


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, name, path=None, target=None):
        if not is_legacy(name):
            return None
        try:
            is_known = importlib.util.find_spec(current_name(name)) is not None
        except ModuleNotFoundError:
            return None
        # A package, so that modules below it are looked for.
        return importlib.machinery.ModuleSpec(name, self, is_package=True) if is_known else None

    def exec_module(self, module):
        current = importlib.import_module(current_name(module.__name__))
        kept = {key: value for key, value in vars(current).items() if not key.startswith("__") or key == "__all__"}
        module.__dict__.update(kept)


def install():
    """Answers old imports from now on; a study's own module of such a name comes first."""
    if not any(type(finder).__name__ == "_Finder" and type(finder).__module__ == __name__ for finder in sys.meta_path):
        sys.meta_path.append(_Finder())


def corrected_import(source, line):
    """How the old import at a line of a source is written today, or None when it can't be said."""
    try:
        statements = [n for n in ast.walk(ast.parse(source)) if isinstance(n, (ast.Import, ast.ImportFrom))]
    except SyntaxError:
        return None
    found = [n for n in statements if n.lineno <= line <= (n.end_lineno or n.lineno)]
    if not found:
        return None
    if isinstance(found[0], ast.Import):
        return _plain_import(found[0])
    return _from_import(found[0])


def _plain_import(statement):
    names = []
    for alias in statement.names:
        now = current_name(alias.name) if is_legacy(alias.name) else alias.name
        if not _exists(now):
            return None
        names.append(now + (f" as {alias.asname}" if alias.asname else ""))
    return f"import {', '.join(names)}"


def _from_import(statement):
    module = statement.module or ""
    here = current_name(module) if is_legacy(module) else module
    if not _exists(here):
        return None
    names_of, dropped = {}, []
    for alias in statement.names:
        where, name = _place(here, alias.name)
        if where is None:
            dropped.append(alias.name)
            continue
        kept = alias.asname if alias.asname else alias.name if name != alias.name else None
        names_of.setdefault(where, []).append(name + (f" as {kept}" if kept else ""))
    lines = [f"from {where} import {', '.join(names)}" for where, names in names_of.items()]
    return "\n".join(lines) if lines and not dropped else None


def _place(module, name):
    if name == "*" or hasattr(importlib.import_module(module), name) or _exists(f"{module}.{name}"):
        return module, name
    return _MOVED.get(name, (None, None)) if module.startswith("ehrql.tables") else (None, None)


def _exists(module):
    try:
        return importlib.util.find_spec(module) is not None
    except (ModuleNotFoundError, ValueError):
        return False
