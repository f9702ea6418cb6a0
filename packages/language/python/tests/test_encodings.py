"""Definitions as editors of other systems save them."""

import json
import os
import tempfile
import unittest

from ehrql._loader import load

GOOD = """from ehrql import create_dataset
from ehrql.tables.core import patients
dataset = create_dataset()
dataset.define_population(patients.exists_for_patient())
"""


def answer_to(**files):
    """What the loader says of `definition.py` in a folder of these files, each of bytes."""
    before = os.getcwd()
    with tempfile.TemporaryDirectory() as folder:
        try:
            os.chdir(folder)
            for name, content in files.items():
                with open(f"{name}.py", "wb") as file:
                    file.write(content)
            return json.loads(load("definition.py", [], "dataset"))
        finally:
            os.chdir(before)


class Encodings(unittest.TestCase):
    def test_line_ends_marks_and_comments_of_other_systems_are_read(self):
        for content in (
            GOOD.replace("\n", "\r\n").encode(),
            GOOD.replace("\n", "\r").encode(),
            b"\xef\xbb\xbf" + GOOD.encode(),
            b"# -*- coding: latin-1 -*-\nname = 'caf\xe9'\n" + GOOD.encode(),
        ):
            self.assertIs(answer_to(definition=content)["ok"], True, content)

    def test_a_mistake_in_them_is_on_its_line_and_column(self):
        wrong = (GOOD + "dataset.x = patients.sexx\n").replace("\n", "\r\n").encode()
        for content in (wrong, b"\xef\xbb\xbf" + wrong):
            error = answer_to(definition=content)["error"]
            place = (error["line"], error["column"], error["end_column"], error["excerpt"])
            self.assertEqual(place, (5, 13, 26, "dataset.x = patients.sexx"))

    def test_what_is_no_text_is_told_to_be_saved_as_text(self):
        for content in (
            GOOD.encode("utf-16"),
            GOOD.encode("utf-16-le"),
            GOOD.encode() + b"x = 'caf\xe9'\n",
            GOOD.encode() + b"\x00",
            b"# -*- coding: windows -*-\n" + GOOD.encode(),
        ):
            for files, place in (({"definition": content}, "definition.py"), ({"definition": b"import helper", "helper": content}, None)):
                error = answer_to(**files)["error"]
                self.assertRegex(error["message"], "is not text in UTF-8, so it can't be read as Python", content)
                self.assertIn("encoding UTF-8", error["hint"])
                self.assertIn(error["path"], [place] if place else ["definition.py", "helper.py"])
                self.assertGreater(error.get("line", 1), 0)


if __name__ == "__main__":
    unittest.main()
