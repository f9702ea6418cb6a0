"""The JSON document: its form, its order, and that it stays small however often an expression is used."""

import datetime
import functools
import gc
import json
import operator
import time

from ehrql import Dataset, claim_permissions, days, maximum_of
from ehrql._language.permissions import forget_permissions
from ehrql._model import node as node_module
from ehrql.serializer import document as definition_document
from ehrql.serializer import serialize
from ehrql.tables import Constraint, PatientFrame, Series, table, table_from_rows

from .support import TestCase, document, e, p


def dataset(**columns):
    made = Dataset()
    made.define_population(p.exists_for_patient())
    for name, series in columns.items():
        made.add_column(name, series)
    return made


class DocumentForm(TestCase):
    def test_a_whole_document(self):
        found = document(dataset(x=(e.i + 1).sum_for_patient()))
        self.assertEqual(found["glovebox"], 1)
        self.assertEqual(found["kind"], "dataset")
        self.assertEqual(
            found["dataset"], {"population": 1, "columns": [["x", 6]], "event_tables": [], "dummy_data": {}}
        )
        self.assertEqual(found["claimed_permissions"], [])
        self.assertEqual(found["nodes"][1], {"kind": "exists", "source": 0})
        self.assertEqual(found["nodes"][0]["rows"], "one")
        self.assertIn({"name": "c", "type": "str", "categories": ["a", "b"]}, found["nodes"][0]["columns"])
        self.assertEqual(
            found["nodes"][3:],
            [
                {"kind": "select_column", "source": 2, "name": "i"},
                {"kind": "value", "type": "int", "value": 1},
                {"kind": "add", "left": 3, "right": 4},
                {"kind": "sum", "source": 5},
            ],
        )

    def test_what_a_study_promises_of_its_own_columns(self):
        @table
        class mine(PatientFrame):
            plain = Series(int)
            score = Series(
                int,
                constraints=[Constraint.NotNull(), Constraint.ClosedRange(0, 100, 5)],
                dummy_data_constraints=[Constraint.ClosedRange(10, 20)],
            )
            kind = Series(int, constraints=[Constraint.Categorical([1, 2])])
            code = Series(str, constraints=[Constraint.Regex("(a+)+b")])
            start = Series(datetime.date, dummy_data_constraints=[Constraint.GeneralRange(datetime.date(2020, 1, 1))])
            end = Series(datetime.date, dummy_data_constraints=[Constraint.DateAfter(["start"])])

        columns = {c["name"]: c for c in document(dataset(x=mine.score))["nodes"][2]["columns"]}
        self.assertEqual(
            columns["score"]["constraints"],
            [{"kind": "NotNull"}, {"kind": "ClosedRange", "minimum": 0, "maximum": 100, "step": 5}],
        )
        self.assertEqual(columns["score"]["dummy_data_constraints"][0]["maximum"], 20)
        self.assertEqual(columns["kind"]["constraints"], [{"kind": "Categorical", "values": [1, 2]}])
        self.assertEqual(columns["start"]["dummy_data_constraints"][0]["minimum"], "2020-01-01")
        self.assertEqual(columns["end"]["dummy_data_constraints"], [{"kind": "DateAfter", "column_names": ["start"]}])
        self.assertEqual(set(columns["plain"]) | set(columns["code"]), {"name", "type"})

    def test_children_come_before_parents(self):
        picked = e.where(e.b).sort_by(e.d).first_for_patient()
        made = dataset(
            a=picked.i, b=p.s.map_values({"a": 1}), c=maximum_of(p.i, 1), d=p.i.is_in(e.i), e=p.d + days(p.i)
        )
        for number, node in enumerate(document(made)["nodes"]):
            for key, value in node.items():
                for child in value if isinstance(value, list) else [value]:
                    for index in child if isinstance(child, list) else [child]:
                        if key not in ("columns", "rows", "value", "values", "kind") and isinstance(index, int):
                            self.assertLess(index, number)

    def test_case_sort_pick_and_episodes(self):
        made = dataset(
            a=p.s.map_values({"a": 1, "b": None}, default=2),
            b=e.sort_by(e.d).last_for_patient().i,
            c=e.d.count_episodes_for_patient(days(7)),
        )
        by_kind = {node["kind"]: node for node in document(made)["nodes"]}
        self.assertIsNone(by_kind["case"]["cases"][1][1])
        self.assertIsInstance(by_kind["case"]["otherwise"], int)
        self.assertEqual(set(by_kind["sort"]), {"kind", "source", "by"})
        self.assertEqual(by_kind["pick"]["position"], "last")
        self.assertEqual(by_kind["count_episodes"]["maximum_gap_days"], 7)

    def test_values_that_json_can_not_hold(self):
        made = dataset(
            a=p.i == 2**53 - 1,
            b=p.i == 2**53,
            c=p.i == -(2**63),
            d=p.f == float("nan"),
            e=p.f == float("-inf"),
            f=p.d == datetime.date(987, 1, 2),
            g=p.f == -0.0,
            h=p.f == 0.0,
        )
        values = [node["value"] for node in document(made)["nodes"] if node["kind"] == "value"]
        self.assertEqual(values[:6], [2**53 - 1, str(2**53), str(-(2**63)), "nan", "-inf", "0987-01-02"])
        self.assertEqual([str(value) for value in values[6:]], ["-0.0", "0.0"])

    def test_equality_of_values_is_strict_about_types(self):
        kinds = [
            (n["type"], n["value"])
            for n in document(dataset(a=p.i == 1, b=p.f == 1, c=p.b == True))["nodes"]
            if n["kind"] == "value"
        ]  # noqa: E712
        self.assertEqual(kinds, [("int", 1), ("float", 1.0), ("bool", True)])

    def test_inline_tables_hold_their_rows(self):
        rows = table_from_rows([(7, "x", None)])(type("r", (PatientFrame,), {"s": Series(str), "i": Series(int)}))
        found = next(n for n in document(dataset(a=rows.s))["nodes"] if n["kind"] == "inline_table")
        self.assertEqual(
            found,
            {
                "kind": "inline_table",
                "columns": [{"name": "s", "type": "str"}, {"name": "i", "type": "int"}],
                "rows": [[7, "x", None]],
            },
        )

    def test_test_data(self):
        data = {
            1: {"p": {"d": datetime.date(2020, 1, 31), "i": 2**60}, "e": [{"b": True}], "expected_columns": {"x": None}}
        }
        found = definition_document(dataset(), data)
        self.assertEqual(found["kind"], "test")
        self.assertEqual(found["test_data"]["1"]["p"], {"d": {"date": "2020-01-31"}, "i": str(2**60)})
        with self.assert_problem("test-data", "set", "test_data[1]['p']"):
            definition_document(dataset(), {1: {"p": {1, 2}}})

    def test_claims_of_all_modules_are_listed_once_each(self):
        self.addCleanup(forget_permissions)
        claim_permissions("b", "a")
        claim_permissions("a")
        self.assertEqual(document(dataset())["claimed_permissions"], ["b", "a"])
        with self.assert_problem("permission-name"):
            claim_permissions(["a"])

    def test_only_definitions_can_be_serialised(self):
        with self.assert_problem("wrong-definition"):
            serialize(p.i)

    def test_the_same_definition_gives_the_same_text(self):
        make = lambda: serialize(dataset(a=p.s.is_in({"x", "y", "z"}), b=(p.i + 1) * (p.i + 1)))  # noqa: E731
        self.assertEqual(make(), make())


