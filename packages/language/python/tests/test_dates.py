"""Dates, durations, differences and intervals."""

import datetime

from ehrql import INTERVAL, days, months, weeks, years

from .support import TestCase, e, p, text


def day(text_):
    return datetime.date.fromisoformat(text_)


class Dates(TestCase):
    def test_parts_and_starts(self):
        self.assert_nodes(
            [
                (p.d.year, "year(p.d)", "int"),
                (p.d.month, "month(p.d)", "int"),
                (e.d.day, "day(e.d)", "int"),
                (p.d.to_first_of_year(), "to_first_of_year(p.d)", "date"),
                (p.d.to_first_of_month(), "to_first_of_month(p.d)", "date"),
            ]
        )

    def test_comparisons_by_name(self):
        self.assert_nodes(
            [
                (p.d.is_before("2020-01-31"), "lt(p.d, 2020-01-31)", "bool"),
                (p.d.is_on_or_before(p.d2), "le(p.d, p.d2)", "bool"),
                (p.d.is_after(day("2020-01-31")), "gt(p.d, 2020-01-31)", "bool"),
                (p.d.is_on_or_after("2020-01-31"), "ge(p.d, 2020-01-31)", "bool"),
                (p.d.is_between_but_not_on(p.d2, "2020-01-31"), "and(gt(p.d, p.d2), lt(p.d, 2020-01-31))", "bool"),
                (
                    p.d.is_on_or_between("2020-01-01", "2020-01-31"),
                    "and(ge(p.d, 2020-01-01), le(p.d, 2020-01-31))",
                    "bool",
                ),
                (p.d.is_during(("2020-01-01", p.d2)), "and(ge(p.d, 2020-01-01), le(p.d, p.d2))", "bool"),
                (e.d.is_during(INTERVAL), "and(ge(e.d, interval_start_date), le(e.d, interval_end_date))", "bool"),
            ]
        )

    def test_adding_durations(self):
        self.assert_nodes(
            [
                (p.d + days(1), "add_days(p.d, 1)", "date"),
                (days(1) + p.d, "add_days(p.d, 1)", "date"),
                (p.d - weeks(2), "add_days(p.d, -14)", "date"),
                (p.d + months(p.i), "add_months(p.d, p.i)", "date"),
                (p.d - years(p.i), "add_years(p.d, negate(p.i))", "date"),
                (p.d + weeks(p.i), "add_days(p.d, multiply(p.i, 7))", "date"),
                ("2020-01-31" + days(p.i), "add_days(2020-01-31, p.i)", "date"),
                (day("2020-01-31") - days(e.i), "add_days(2020-01-31, negate(e.i))", "date"),
                (INTERVAL.start_date - years(1), "add_years(interval_start_date, -1)", "date"),
            ]
        )

    def test_literal_sums_are_dates_at_once_and_roll_forward(self):
        for found, expected in (
            ("2020-01-31" + months(1), "2020-03-01"),
            ("2003-01-29" + months(1), "2003-03-01"),
            ("2004-01-29" + months(1), "2004-02-29"),
            ("2004-03-31" - months(1), "2004-03-01"),
            ("2000-10-31" + months(11), "2001-10-01"),
            ("2004-02-29" - years(1), "2003-03-01"),
            ("2022-01-14" - years(1), "2021-01-14"),
            (day("2020-12-31") + days(1), "2021-01-01"),
            (weeks(1) + "2020-01-01", "2020-01-08"),
            ("2000-12-31" + months(-12), "1999-12-31"),
        ):
            self.assertEqual(found, day(expected))

    def test_differences(self):
        self.assert_nodes(
            [
                ((p.d - p.d2).days, "difference_in_days(p.d, p.d2)", "int"),
                ((p.d - "2020-01-31").weeks, "floor_divide(difference_in_days(p.d, 2020-01-31), 7)", "int"),
                (("2020-01-31" - p.d).months, "difference_in_months(2020-01-31, p.d)", "int"),
                ((day("2020-01-31") - p.d).years, "difference_in_years(2020-01-31, p.d)", "int"),
                ("2000-01-01" + days((e.d - e.d2).days), "add_days(2000-01-01, difference_in_days(e.d, e.d2))", "date"),
            ]
        )
        with self.assert_problem("date-difference", ".days"):
            (p.d - p.d2) > 3  # noqa: B015
        with self.assert_problem("unknown-name", "`hours`", ".days", raising=AttributeError):
            (p.d - p.d2).hours  # noqa: B018

    def test_durations_combine_within_a_unit(self):
        self.assertEqual(text(p.d + (days(1) + days(2))), "add_days(p.d, 3)")
        self.assertEqual(text(p.d + (months(1) - months(p.i))), "add_months(p.d, subtract(1, p.i))")
        self.assertEqual(text(p.d + -days(2)), "add_days(p.d, -2)")
        self.assertIs(weeks(1) == days(7), False)
        self.assertIs(weeks(1) == weeks(1), True)
        self.assertIs(weeks(1) != days(7), True)
        self.assertEqual(text(days(p.i) == days(3)), "eq(p.i, 3)")
        with self.assert_problem("duration-units", raising=TypeError):
            days(3) + weeks(1)

    def test_durations_refuse_what_is_no_whole_number(self):
        for value in (1.5, "1", True, p.f, None):
            with self.assert_problem("duration-argument", raising=TypeError):
                days(value)

    def test_a_date_can_not_be_taken_from_a_duration(self):
        for date in ("2020-01-01", day("2020-01-01"), p.d):
            with self.assert_problem("duration-operand", "date - days(n)", raising=TypeError):
                days(1) - date

    def test_malformed_dates(self):
        for text_ in ("20200101", "2020-1-1", "01/02/2020", "2020-01-01T00:00", "２０２０-01-01"):
            with self.assert_problem("date-format", "YYYY-MM-DD", raising=ValueError):
                p.d > text_  # noqa: B015
        with self.assert_problem("date-format", "no such date"):
            p.d > "2021-02-29"  # noqa: B015
        with self.assert_problem("datetime"):
            p.d > datetime.datetime(2020, 1, 1)  # noqa: B015
        with self.assert_problem("date-range"):
            "9999-12-31" + days(1)

    def test_episodes(self):
        self.assertEqual(text(e.d.count_episodes_for_patient(weeks(2))), "count_episodes(e.d, 14)")
        self.assertEqual(text(e.d.count_episodes_for_patient(days(-1))), "count_episodes(e.d, -1)")
        for gap in (months(1), 3, days(p.i), "3 days"):
            with self.assert_problem("episode-gap", raising=TypeError):
                e.d.count_episodes_for_patient(gap)


