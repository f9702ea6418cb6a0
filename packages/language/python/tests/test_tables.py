"""The tables of the namespaces: their facts, their methods, and that the modules are as the data file says."""

import importlib
import json
import os
import subprocess
import sys
import unittest
from pathlib import Path

from ehrql._legacy import install
from ehrql.tables import core, emis, emisv2, tpp

from .support import TestCase, text

TABLES = Path(__file__).parents[2] / "tables"


def _plain(value):
    """As JSON has it."""
    if isinstance(value, (tuple, list)):
        return [_plain(part) for part in value]
    return value.isoformat() if hasattr(value, "isoformat") else value


class Catalogue(unittest.TestCase):
    facts = json.loads((TABLES / "tables.json").read_text(encoding="utf-8"))

    def test_the_modules_are_up_to_date(self):
        done = subprocess.run([sys.executable, TABLES / "generate.py", "--check"], capture_output=True, text=True)
        self.assertEqual(done.stdout, "")
        self.assertEqual(done.returncode, 0)

    def test_every_table_has_the_columns_of_the_data_file(self):
        count = 0
        for namespace, names in self.facts["namespaces"].items():
            module = importlib.import_module(f"ehrql.tables.{namespace}")
            self.assertEqual(module.__all__, list(names))
            for name, key in names.items():
                expected = self.facts["tables"][key]
                node = getattr(module, name)._node
                self.assertEqual((node["name"], node["rows"]), (expected["name"], expected["rows"]))
                columns = [
                    (c["name"], c["type"], tuple(c["categories"]) if "categories" in c else None, ())
                    for c in expected["columns"]
                ]
                self.assertEqual(list(node["columns"]), columns)
                count += len(columns)
        self.assertEqual(count, 431)

    def test_every_column_has_the_constraints_of_the_data_file(self):
        count = 0
        for namespace, names in self.facts["namespaces"].items():
            for name, key in names.items():
                table = type(getattr(importlib.import_module(f"ehrql.tables.{namespace}"), name))
                for column in self.facts["tables"][key]["columns"]:
                    declared = getattr(table, column["name"])
                    for kind in ("constraints", "dummy_data_constraints"):
                        found = [
                            {"kind": type(c).__name__, **{n: _plain(v) for n, v in vars(c).items()}}
                            for c in getattr(declared, kind)
                        ]
                        self.assertEqual(found, column.get(kind, []), (key, column["name"], kind))
                        count += len(found)
        self.assertGreater(count, 100)

    def test_every_table_answers_to_its_spellings_of_version_0(self):
        install()
        for namespace, names in self.facts["namespaces"].items():
            for old in (f"ehrql.tables.beta.{namespace}", f"databuilder.tables.beta.{namespace}"):
                module, today = importlib.import_module(old), importlib.import_module(f"ehrql.tables.{namespace}")
                for name in names:
                    self.assertIs(getattr(module, name), getattr(today, name), (old, name))

    def test_a_table_in_two_namespaces_is_one_table(self):
        self.assertIs(tpp.patients, core.patients)
        self.assertIs(emisv2.medications, core.medications)
        self.assertIsNot(tpp.medications, core.medications)

    def test_names_that_studies_import_from_unexpected_places(self):
        source = (
            "from ehrql import Path, query_language, Error\n"
            "from ehrql.tables.tpp import case, when\n"
            "from ehrql.tables import tpp, table_from_rows, Constraint\n"
            "from ehrql.measures import INTERVAL, Measures, create_measures\n"
            "from ehrql.query_language import table_from_file, PatientFrame, Series, IntEventSeries\n"
            "from ehrql.codes import *\n"
            "assert isinstance(tpp.patients.exists_for_patient(), query_language.BoolPatientSeries)\n"
            "assert isinstance(tpp.patients.age_on('2020-01-01'), query_language.IntPatientSeries)\n"
            "assert isinstance(tpp.clinical_events.ctv3_code, query_language.CTV3CodeEventSeries)\n"
            "assert issubclass(CodelistError, ValueError)\n"
        )
        environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", source], capture_output=True, text=True, env=environment
        )
        self.assertEqual((done.returncode, done.stderr), (0, ""))


