"""Measures: parts, defaults, groups and intervals."""

import datetime

from ehrql import INTERVAL, create_measures, months, weeks
from ehrql.measures import Measures

from .support import TestCase, document, e, p, text

DAY = datetime.date


class MeasureDefinitions(TestCase):
    def test_parts_come_from_the_call_or_from_the_defaults(self):
        m = create_measures()
        during = e.where(e.d.is_during(INTERVAL))
        m.define_defaults(
            denominator=p.exists_for_patient(),
            group_by={"s": p.s, "band": p.f},
            intervals=weeks(1).starting_on("2022-01-03"),
        )
        m.define_measure("any", during.exists_for_patient())
        m.define_measure(name="count", numerator=during.count_for_patient(), group_by={}, denominator=p.i)
        made = document(m)["measures"]
        self.assertEqual([x["name"] for x in made["measures"]], ["any", "count"])
        self.assertEqual([g for g, _ in made["measures"][0]["group_by"]], ["s", "band"])
        self.assertEqual(made["measures"][1]["group_by"], [])
        self.assertEqual(made["measures"][0]["intervals"], [["2022-01-03", "2022-01-09"]])
        self.assertIs(made["disclosure_control"], True)
        self.assertEqual(len(m), 2)
        self.assertEqual([x.name for x in m], ["any", "count"])
        self.assertEqual(text(list(m)[1].denominator), "p.i")

    def test_intervals_are_distinct_and_ascending(self):
        m = Measures()
        late, early = (DAY(2022, 2, 1), DAY(2022, 2, 1)), (DAY(2022, 1, 1), DAY(2022, 1, 31))
        m.define_measure("x", p.b, p.b, intervals=[late, early, late])
        m.define_measure("none", p.b, p.b, intervals=[])
        made = document(m)["measures"]["measures"]
        self.assertEqual(made[0]["intervals"], [["2022-01-01", "2022-01-31"], ["2022-02-01", "2022-02-01"]])
        self.assertEqual(made[1]["intervals"], [])

    def test_intervals_are_a_list_also_where_a_tuple_of_pairs_would_do(self):
        pair = (DAY(2022, 2, 1), DAY(2022, 1, 1))
        with self.assert_problem("intervals", "list"):
            Measures().define_measure("x", p.b, p.b, intervals=(pair,))
        with self.assert_problem("intervals", "list"):
            Measures().define_defaults(intervals=())

    def test_disclosure_control_and_dummy_data(self):
        m = Measures()
        m.define_measure("x", p.b, p.b, intervals=[])
        m.configure_disclosure_control(enabled=False)
        m.configure_dummy_data(timeout=9)
        made = document(m)["measures"]
        self.assertIs(made["disclosure_control"], False)
        self.assertEqual(made["dummy_data"], {"timeout": 9})

    def test_the_population_rule_is_not_for_denominators(self):
        m = Measures()
        m.define_measure("x", p.b, p.d.is_null(), intervals=[])
        self.assertEqual(len(m), 1)

    def test_refusals(self):
        good = {"numerator": p.b, "denominator": p.b, "intervals": []}
        for change, code, word in (
            ({"numerator": None}, "measure-part", "`numerator`"),
            ({"intervals": None}, "measure-part", "`intervals`"),
            ({"numerator": p.f}, "wrong-type", "float"),
            ({"denominator": p.s}, "wrong-type", "str"),
            ({"numerator": e.b}, "many-values", "only one value per patient"),
            ({"denominator": p}, "frame-for-series", "`p.<column>`"),
            ({"name": "x y"}, "malformed-name", "letters"),
            ({"group_by": {"ratio": p.s}}, "reserved-name", "ratio"),
            ({"group_by": {"_s": p.s}}, "malformed-name", "_s"),
            ({"group_by": {"s": e.s}}, "many-values", "group_by: s"),
            ({"group_by": [p.s]}, "group-by", "list"),
            ({"intervals": months(3)}, "intervals", "months(n).starting_on"),
            ({"intervals": ((DAY(2022, 1, 1), "x"),)}, "intervals", "tuple"),
            ({"intervals": [("2022-01-01", "2022-01-31")]}, "intervals", "datetime.date"),
            ({"intervals": [DAY(2022, 1, 1)]}, "intervals", "date"),
            ({"intervals": [(DAY(2022, 1, 2), DAY(2022, 1, 1))]}, "intervals", "before it starts"),
        ):
            with self.subTest(code + word), self.assert_problem(code, word):
                Measures().define_measure(**{"name": "x", **good, **change})

    def test_names_and_groups_over_all_measures(self):
        m = Measures()
        m.define_measure("x", p.b, p.b, {"g": p.s}, [])
        with self.assert_problem("name-used"):
            m.define_measure("x", p.b, p.b, {}, [])
        with self.assert_problem("group-by", "`g`"):
            m.define_measure("y", p.b, p.b, {"g": p.c}, [])
        m.define_measure("z", p.b, p.b, {"g": p.s}, [])
        m.define_defaults()
        with self.assert_problem("defaults-again"):
            m.define_defaults(numerator=p.b)
        with self.assert_problem("no-measures"):
            document(Measures())
