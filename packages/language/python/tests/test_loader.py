"""Loading a definition file: what it sees and what is answered."""

import json
import os
import sys

from ehrql._loader import load
from .loading import LoaderTest


class Loading(LoaderTest):
    def test_a_dataset(self):
        answer = self.load("dataset.sex = patients.sex\n")
        self.assertIs(answer["ok"], True)
        self.assertEqual(answer["document"]["kind"], "dataset")
        self.assertEqual(answer["document"]["dataset"]["columns"][0][0], "sex")
        self.assertEqual(answer["files"], ["analysis/definition.py"])
        self.assertEqual(answer["output"], "")

    def test_a_file_with_several_definitions_gives_the_one_asked_for(self):
        content = """
        measures = create_measures()
        measures.define_measure("m", patients.exists_for_patient(), patients.exists_for_patient(), {}, months(1).starting_on("2022-01-01"))
        test_data = {1: {"patients": {"sex": "male"}}}
        """
        for kind, expected in (("dataset", "dataset"), ("measures", "measures"), ("any", "measures"), ("test", "test")):
            self.assertEqual(self.load(content, kind=kind)["document"]["kind"], expected)

    def test_conditions_have_the_lines_and_the_text_that_they_were_written_as(self):
        self.write("analysis/helper.py", "def adults(patients):\n    return patients.age_on('2020-01-01') >= 18\n")
        body = """
        from ehrql import create_dataset
        from ehrql.tables.core import clinical_events, patients
        from helper import adults
        seen = (
            clinical_events.where(clinical_events.date > "2020-01-01")
            .exists_for_patient()
        )
        dataset = create_dataset()
        dataset.define_population(seen & adults(patients) & (patients.sex == "female"))
        """
        path = self.write("analysis/definition.py", body, "")
        answer = json.loads(load(path, [], "dataset", with_places=True))
        found = {f"{p['path']}:{p['line']}": p["text"] for n, p in answer["places"] if "&" not in p["text"]}
        with open(path) as file:
            lines = file.read().splitlines()
        line = lambda text: next(n for n, found in enumerate(lines, 1) if text in found)
        self.assertEqual(
            found,
            {
                "analysis/helper.py:2": "patients.age_on('2020-01-01') >= 18",
                f"analysis/definition.py:{line('> ')}": 'clinical_events.where(clinical_events.date > "2020-01-01").exists_for_patient()',
                f"analysis/definition.py:{line('female')}": 'patients.sex == "female"',
            },
        )
        self.assertNotIn("places", json.loads(load(path, [], "dataset")))

    def test_imports_come_from_beside_the_file_then_from_the_working_directory(self):
        self.write("analysis/beside.py", "name = 'beside'\n")
        self.write("beside.py", "name = 'working directory'\n")
        self.write("shared.py", "name = 'shared'\n")
        os.mkdir("folder")
        self.write("folder/inner.py", "name = 'inner'\n")
        answer = self.load("""
        import beside, shared
        from folder import inner
        from analysis import beside as again
        print(beside.name, shared.name, inner.name, again.name)
        """)
        self.assertEqual(answer["output"], "beside shared inner beside\n")
        self.assertEqual(
            answer["files"], ["analysis/beside.py", "analysis/definition.py", "folder/inner.py", "shared.py"]
        )

    def test_modules_are_read_afresh_each_time(self):
        self.write("analysis/module_of_study.py", "value = 1\n")
        first = self.load("import module_of_study; print(module_of_study.value)")
        self.write("analysis/module_of_study.py", "value = 2222\n")
        second = self.load("import module_of_study; print(module_of_study.value)")
        self.assertEqual((first["output"], second["output"]), ("1\n", "2222\n"))

    def test_files_that_are_read_are_named_and_files_that_are_written_are_not(self):
        self.write("dates.json", "{}")
        self.write("table.csv", "patient_id,x\n1,2\n")
        self.write("codes.csv", "code\n195967001\n")
        answer = self.load("""
        import json, pathlib, logging
        json.load(open("dates.json")); pathlib.Path("dates.json").read_text()
        codelist_from_csv("codes.csv", column="code")
        table_from_file("table.csv", columns={"x": int})
        open("written.txt", "w").close()
        """)
        self.assertEqual(answer["files"], ["analysis/definition.py", "codes.csv", "dates.json", "table.csv"])

    def test_files_that_were_looked_for_in_vain_are_named_apart(self):
        answer = self.load("""
        import os, pathlib
        os.path.exists("a.json"); pathlib.Path("output/b.json").is_file(); os.path.isdir("analysis")
        try: open("c.json")
        except OSError: pass
        """)
        self.assertEqual(answer["files"], ["analysis/definition.py"])
        self.assertEqual(answer["absent"], ["a.json", "c.json", "output/b.json"])
        self.assertIs(answer["lists_folders"], False)

    def test_listing_a_folder_is_told_and_python_looking_for_modules_is_not(self):
        self.write("shared.py", "")
        for code, lists in (
            ("import shared", False),
            ("import os; os.listdir('.')", True),
            ("import os; list(os.walk('analysis'))", True),
            ("import glob; glob.glob('*.csv')", True),
            ("import pathlib; list(pathlib.Path('analysis').iterdir())", True),
        ):
            with self.subTest(code):
                self.assertIs(self.load(code)["lists_folders"], lists)

    def test_arguments_are_those_of_a_script(self):
        answer = self.load(
            """
        import argparse, sys
        parser = argparse.ArgumentParser()
        parser.add_argument("--day")
        print(parser.parse_args().day, sys.argv[0], __name__, __file__)
        """,
            args=["--day", "2022-01-01"],
        )
        self.assertEqual(answer["output"], "2022-01-01 analysis/definition.py __main__ analysis/definition.py\n")

    def test_the_surroundings_are_put_back(self):
        before = (sys.argv, sys.path, sys.stdout, sys.stderr, sys.modules["__main__"])
        self.load("import sys; sys.path.append('x'); sys.argv.append('y')")
        self.load("raise ValueError('x')")
        for now, then in zip((sys.argv, sys.path, sys.stdout, sys.stderr, sys.modules["__main__"]), before):
            self.assertIs(now, then)
        self.assertNotIn("x", sys.path)

    def test_claims_of_one_definition_do_not_reach_the_next(self):
        self.assertEqual(
            self.load("claim_permissions('appointments')")["document"]["claimed_permissions"], ["appointments"]
        )
        self.assertEqual(self.load("")["document"]["claimed_permissions"], [])

    def test_show_says_where_it_is(self):
        self.assertEqual(self.load("show(patients.sex, label='sex')")["output"].splitlines()[0], "Show line 5: sex")

    def test_endless_printing_is_cut(self):
        output = self.load("for _ in range(3000): print('x' * 1000)")["output"]
        self.assertLess(len(output), 1_100_000)
        self.assertTrue(output.endswith("(output cut here)\n"))

    def test_a_decorated_class_in_the_study_is_named_after_its_class(self):
        answer = self.load("""
        from ehrql.tables import table, EventFrame, Series
        @table
        class mine(EventFrame):
            x = Series(int)
        dataset.x = mine.x.sum_for_patient()
        """)
        self.assertIn("mine", [n.get("name") for n in answer["document"]["nodes"]])