class Methods(TestCase):
    def test_patients(self):
        self.assert_nodes(
            [
                (core.patients.age_on("2020-01-31"), "difference_in_years(2020-01-31, patients.date_of_birth)", "int"),
                (
                    core.patients.is_alive_on("2020-01-31"),
                    "or(gt(patients.date_of_death, 2020-01-31), is_null(patients.date_of_death))",
                    "bool",
                ),
                (
                    core.patients.is_dead_on("2020-01-31"),
                    "and(not(is_null(patients.date_of_death)), lt(patients.date_of_death, 2020-01-31))",
                    "bool",
                ),
                (
                    emis.patients.has_practice_registration_spanning("2020-01-01", "2020-01-31"),
                    "and(le(patients.registration_start_date, 2020-01-01), or(gt(patients.registration_end_date, 2020-01-31), "
                    "is_null(patients.registration_end_date)))",
                    "bool",
                ),
            ]
        )
        self.assertFalse(hasattr(emis.patients, "is_alive_on"))

    def test_registrations(self):
        spanning = (
            "filter(practice_registrations, and(le(practice_registrations.start_date, 2020-01-01), "
            "or(ge(practice_registrations.end_date, 2020-01-31), is_null(practice_registrations.end_date))))"
        )
        on = spanning.replace("2020-01-31", "2020-01-01")
        for registrations in (core.practice_registrations, tpp.practice_registrations, emis.practice_registrations):
            self.assertEqual(text(registrations.spanning("2020-01-01", "2020-01-31")), spanning)
            self.assertEqual(text(registrations.exists_for_patient_on("2020-01-01")), f"exists({on})")
            self.assertEqual(
                text(registrations.for_patient_on("2020-01-01").practice_pseudo_id),
                f"pick(sort(sort(sort({on}, practice_registrations.practice_pseudo_id), practice_registrations.end_date), "
                "practice_registrations.start_date), last).practice_pseudo_id",
            )
        self.assertEqual(
            text(emisv2.practice_registrations.for_patient_on("2020-01-01").end_date),
            f"pick(sort({on}, practice_registrations.start_date), last).end_date",
        )
        self.assertEqual(
            text(tpp.practice_registrations.spanning_with_systmone("2020-01-01", "2020-01-31")),
            f"filter({spanning}, le({spanning}.practice_systmone_go_live_date, 2020-01-01))",
        )
        self.assertFalse(hasattr(core.practice_registrations, "spanning_with_systmone"))

    def test_addresses(self):
        picked = tpp.addresses.for_patient_on("2020-01-31")
        keys, node = [], picked._node["source"]
        while node.kind == "sort":
            keys.append(text(node["by"]).rpartition(".")[2] if node["by"].kind == "select_column" else node["by"].kind)
            node = node["source"]
        self.assertEqual(keys, ["case", "start_date", "end_date", "address_id"])
        started = "filter(addresses, le(addresses.start_date, 2020-01-31))"
        ended = f"lt({started}.end_date, 2020-01-31)"
        self.assertEqual(text(node), f"filter({started}, or(not({ended}), is_null({ended})))")
        self.assertEqual(picked.imd_quintile._type, "str")
        self.assertFalse(hasattr(picked, "for_patient_on"))

    def test_deprivation_groups(self):
        node = tpp.addresses.imd_quintile._node
        self.assertEqual(
            [text(result) for _, result in node["cases"]],
            ["'1 (most deprived)'", "'2'", "'3'", "'4'", "'5 (least deprived)'"],
        )
        self.assertEqual(text(node["otherwise"]), "'unknown'")
        for quantiles, bound in ((tpp.addresses.imd_quintile, 6569), (tpp.addresses.imd_decile, 3285)):
            condition = quantiles._node["cases"][1][0]
            self.assertEqual(text(condition["left"]), f"ge(addresses.imd_rounded, {bound})")
        self.assertEqual(len(tpp.addresses.imd_decile._node["cases"]), 10)

    def test_deaths_and_frailty(self):
        found = text(core.ons_deaths.cause_of_death_is_in(["J45"]))
        self.assertEqual(found.count("in(ons_deaths."), 16)
        self.assertIn("in(ons_deaths.underlying_cause_of_death, {'J45'})", found)
        self.assertIn("in(ons_deaths.cause_of_death_15, {'J45'})", found)
        self.assertIn("UK Electronic Frailty Index (eFI)", text(tpp.decision_support_values.electronic_frailty_index()))
