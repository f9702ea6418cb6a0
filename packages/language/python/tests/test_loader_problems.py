"""Loading a definition file that is wrong: where a problem is shown, and what of Python is told."""

import json
import sys

from ehrql._loader import load
from .loading import HEAD, LoaderTest


class Problems(LoaderTest):
    def test_a_problem_underlines_the_expression_in_the_study(self):
        error = self.problem("dataset.x = patients.sex\ndataset.y = (patients.sexx == 'male') | dataset.x\n")
        self.assertEqual(error["code"], "unknown-name")
        self.assertEqual((error["path"], error["line"]), ("analysis/definition.py", 6))
        self.assertEqual(error["excerpt"][error["column"] - 1 : error["end_column"] - 1], "patients.sexx")
        self.assertEqual(error["exit_code"], 10)
        self.assertIn("`sex`", error["hint"])

    def test_columns_count_characters_not_bytes(self):
        error = self.problem("é = 'ééé'; dataset.x = patients.sexx\n")
        self.assertEqual(error["excerpt"][error["column"] - 1 : error["end_column"] - 1], "patients.sexx")

    def test_a_problem_in_a_module_of_the_study_is_shown_there_with_the_way_to_it(self):
        self.write(
            "analysis/queries.py",
            """
        from ehrql.tables.core import patients
        def age(day):
            return patients.age_on(day)
        """,
        )
        error = self.problem("import queries\ndataset.age = queries.age('2022-13-01')\n")
        self.assertEqual((error["path"], error["line"]), ("analysis/queries.py", 4))
        self.assertEqual(
            [(f["path"], f["line"], f.get("function")) for f in error["traceback"]],
            [
                ("analysis/definition.py", 6, None),
                ("analysis/queries.py", 4, "age"),
            ],
        )

    def test_the_library_is_never_the_place(self):
        self.write("bad.json", "{")
        error = self.problem("import json\njson.load(open('bad.json'))\n")
        self.assertEqual(
            (error["path"], error["line"], error["code"]), ("analysis/definition.py", 6, "file-content")
        )
        error = self.problem(
            "from functools import reduce\nimport operator\nreduce(operator.or_, [patients.sex, patients.sex])\n"
        )
        self.assertEqual((error["line"], error["code"]), (7, "precedence"))

    def test_each_python_keyword_gets_its_own_advice(self):
        for expression, keyword, advice in (
            ("patients.exists_for_patient() and True", "`and`", "`&`"),
            ("(patients.sex == 'a') or (patients.sex == 'b')", "`or`", "`|`"),
            ("not patients.exists_for_patient()", "`not`", "`~`"),
            ("1 < clinical_events.count_for_patient() < 5", "`a < b < c`", "(a < b) & (b < c)"),
            ("patients.sex in ['male']", "`in`", "is_in"),
            ("patients.sex not in ['male']", "`in`", "is_in"),
            ("1 if patients.sex == 'a' else 2", "`if`", "case("),
        ):
            with self.subTest(expression):
                error = self.problem(f"dataset.x = ({expression})\n")
                self.assertEqual(error["code"], "truth-value")
                self.assertIn(keyword, error["message"])
                self.assertIn(advice, error["hint"])
        error = self.problem("if patients.sex == 'a':\n    dataset.x = patients.sex\n")
        self.assertIn("`if`", error["message"])
        error = self.problem("while not patients.exists_for_patient() and True: pass\n")
        self.assertIn("`and`", error["message"])

    def test_expressions_over_several_lines_show_where_they_start(self):
        error = self.problem("dataset.x = (\n    patients.date_of_birth\n    + 3\n)\n")
        self.assertEqual((error["line"], error["excerpt"]), (6, "    patients.date_of_birth"))
        self.assertEqual(error["end_column"], len(error["excerpt"]) + 1)

    def test_syntax_errors(self):
        error = self.problem("dataset.x = (\n")
        self.assertEqual((error["code"], error["path"], error["line"]), ("syntax", "analysis/definition.py", 5))
        self.write("analysis/broken.py", "x = = 1\n")
        error = self.problem("import broken\n")
        self.assertEqual(
            (error["code"], error["path"], error["line"], error["excerpt"]),
            ("syntax", "analysis/broken.py", 1, "x = = 1"),
        )
        with open("analysis/definition.py", "wb") as file:
            file.write(b"x = '\xff'\n")
        self.assertEqual(json.loads(load("analysis/definition.py", [], "any"))["error"]["code"], "syntax")

    def test_missing_or_wrong_definitions(self):
        error = self.problem("x = 1\n", head="")
        self.assertEqual((error["code"], error["path"]), ("no-definition", "analysis/definition.py"))
        error = self.problem("from ehrql import *\nd = create_dataset()\n", head="")
        self.assertIn("`d`", error["hint"])
        self.assertEqual(self.problem("dataset = 5\n", head="")["code"], "wrong-definition")
        self.assertEqual(
            self.problem("from ehrql import *\ndataset = create_dataset()\n", head="")["code"], "no-population"
        )
        self.assertEqual(self.problem("", kind="measures")["code"], "no-definition")
        self.assertEqual(self.problem("measures = create_measures()\n", kind="measures")["code"], "no-measures")
        self.assertEqual(self.problem("", kind="test")["code"], "no-definition")
        self.assertEqual(self.problem("test_data = []\n", kind="test")["code"], "wrong-definition")
        self.assertEqual(self.problem("test_data = {1: {2}}\n", kind="test")["code"], "test-data")

    def test_exit_codes(self):
        for content, code in (
            ("import sys; sys.exit(3)", 3),
            ("import sys; sys.exit()", 10),
            ("import sys; sys.exit('bad arguments')", 1),
            ("import argparse; argparse.ArgumentParser().parse_args(['--x'])", 2),
            ("table_from_file('none.csv', columns={})", 11),
            ("get_parameter('x')", 10),
            ("raise KeyboardInterrupt", 10),
            ("def f(): f()\nf()", 10),
            ("import numpy_that_is_not_there", 10),
        ):
            with self.subTest(content):
                self.assertEqual(self.problem(content + "\n")["exit_code"], code)

    def test_imports_that_fail(self):
        for content, message, hint in (
            ("from ehrql.tables.tpp import addreses", "`ehrql.tables.tpp` has no `addreses`.", "`addresses`"),
            ("import databuilder.tables.none", "No module named 'databuilder.tables.none'.", "version 0"),
            (
                "from ehrql.tables.beta.tpp import patients, nonsense",
                "`ehrql.tables.beta.tpp` has no `nonsense`.",
                "not everything that this line names still exists",
            ),
            (
                "from databuilder.tables.beta.tpp import (\n    patients, hospital_admissions\n)",
                "`databuilder.tables.beta.tpp` has no `hospital_admissions`.",
                "    from ehrql.tables.tpp import patients, apcs as hospital_admissions",
            ),
            ("import pandas_that_is_not_there", "No module named 'pandas_that_is_not_there'.", "standard library"),
        ):
            with self.subTest(content):
                error = self.problem(content + "\n")
                self.assertEqual((error["code"], error["message"], error["line"]), ("import", message, 5))
                self.assertIn(hint, error["hint"])

    def test_imports_of_version_0_are_answered_by_the_modules_of_today(self):
        answer = self.load(
            """
            import databuilder.tables.beta.core as core
            from databuilder.codes import ICD10Code, SNOMEDCTCode
            from databuilder.ehrql import Dataset, case, codelist_from_csv, days, months, when, years
            from databuilder.query_language import PatientFrame, Series, table_from_file
            from databuilder.tables.beta import tpp
            from ehrql.tables.beta.raw.tpp import apcs_cost_historical
            from ehrql.tables.beta.tpp import *
            import ehrql.tables.core
            assert core.patients is ehrql.tables.core.patients
            dataset = Dataset()
            dataset.define_population(tpp.patients.exists_for_patient() & addresses.exists_for_patient())
            """
        )
        self.assertIs(answer["ok"], True, answer)

    def test_a_method_of_version_0_is_named_as_it_is_now(self):
        error = self.problem("dataset.set_population(patients.exists_for_patient())\n")
        self.assertIn("`dataset.define_population(...)`", error["hint"])

    def test_shows_are_kept_for_debugging_whether_or_not_the_file_ends_well(self):
        head = "from ehrql import show\nfrom ehrql.tables.core import clinical_events, patients\n"
        content = "show(patients.sex, patients.date_of_birth, label='both', head=2)\nshow(clinical_events)\n"
        answer = self.load(content, head=head, kind="debug")
        self.assertIsNone(answer["document"])
        both, events = answer["shows"]["shows"]
        self.assertEqual((both["path"], both["line"], both["label"], both["head"]), ("analysis/definition.py", 3, "both", 2))
        self.assertEqual([name for name, _ in both["columns"]], ["series_1", "series_2"])
        self.assertEqual(events["columns"][0][0], "date")
        answer = self.load(content + "nonsense\n", head=head, kind="debug")
        self.assertIs(answer["ok"], False)
        self.assertEqual(len(answer["shows"]["shows"]), 2)
        answer = self.load(content, head=HEAD)
        self.assertNotIn("shows", answer)
        self.assertIn("Show line 5: both", answer["output"])

    def test_a_dataset_is_shown_with_its_event_tables_and_measures_one_by_one(self):
        head = "from datetime import date\nfrom ehrql import *\nfrom ehrql.tables.core import clinical_events, patients\n"
        content = (
            "dataset = create_dataset()\n"
            "dataset.define_population(patients.exists_for_patient())\n"
            "dataset.sex = patients.sex\n"
            "dataset.add_event_table('events', on=clinical_events.date)\n"
            "show(dataset)\n"
            "show(dataset.events, label='all')\n"
            "measures = create_measures()\n"
            "measures.define_measure('rate', patients.sex == 'male', clinical_events.count_for_patient(), {'sex': patients.sex},"
            " [(date(2020, 1, 1), date(2020, 1, 31))])\n"
            "show(measures, clinical_events.date - patients.date_of_birth)\n"
        )
        shows = self.load(content, head=head, kind="debug")["shows"]["shows"]
        self.assertEqual([one["label"] for one in shows], [None, "events", "all events", None, "rate"])
        self.assertEqual([name for name, _ in shows[1]["columns"]], ["on"])
        self.assertEqual([name for name, _ in shows[4]["columns"]], ["numerator", "denominator", "sex"])
        self.assertEqual([one["days"] for one in shows], [[], [], [], ["value"], []])

    def test_a_file_that_is_not_there(self):
        error = json.loads(load("analysis/none.py", [], "any"))["error"]
        self.assertEqual(
            (error["code"], error["path"], error["exit_code"]), ("definition-missing", "analysis/none.py", 10)
        )

    def test_no_message_names_an_internal_class(self):
        for content in (
            "patients.sex()",
            "patients.date_of_birth.is_on_or_between('2020-01-01')",
            "dataset.configure_dummy_data(size=1)",
            "clinical_events.where()",
            "patients.sex[0]",
            "clinical_events.date + 'x'",
        ):
            with self.subTest(content):
                error = self.problem(content + "\n")
                self.assertNotRegex(
                    error["message"] + error.get("hint", ""), r"PatientSeries|EventSeries|Functions|_node|<class|0x"
                )

    def test_an_exception_that_can_not_describe_itself(self):
        error = self.problem("class Odd(Exception):\n    def __str__(self): return 1 / 0\nraise Odd\n")
        self.assertEqual(error["message"], "Odd")
