"""What tests of loading share: a study folder of their own, and a definition file in it."""

import json
import os
import tempfile
import textwrap
import unittest

from ehrql._loader import load

HEAD = """\
from ehrql import *
from ehrql.tables.core import clinical_events, patients
dataset = create_dataset()
dataset.define_population(patients.exists_for_patient())
"""


class LoaderTest(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.addCleanup(os.chdir, os.getcwd())
        os.chdir(folder.name)
        os.mkdir("analysis")

    def write(self, path, content, head=""):
        with open(path, "w", encoding="utf-8") as file:
            file.write(head + textwrap.dedent(content))
        return path

    def load(self, content, args=(), kind="any", head=HEAD):
        path = self.write("analysis/definition.py", content, head)
        return json.loads(load(path, list(args), kind))

    def problem(self, content, **options):
        answer = self.load(content, **options)
        self.assertIs(answer["ok"], False, answer)
        return answer["error"]
