"""Prints documents, one a line, that between them hold every kind of node, every type and every table.

The reader on the other side of the JSON is tested with them. Run as a script with the front end on PYTHONPATH.
"""

import datetime
import importlib
import json
import os
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from ehrql import INTERVAL, Dataset, case, create_measures, days, maximum_of, minimum_of, months, when, years
from ehrql._language.wrapping import wrap
from ehrql._model import types
from ehrql.serializer import document
from ehrql.tables import PatientFrame, Series, table_from_file, table_from_rows

from tests.support import e, other, p

NAMESPACES = ("core", "tpp", "emis", "emisv2", "smoketest", "raw.core", "raw.tpp", "raw.emis")
FRAME_AND_LEAF_KINDS = {
    "table", "inline_table", "file_table", "filter", "sort", "pick", "value", "value_set", "parameter", "select_column",
    "exists", "count", "case", "in", "contains", "maximum_of", "minimum_of",
}  # fmt: skip


def dataset():
    made = Dataset()
    made.define_population(p.exists_for_patient() & (p.s != "x"))
    rows = table_from_rows([(1, datetime.date(2020, 1, 31), 2**60, 1.5, True, None)])(
        type("r", (PatientFrame,), {
            "d": Series(datetime.date), "i": Series(int), "f": Series(float), "b": Series(bool), "s": Series(str),
        })
    )  # fmt: skip
    file = table_from_file("study.csv", columns={"index_date": datetime.date})
    picked = e.where(e.d.is_in(other.d)).except_where(e.b).sort_by(e.d, e.i).first_for_patient()
    series = [
        rows.i, file.index_date, picked.code, e.sort_by(e.code).where(e.i > p.i).last_for_patient().icd10s,
        p.i + 1, p.i - 1, p.i * 2, p.i / 2, p.f // 2, p.i**2, -p.i, p.i.absolute(), p.f.as_int(), p.b.as_int(), p.i.as_float(),
        p.i == 2**63 - 1, p.f != float("nan"), p.f < float("inf"), p.s <= "é\n\"'", p.d > "0001-01-01", p.i >= p.i2,
        ~p.b & p.b2 | p.b, p.s.contains(""), p.s.is_in([]), p.s.is_not_in(["a", "b"]), p.i.is_in([2**60]), p.f.is_in([1, 0.5]),
        p.d.year, p.d.month, p.d.day, p.d.to_first_of_year(), p.d.to_first_of_month(),
        p.d + days(p.i), p.d - months(1), p.d + years(1), (p.d - p.d2).weeks, (p.d - "2020-01-31").months, (p.d - p.d2).years,
        p.s.map_values({"a": 1, "b": None, "c": 1}, default=0), case(when(p.b).then(p.d)), when(True).then("x").otherwise(None),
        maximum_of(p.d, "2020-01-31"), minimum_of(p.code, "195967001"), p.i.when_null_then(0),
        e.i.sum_for_patient(), e.i.mean_for_patient(), e.d.minimum_for_patient(), e.s.maximum_for_patient(),
        e.code.count_distinct_for_patient(), e.d.count_episodes_for_patient(days(-1)), e.count_for_patient(),
        e.where(e.icd10s.contains("J45") | e.opcs4s.contains_any_of(["K4", "L"]) | e.icd10s.contains_any_of([])).exists_for_patient(),
        e.where(e.code.is_in(["195967001"]) | e.code.is_in(other.code)).exists_for_patient(),
        e.where((e.ctv3 == "XE0YX") | (e.bnf == "0301011R0AAAAAA") | (e.opcs4 == "K401") | (e.icd10 == "J45")).count_for_patient(),
        e.where(e.dmd == "39113611000001102").count_for_patient(),
    ]  # fmt: skip
    for number, column in enumerate(series):
        made.add_column(f"x{number}", column)
    made.add_event_table("events", d=e.d, age=p.i)
    made.events.code = e.code
    made.configure_dummy_data(population_size=5, timeout=1.5, additional_population_constraint=p.b)
    return made


def pieces(whole):
    """Small datasets that between them have every column of a large one, for tests that read millions."""
    columns = list(whole._columns.items())
    for start in range(0, len(columns), 6):
        made = Dataset()
        made.define_population(p.exists_for_patient())
        for name, node in columns[start : start + 6]:
            made.add_column(name, wrap(node))
        if start == 0:
            made.add_event_table("events", d=e.d, i=e.i)
            made.configure_dummy_data(population_size=5, timeout=1.5)
        yield made


def measures():
    made = create_measures()
    during = e.where(e.d.is_during(INTERVAL)).exists_for_patient()
    made.define_defaults(
        intervals=months(2).starting_on("2022-01-01"), group_by={"sex": p.s, "f": p.f, "d": p.d, "code": p.code}
    )
    made.define_measure("one", during, p.d.is_null())
    made.define_measure("two", e.count_for_patient(), p.i, group_by={}, intervals=[])
    made.configure_disclosure_control(enabled=False)
    made.configure_dummy_data(legacy=True)
    return made


def every_column():
    made = Dataset()
    made.define_population(p.exists_for_patient())
    for namespace in NAMESPACES:
        module = importlib.import_module(f"ehrql.tables.{namespace}")
        for name in module.__all__:
            table = getattr(module, name)
            for column, *_ in table._node["columns"]:
                series = getattr(table, column)
                series = series if series._is_patient else series.count_distinct_for_patient()
                made.add_column(f"{namespace.replace('.', '_')}_{name}_{column}", series)
    made.add_column(
        "quintile", importlib.import_module("ehrql.tables.tpp").addresses.for_patient_on("2020-01-31").imd_quintile
    )
    return made


def main():
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        with open("study.csv", "w", encoding="utf-8") as file:
            file.write("patient_id,index_date\n1,2020-01-31\n")
        test_data = {1: {"p": {"d": datetime.date(2020, 1, 31), "i": 2**60}, "e": [], "expected_in_population": False}}
        documents = [
            document(dataset()),
            document(measures()),
            document(every_column()),
            document(dataset(), test_data),
        ]
        small = [document(piece) for piece in pieces(dataset())]
        os.chdir("/")
    if "--small" in sys.argv:
        print("\n".join(json.dumps(made) for made in [*small, documents[1]]))
        return
    kinds = {node["kind"] for made in documents for node in made["nodes"]}
    known = {*FRAME_AND_LEAF_KINDS, *types.UNARY, *types.BINARY, *types.DATE_ADD, *types.AGGREGATIONS}
    if kinds != known:
        sys.exit(f"not every kind of node is here: {sorted(known ^ kinds)}")
    for made in documents:
        print(json.dumps(made))


if __name__ == "__main__":
    main()
