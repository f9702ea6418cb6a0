"""Parameters from the command line."""

import sys

from ehrql import get_parameter

from .support import TestCase


class Parameters(TestCase):
    def given(self, *words):
        self.addCleanup(setattr, sys, "argv", sys.argv)
        sys.argv = ["definition.py", *words]

    def test_one_value_or_several(self):
        self.given(
            "--sex",
            "male",
            "female",
            "--start-date=2020-01-01",
            "--n",
            "-5",
            "--n",
            "6",
            "--x",
            "--flag",
            "true",
            "a=b",
        )
        self.assertEqual(get_parameter("sex"), ["male", "female"])
        self.assertEqual(get_parameter("start-date"), "2020-01-01")
        self.assertEqual(get_parameter("n", type=int), [-5, 6])
        self.assertEqual(get_parameter("x", default="none"), "none")
        self.assertEqual(get_parameter("flag"), ["true", "a=b"])
        self.assertEqual(get_parameter("missing", default=3, type=int), 3)

    def test_bools(self):
        for word, expected in (
            ("true", True),
            ("True", True),
            ("1", True),
            ("false", False),
            ("False", False),
            ("0", False),
        ):
            self.given("--b", word)
            self.assertIs(get_parameter("b", type=bool), expected)

    def test_problems(self):
        self.given("--intervals", "x")
        with self.assert_problem("parameter-missing", "`-- --interval VALUE`".strip("`"), "`--intervals`"):
            get_parameter("interval")
        with self.assert_problem("parameter-value", "an int") as expected:
            get_parameter("intervals", type=int)
        self.assertEqual(expected.problem.exit_code, 2)
        with self.assert_problem("parameter-value"):
            get_parameter("intervals", type=bool)
        for wrong in (list, set, "int"):
            with self.assert_problem("parameter-type"):
                get_parameter("intervals", type=wrong)
