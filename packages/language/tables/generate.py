"""Writes the table modules of `python/ehrql/tables/` from `tables.json`, so that editors see every table and column.

    python3 packages/language/tables/generate.py [--check]

With --check nothing is written, and the exit code is 1 when a module is out of date.
"""

import json
import sys
from pathlib import Path

from generate_types import stubs

HERE = Path(__file__).parent
MODULES = HERE.parent / "python" / "ehrql" / "tables"

# Which methods of `_methods.py` each table has.
METHODS = {
    "core.patients": "Patients",
    "emis.patients": "PatientsWithRegistration",
    "core.practice_registrations": "Registrations",
    "tpp.practice_registrations": "RegistrationsWithSystmone",
    "emis.practice_registrations": "Registrations",
    "emisv2.practice_registrations": "RegistrationDates",
    "core.ons_deaths": "Deaths",
    "tpp.ons_deaths": "Deaths",
    "tpp.addresses": "Addresses",
    "emisv2.addresses": "AddressDates",
    "tpp.decision_support_values": "DecisionSupportValues",
}
# Names that study code imports from this module although they are no tables.
EXTRA = {"tpp": "from ..query_language import case, when"}


def main(arguments):
    facts = json.loads((HERE / "tables.json").read_text(encoding="utf-8"))
    is_check, stale = "--check" in arguments, []
    for path, text in {**modules(facts), **stubs(MODULES.parent, facts, METHODS)}.items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(path)
            if not is_check:
                path.parent.mkdir(exist_ok=True)
                path.write_text(text, encoding="utf-8")
    for path in stale:
        print(f"{'out of date' if is_check else 'written'}: {path.relative_to(HERE.parent)}")
    return 1 if is_check and stale else 0


def modules(facts):
    """Path and text of every module."""
    texts = {MODULES / "raw" / "__init__.py": '"""Tables as the supplier gives them, with every row."""\n'}
    for namespace, tables in facts["namespaces"].items():
        path = MODULES.joinpath(*namespace.split(".")).with_suffix(".py")
        texts[path] = module(namespace, tables, facts["tables"])
    return texts


def module(namespace, names, tables):
    """The text of one namespace's module. Tables of another namespace are imported from it: they are the same table."""
    dots = "." * (namespace.count(".") + 2)
    own = {name: key for name, key in names.items() if key == f"{namespace}.{name}"}
    foreign = {name: key for name, key in names.items() if name not in own}
    body = "\n".join(table_class(name, tables[key], METHODS.get(key)) for name, key in own.items())
    lines = [f'"""The tables of `{namespace}`. Generated from tables.json by generate.py; changes here are lost."""\n']
    if "datetime." in body:
        lines.append("import datetime\n")
    lines += imports(body, dots, foreign)
    if namespace in EXTRA:
        lines.append(EXTRA[namespace].replace("from ..", f"from {dots}"))
    exported = "".join(f'    "{name}",\n' for name in names)
    return "\n".join(lines) + f"\n\n__all__ = [\n{exported}]\n" + (f"\n\n{body.rstrip()}\n" if body else "")


def imports(body, dots, foreign):
    codes = sorted(c for c in CODES if f"Series({c}" in body)
    frames = [f for f in ("EventFrame", "PatientFrame") if f"{f})" in body]
    lines = [f"from {dots}codes import {', '.join(codes)}"] if codes else []
    if "Constraint." in body:
        lines.append(f"from {dots}_language.constraints import Constraint")
    if body:
        lines.append(f"from {dots}_language.columns import Series")
        lines.append(f"from {dots}_language.frames import {', '.join(frames)}")
        lines.append(f"from {dots}_language.tables import table")
    mixins = sorted(m for m in set(METHODS.values()) if f"(_methods.{m}," in body)
    if mixins:
        lines.append(f"from {dots}tables import _methods")
    for origin in dict.fromkeys(key.rpartition(".")[0] for key in foreign.values()):
        names = [name for name, key in foreign.items() if key.rpartition(".")[0] == origin]
        lines.append(f"from {dots}tables.{origin} import {', '.join(names)}")
    return lines


CODES = (
    "BNFCode",
    "CTV3Code",
    "DMDCode",
    "ICD10Code",
    "ICD10MultiCodeString",
    "OPCS4Code",
    "OPCS4MultiCodeString",
    "SNOMEDCTCode",
)


def table_class(name, facts, methods):
    frame = "PatientFrame" if facts["rows"] == "one" else "EventFrame"
    bases = f"_methods.{methods}, {frame}" if methods else frame
    lines = ["@table", f"class {name}({bases}):"]
    lines += meta(name, facts)
    lines += [f"    {column['name']} = {series(column)}" for column in facts["columns"]]
    return "\n".join(lines) + "\n\n"


def meta(name, facts):
    entries = []
    if facts["name"] != name:
        entries.append(f"        table_name = {literal(facts['name'])}")
    if facts["permission"] is not None:
        entries.append(f"        required_permission = {literal(facts['permission'])}")
    if isinstance(facts["activation_filter"], dict):
        entries.append(f"        activation_filter_field = {literal(facts['activation_filter']['column'])}")
    return ["    class _meta:", *entries, ""] if entries else []


def series(column):
    type_ = "datetime.date" if column["type"] == "date" else column["type"]
    arguments = [type_]
    for key in ("constraints", "dummy_data_constraints"):
        if column.get(key):
            listed = [constraint(c) for c in column[key]]
            arguments.append(f"{key}={bracketed(listed, 8)}")
    one_line = f"Series({', '.join(arguments)})"
    if len(one_line) + len(column["name"]) < 110 and "\n" not in one_line:
        return one_line
    return "Series(\n" + "".join(f"        {argument},\n" for argument in arguments) + "    )"


def bracketed(parts, indent):
    """A list on one line, or one part a line where that is too long."""
    one_line = f"[{', '.join(parts)}]"
    if len(one_line) + indent < 100:
        return one_line
    pad = " " * indent
    return "[\n" + "".join(f"{pad}    {part},\n" for part in parts) + f"{pad}]"


def constraint(facts):
    arguments = {key: value for key, value in facts.items() if key != "kind"}
    if len(arguments) == 1:
        value = next(iter(arguments.values()))
        parts = [literal(part) for part in value] if isinstance(value, list) else None
        return f"Constraint.{facts['kind']}({bracketed(parts, 12) if parts else literal(value)})"
    return f"Constraint.{facts['kind']}({', '.join(f'{key}={literal(value)}' for key, value in arguments.items())})"


def literal(value):
    """A value as Python source, text in double quotes."""
    if isinstance(value, list):
        return f"[{', '.join(literal(part) for part in value)}]"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