class Sharing(TestCase):
    def test_equal_expressions_are_one_node(self):
        self.assertIs((p.i + 1)._node, (p.i + 1)._node)
        nodes = document(dataset(a=p.i + 1, b=(p.i + 1) * 2))["nodes"]
        self.assertEqual(len([n for n in nodes if n["kind"] == "add"]), 1)

    def test_reuse_stays_linear(self):
        series = p.i
        for _ in range(200):
            series = series + series
        self.assertEqual(len(document(dataset(x=series))["nodes"]), 203)

    def test_nested_filters_and_cases_stay_linear(self):
        frame = e
        for n in range(200):
            frame = frame.where((frame.i > n) | (frame.i2 < n))
        self.assertLess(len(document(dataset(x=frame.count_for_patient()))["nodes"]), 200 * 8)

    def test_deep_chains_are_no_recursion(self):
        deep = functools.reduce(operator.or_, [p.i == n for n in range(5000)])
        text = serialize(dataset(x=deep))
        self.assertEqual(len(json.loads(text)["nodes"]), 2 + 1 + 3 * 5000 - 1)
        self.assertGreater(len(repr(deep)), 0)

    def test_a_deep_population_can_be_checked(self):
        made = Dataset()
        made.define_population(functools.reduce(operator.and_, [p.i != n for n in range(5000)]))
        self.assertEqual(document(made)["kind"], "dataset")

    def test_nodes_that_nothing_uses_are_forgotten(self):
        gc.collect()
        before = len(node_module._shared)
        chain = p.i
        for n in range(20_000):
            chain = chain + n
        self.assertGreater(len(node_module._shared), before + 20_000)
        del chain
        gc.collect()
        self.assertLess(len(node_module._shared), before + 50)

    def test_a_large_categorisation_is_quick_and_small(self):
        codes = {str(100_000 + n): f"group {n % 6}" for n in range(20_000)}
        started = time.process_time()
        text = serialize(dataset(x=p.code.to_category(codes)))
        self.assertLess(len(json.loads(text)["nodes"]), 30)
        self.assertLess(time.process_time() - started, 5)
