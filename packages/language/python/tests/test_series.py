"""What each method and operator of a series means, and what it refuses."""

import datetime
import enum

from ehrql import when
from ehrql.codes import ICD10Code, SNOMEDCTCode

from .support import TestCase, e, other, p, text


class SeriesMeaning(TestCase):
    def test_comparisons_accept_series_and_literals_on_either_side(self):
        self.assert_nodes(
            [
                (p.i == 1, "eq(p.i, 1)", "bool"),
                (1 == p.i, "eq(p.i, 1)", "bool"),
                (p.i != p.i2, "ne(p.i, p.i2)", "bool"),
                (p.i < 1, "lt(p.i, 1)", "bool"),
                (1 < p.i, "gt(p.i, 1)", "bool"),
                (p.f >= 2, "ge(p.f, 2.0)", "bool"),
                (p.s <= "x", "le(p.s, 'x')", "bool"),
                (p.d > "2020-01-31", "gt(p.d, 2020-01-31)", "bool"),
                ("2020-01-31" > p.d, "lt(p.d, 2020-01-31)", "bool"),
                (datetime.date(2020, 1, 31) > p.d, "lt(p.d, 2020-01-31)", "bool"),
                (p.b == True, "eq(p.b, True)", "bool"),  # noqa: E712
                (p.code == "195967001", "eq(p.code, '195967001')", "bool"),
                (SNOMEDCTCode("195967001") == p.code, "eq(p.code, '195967001')", "bool"),
                (e.i == p.i, "eq(e.i, p.i)", "bool"),
            ]
        )

    def test_a_bool_beside_a_float_series_counts_as_a_number(self):
        self.assert_nodes([(p.f == True, "eq(p.f, 1.0)", "bool")])  # noqa: E712

    def test_missing_values(self):
        self.assert_nodes(
            [
                (p.i.is_null(), "is_null(p.i)", "bool"),
                (p.i.is_not_null(), "not(is_null(p.i))", "bool"),
                (p.i.when_null_then(0), "case(not(is_null(p.i)): p.i, else: 0)", "int"),
                (p.d.when_null_then("2020-01-31"), "case(not(is_null(p.d)): p.d, else: 2020-01-31)", "date"),
                (
                    p.code.when_null_then("195967001"),
                    "case(not(is_null(p.code)): p.code, else: '195967001')",
                    "SNOMEDCTCode",
                ),
            ]
        )

    def test_membership(self):
        self.assert_nodes(
            [
                (p.i.is_in([1, 2, 1]), "in(p.i, {1, 2})", "bool"),
                (p.i.is_not_in((1,)), "not(in(p.i, {1}))", "bool"),
                (p.i.is_in([]), "in(p.i, {})", "bool"),
                (p.s.is_in({"b", "a"}), "in(p.s, {'a', 'b'})", "bool"),
                (p.s.is_in({"b": 1, "a": 2}), "in(p.s, {'b', 'a'})", "bool"),
                (p.f.is_in([1]), "in(p.f, {1.0})", "bool"),
                (p.d.is_in(["2020-01-31"]), "in(p.d, {2020-01-31})", "bool"),
                (p.d.is_in(e.d), "in(p.d, combine_as_set(e.d))", "bool"),
                (other.d.is_in(e.d), "in(other.d, combine_as_set(e.d))", "bool"),
            ]
        )

    def test_members_of_an_enum_are_their_values(self):
        class Sex(str, enum.Enum):
            FEMALE = "female"

        class Level(enum.IntEnum):
            HIGH = 3

        class Kind(str, enum.Enum):
            ASTHMA = "195967001"

        self.assert_nodes(
            [
                (p.s == Sex.FEMALE, "eq(p.s, 'female')", "bool"),
                (p.s.is_in([Sex.FEMALE]), "in(p.s, {'female'})", "bool"),
                (when(p.b).then(Sex.FEMALE).otherwise("female"), "case(p.b: 'female', else: 'female')", "str"),
                (p.i == Level.HIGH, "eq(p.i, 3)", "bool"),
                (p.code == Kind.ASTHMA, "eq(p.code, '195967001')", "bool"),
            ]
        )

    def test_logic(self):
        self.assert_nodes(
            [
                (p.b & p.b2, "and(p.b, p.b2)", "bool"),
                (True & p.b, "and(True, p.b)", "bool"),
                (p.b | False, "or(p.b, False)", "bool"),
                (~p.b, "not(p.b)", "bool"),
                (p.b.as_int(), "cast_to_int(p.b)", "int"),
                (p.b & e.b, "and(p.b, e.b)", "bool"),
            ]
        )

    def test_arithmetic(self):
        self.assert_nodes(
            [
                (p.i + 1, "add(p.i, 1)", "int"),
                (0 + p.i, "add(0, p.i)", "int"),
                (1 - p.i, "subtract(1, p.i)", "int"),
                (p.i - p.i2, "subtract(p.i, p.i2)", "int"),
                (2 * p.f, "multiply(2.0, p.f)", "float"),
                (p.i / 2, "true_divide(p.i, 2)", "float"),
                (1 / p.i, "true_divide(1, p.i)", "float"),
                (p.f // 2, "floor_divide(p.f, 2.0)", "int"),
                (7 // p.i, "floor_divide(7, p.i)", "int"),
                (p.i**2, "power(p.i, 2)", "float"),
                (2**p.i, "power(2, p.i)", "float"),
                (-p.i, "negate(p.i)", "int"),
                (p.f.absolute(), "absolute(p.f)", "float"),
                (p.f.as_int(), "cast_to_int(p.f)", "int"),
                (p.i.as_float(), "cast_to_float(p.i)", "float"),
            ]
        )

    def test_text(self):
        self.assert_nodes(
            [
                (p.s.contains("a%"), "contains(p.s, 'a%')", "bool"),
                (p.s.contains(p.c), "contains(p.s, p.c)", "bool"),
            ]
        )

    def test_aggregations(self):
        self.assert_nodes(
            [
                (e.i.count_distinct_for_patient(), "count_distinct(e.i)", "int"),
                (e.b.count_distinct_for_patient(), "count_distinct(e.b)", "int"),
                (e.s.minimum_for_patient(), "min(e.s)", "str"),
                (e.d.maximum_for_patient(), "max(e.d)", "date"),
                (e.i.sum_for_patient(), "sum(e.i)", "int"),
                (e.i.mean_for_patient(), "mean(e.i)", "float"),
                (e.f.mean_for_patient(), "mean(e.f)", "float"),
            ]
        )

    def test_map_values_asks_once_for_all_keys_with_one_result(self):
        self.assert_nodes(
            [
                (
                    p.s.map_values({"a": 1, "b": 2, "c": 1}),
                    "case(in(p.s, {'a', 'c'}): 1, eq(p.s, 'b'): 2, else: NULL)",
                    "int",
                ),
                (p.i.map_values({1: "x"}, default="y"), "case(eq(p.i, 1): 'x', else: 'y')", "str"),
                (
                    p.i.map_values({1: None, 2: "x"}, default="y"),
                    "case(eq(p.i, 1): NULL, eq(p.i, 2): 'x', else: 'y')",
                    "str",
                ),
                (
                    e.code.to_category({"195967001": "asthma"}),
                    "case(eq(e.code, '195967001'): 'asthma', else: NULL)",
                    "str",
                ),
            ]
        )

    def test_map_values_tells_one_from_true_and_from_one_point_nought(self):
        self.assertNotEqual(text(p.s.map_values({"a": 1, "b": 2})), text(p.s.map_values({"a": 1.0, "b": 2.0})))


class SeriesRefusals(TestCase):
    def test_python_keywords_that_need_one_truth_value(self):
        for attempt in (lambda: p.b and p.b2, lambda: not p.b, lambda: 1 < p.i < 3, lambda: p.s in ["a"]):
            with self.assert_problem("truth-value", "`&`", raising=TypeError):
                attempt()

    def test_operators_that_bind_tighter_than_comparisons(self):
        with self.assert_problem("precedence", "brackets", raising=TypeError):
            p.i == 1 | p.i == 2  # noqa: B015
        with self.assert_problem("precedence", "brackets"):
            ~p.s == "a"  # noqa: B015
        with self.assert_problem("precedence", "a bool series and an int series"):
            p.b & p.i == 1  # noqa: B015
        with self.assert_problem("precedence", "the str 'male'"):
            p.s == "male" & p.b  # noqa: B015
        with self.assert_problem("precedence", "the int 1"):
            p.b & 1

    def test_types_that_differ(self):
        for attempt in (
            lambda: p.i == p.f,
            lambda: p.i < 1.5,
            lambda: p.i / 10.0,
            lambda: p.i == True,  # noqa: E712
            lambda: p.s == 1,
            lambda: p.i + p.s,
            lambda: p.i.is_in(["a"]),
            lambda: p.code == p.s,
            lambda: e.code == e.dmd,
            lambda: e.code == ICD10Code("J45"),
            lambda: p.i.when_null_then("a"),
            lambda: p.d.is_in(e.i),
        ):
            with self.assert_problem("different-types", raising=TypeError):
                attempt()

    def test_none_is_no_value(self):
        for attempt in (lambda: p.i == None, lambda: p.i.is_in([None]), lambda: p.b | None):  # noqa: E711
            with self.assert_problem("none-literal", raising=TypeError):
                attempt()

    def test_ints_have_64_bits(self):
        self.assertEqual(text(p.i == 2**63 - 1), f"eq(p.i, {2**63 - 1})")
        for attempt in (lambda: p.i == 2**63, lambda: p.i.is_in([-(2**63) - 1]), lambda: p.f < 10**400):
            with self.assert_problem("int-range", raising=ValueError):
                attempt()

    def test_operations_that_a_type_lacks(self):
        for attempt in (
            lambda: p.b < True,
            lambda: p.code < "195967001",
            lambda: p.i % 2,
            lambda: p.d + 1,
            lambda: -p.s,
        ):
            with self.assert_problem("operator-not-supported", raising=TypeError):
                attempt()
        for attempt in (
            lambda: p.i.sum_for_patient,
            lambda: e.code.minimum_for_patient,
            lambda: e.b.maximum_for_patient,
        ):
            with self.assert_problem("unknown-name", raising=AttributeError):
                attempt()

    def test_the_builtin_abs_names_the_method(self):
        with self.assert_problem("abs-builtin", ".absolute()", raising=TypeError):
            abs(p.i)

    def test_a_wrong_method_names_the_types_that_have_it_or_the_nearest_name(self):
        with self.assert_problem("unknown-name", "belongs to date series"):
            p.s.is_before("2020-01-01")
        with self.assert_problem("unknown-name", "`is_null`"):
            p.s.is_nul()

    def test_is_in_says_what_was_found(self):
        for argument, word in (
            ("male", "text"),
            (p.s, "one value a patient"),
            (range(3), "range"),
            ((x for x in "a"), "generator"),
            (e, "table"),
            (5, "int"),
        ):
            with self.assert_problem("is-in-argument", word, raising=TypeError):
                p.s.is_in(argument)

    def test_map_values_needs_entries(self):
        for mapping in ({}, {None: 1}, ["a"]):
            with self.assert_problem("map-values", raising=TypeError):
                p.s.map_values(mapping)
        with self.assert_problem("case-results"):
            p.s.map_values({"a": 1, "b": "x"})

    def test_series_with_unrelated_rows_can_not_meet(self):
        with self.assert_problem("unrelated-rows", "`e` after a filter and `e`"):
            e.where(e.i > 1).i + e.i
        with self.assert_problem("unrelated-rows", "`.is_in(...)`"):
            e.d == other.d  # noqa: B015

    def test_separately_built_equal_filters_are_the_same_rows(self):
        self.assertEqual(
            text(e.where(e.i > 1).i + e.where(e.i > 1).i2), "add(filter(e, gt(e.i, 1)).i, filter(e, gt(e.i, 1)).i2)"
        )
        self.assertEqual((e.sort_by(e.d).i + e.i)._type, "int")

    def test_series_never_change_and_have_no_hash(self):
        with self.assert_problem("frozen-series", raising=AttributeError):
            p.i.x = 1
        with self.assertRaises(TypeError):
            {p.i}

    def test_series_can_not_be_looped_over(self):
        for attempt in (lambda: list(p.i), lambda: len(e.i), lambda: sum(p.i)):
            with self.assert_problem("loop-over-series", raising=TypeError):
                attempt()