class Intervals(TestCase):
    def spans(self, intervals):
        return [f"{start}..{end}" for start, end in intervals]

    def test_intervals_count_from_the_date_itself(self):
        self.assertEqual(
            self.spans(months(3).starting_on("2020-01-31")),
            ["2020-01-31..2020-02-29", "2020-03-01..2020-03-30", "2020-03-31..2020-04-30"],
        )
        self.assertEqual(
            self.spans(months(2).ending_on("2020-03-31")), ["2020-02-01..2020-03-01", "2020-03-02..2020-03-31"]
        )
        self.assertEqual(
            self.spans(weeks(2).starting_on("2022-01-03")), ["2022-01-03..2022-01-09", "2022-01-10..2022-01-16"]
        )
        self.assertEqual(self.spans(days(1).ending_on(day("2022-01-03"))), ["2022-01-03..2022-01-03"])
        self.assertEqual(
            self.spans(years(2).starting_on("2020-02-29")), ["2020-02-29..2021-02-28", "2021-03-01..2022-02-28"]
        )
        self.assertEqual(months(0).starting_on("2020-01-01"), [])

    def test_intervals_need_literals(self):
        with self.assert_problem("intervals", raising=TypeError):
            days(p.i).starting_on("2020-01-01")
        with self.assert_problem("intervals", raising=ValueError):
            days(-1).ending_on("2020-01-01")
        with self.assert_problem("intervals"):
            days(1).starting_on(p.d)
        with self.assert_problem("date-format"):
            days(1).starting_on("2020")

    def test_interval_is_a_pair(self):
        other_interval = INTERVAL.__class__(start_date=INTERVAL.start_date - days(7), end_date=INTERVAL.end_date)
        self.assertEqual(text(other_interval.start_date), "add_days(interval_start_date, -7)")
        with self.assert_problem("interval-pair"):
            p.d.is_during("2020-01-01")
