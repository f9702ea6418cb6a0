"""case, when, maximum_of and minimum_of."""

import datetime

from ehrql import case, maximum_of, minimum_of, when

from .support import TestCase, e, p


class Cases(TestCase):
    def test_cases_in_order(self):
        self.assert_nodes(
            [
                (
                    case(when(p.i < 1).then("a"), when(p.b).then(None), otherwise="z"),
                    "case(lt(p.i, 1): 'a', p.b: NULL, else: 'z')",
                    "str",
                ),
                (case(when(p.b).then(p.d)), "case(p.b: p.d, else: NULL)", "date"),
                (when(True).then(1).otherwise(2), "case(True: 1, else: 2)", "int"),
                (when(e.b).then(1).otherwise(None), "case(e.b: 1, else: NULL)", "int"),
                (when(p.b).then(datetime.date(2020, 1, 31)).otherwise(p.d), "case(p.b: 2020-01-31, else: p.d)", "date"),
            ]
        )

    def test_text_is_not_read_as_a_date_or_code(self):
        with self.assert_problem("case-results", "date(2020, 1, 31)", raising=TypeError):
            case(when(p.b).then("2020-01-31"), otherwise=p.d)
        with self.assert_problem("case-results", "ehrql.codes"):
            case(when(p.b).then("195967001"), otherwise=p.code)

    def test_wrong_shapes(self):
        for attempt in (
            lambda: case(),
            lambda: case(when(p.b)),
            lambda: case({"a": p.b}),
            lambda: case([when(p.b).then(1)]),
            lambda: case(when(p.b).then(1).otherwise(2)),
            lambda: case(when(p.b).then(1), 2),
            lambda: case(when(p.b).then(1), other=2),
            lambda: case(when(p.b).then(1), default=2),
        ):
            with self.assert_problem("case-argument", raising=TypeError):
                attempt()
        with self.assert_problem("case-duplicate", "Condition 2"):
            case(when(p.i == 1).then(1), when(p.i == 1).then(2))
        with self.assert_problem("case-results", "None"):
            case(when(p.b).then(None))
        with self.assert_problem("case-results", "int and float"):
            case(when(p.b).then(1), otherwise=1.5)
        with self.assert_problem("wrong-type"):
            case(when(p.i).then(1))
        with self.assert_problem("different-types"):
            when(1)

    def test_results_that_are_no_values(self):
        with self.assert_problem("frame-for-series", "`e.<column>`"):
            when(p.b).then(e)
        with self.assert_problem("not-called", "exists_for_patient()"):
            when(p.b).then(e.exists_for_patient)
        with self.assert_problem("unfinished-when"):
            when(p.b).then(when(p.b2).then(1))


class Extremes(TestCase):
    def test_the_first_series_decides_how_literals_are_read(self):
        self.assert_nodes(
            [
                (maximum_of(p.i, p.i2, 3), "maximum_of(p.i, p.i2, 3)", "int"),
                (minimum_of("2020-01-31", p.d), "minimum_of(2020-01-31, p.d)", "date"),
                (maximum_of(1, p.f), "maximum_of(1.0, p.f)", "float"),
                (minimum_of(e.i, p.i), "minimum_of(e.i, p.i)", "int"),
                (maximum_of(1, 2), "maximum_of(1, 2)", "int"),
                (maximum_of(p.code, "195967001"), "maximum_of(p.code, '195967001')", "SNOMEDCTCode"),
            ]
        )

    def test_refusals(self):
        with self.assert_problem("too-few-arguments"):
            maximum_of(p.i)
        with self.assert_problem("different-types"):
            minimum_of(p.i, p.f)
        with self.assert_problem("wrong-type"):
            minimum_of(p.b, p.b2)
        with self.assert_problem("not-a-series"):
            minimum_of([p.i, p.i2], 1)
