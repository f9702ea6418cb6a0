"""Builds the definitions of all cases in one process.

Reads a JSON list of cases from standard input: {"tables": names, "setup": code, "expression": code or null}. Writes a list
of answers in the same order: {"document": ...}, {"text": ...} where the expression gave an ordinary Python value, or
{"code": ..., "message": ...} where the language refused.
"""

import datetime
import functools
import json
import linecache
import operator
import sys

import tables
from ehrql import __all__ as _names
from ehrql import codes, create_dataset, create_measures
from ehrql import tables as ehrql_tables
from ehrql._language.permissions import forget_permissions
from ehrql._where import describe_error
from ehrql.serializer import document


def names():
    """What a snippet finds already there."""
    import ehrql

    known = {name: getattr(ehrql, name) for name in _names}
    known |= {name: value for name, value in vars(codes).items() if name.endswith(("Code", "CodeString"))}
    known |= {"p": tables.p, "e": tables.e, "other": tables.other, "date": datetime.date}
    known |= {name: getattr(ehrql_tables, name) for name in ehrql_tables.__all__ if name != "Series"}
    known |= {"Column": ehrql_tables.Series}
    return known | {"dataset": create_dataset(), "measures": create_measures()}


def build(case, number):
    forget_permissions()
    known = names()
    path = f"case_{number}.py"
    try:
        run(case["setup"], path, known, "exec")
        if case["expression"] is None:
            return answer_of(known, case["tables"])
        value = run(case["expression"], path, known, "eval")
        if isinstance(value, (bool, int, float, str, list, datetime.date)):
            return {"text": text(value)}
        known["dataset"].add_column("value", value)
        return answer_of(known, case["tables"])
    except Exception as error:  # noqa: BLE001 - whatever a snippet raises is its answer
        problem = describe_error(error, path)
        return {"code": problem["code"], "message": f"{problem['message']} {problem.get('hint', '')}".strip()}


def run(code, path, known, mode):
    linecache.cache[path] = (len(code), None, code.splitlines(keepends=True), path)
    compiled = compile(code, path, mode, dont_inherit=True)
    return eval(compiled, known) if mode == "eval" else exec(compiled, known)  # noqa: S102, S307 - our own text


def answer_of(known, table_names):
    if len(known["measures"]):
        return {"document": document(known["measures"])}
    dataset = known["dataset"]
    if dataset._population is None and table_names:
        exists = [known[name].exists_for_patient() for name in table_names]
        dataset.define_population(functools.reduce(operator.or_, exists))
    return {"document": document(dataset)}


def text(value):
    """An ordinary value as the language reference shows it."""
    if isinstance(value, list):
        return ", ".join(" to ".join(map(text, pair)) if isinstance(pair, tuple) else text(pair) for pair in value)
    return value.isoformat() if isinstance(value, datetime.date) else repr(value)


if __name__ == "__main__":
    json.dump([build(case, number) for number, case in enumerate(json.load(sys.stdin))], sys.stdout)
