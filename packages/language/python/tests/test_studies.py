"""What real studies do in their definitions: idioms that must keep working, and the example study as it stands."""

import copy
import json
import os
from pathlib import Path

from ehrql._loader import load

from .support import p
from .test_loader import LoaderTest

STUDY = Path(__file__).parents[4] / "studies" / "winter-pressures"

IDIOMS = """
import argparse, functools, json, operator, sys
from argparse import ArgumentParser
from datetime import date, datetime, timedelta
from functools import reduce
from operator import and_, or_

from ehrql import *
from ehrql import Dataset, INTERVAL, query_language
from ehrql.codes import CTV3Code, ICD10Code
from ehrql.query_language import PatientFrame, Series, table_from_file
from ehrql.tables.tpp import addresses, apcs, appointments, case, clinical_events, medications, ons_deaths
from ehrql.tables.tpp import opa_cost, patients, practice_registrations, vaccinations, when
import ehrql.tables.tpp as schema
from analysis import utilities
from codelists_of_study import *

parser = ArgumentParser()
parser.add_argument("--start-date", type=str)
index_date = parser.parse_args().start_date
dates = json.load(open("output/study_dates.json"))

dataset = Dataset()
claim_permissions("appointments")

# Attributes on tables, used as if they were columns.
appointments.app_prev_week = case(
    when(appointments.start_date.is_on_or_between(index_date, index_date + days(7))).then(1), otherwise=0
)
dataset.app = appointments.where(appointments.app_prev_week == 1).count_for_patient()

# Names made up as the definition runs.
total = 0
for i, window in enumerate((7, 14)):
    counted = clinical_events.where(clinical_events.date.is_on_or_between(index_date - days(window), index_date)).count_for_patient()
    setattr(dataset, f"events_{window}", counted)
    total = total + counted
dataset.add_column("total", total)
dataset.double = dataset.total * 2 + getattr(dataset, "events_7")

causes = [getattr(ons_deaths, f"cause_of_death_{n:02d}").is_in([ICD10Code("J45")._to_primitive_type()]) for n in range(1, 16)]
dataset.died = reduce(or_, causes)
dataset.any_diagnosis = apcs.where(apcs.all_diagnoses.contains_any_of(["J45", "J46"])).exists_for_patient()

medications = medications.where(medications.date >= dates["start"]).where(medications.dmd_code.is_in(dmd_codes))
last = medications.sort_by(medications.date).last_for_patient()
dataset.since = (date.fromisoformat(index_date) - last.date).days
dataset.next = date(2000, 1, 1) + days((last.date - patients.date_of_birth).days)
dataset.earliest = minimum_of(last.date, index_date, date(2022, 1, 31))

registered = practice_registrations.for_patient_on(index_date)
dataset.region = registered.practice_nuts1_region_name
address = addresses.for_patient_on(index_date)
dataset.imd = case(
    when((address.imd_rounded >= 0) & (address.imd_rounded < int(32844 * 1 / 5))).then("1"),
    when(address.imd_rounded < int(32844 * 2 / 5)).then("2"),
    otherwise="unknown",
)
dataset.quintile = address.imd_quintile
dataset.care_home = address.care_home_is_potential_match.when_null_then(False)
dataset.ethnicity = clinical_events.where(clinical_events.snomedct_code.is_in(ethnicity)).sort_by(
    clinical_events.date
).last_for_patient().snomedct_code.to_category(ethnicity)
age = utilities.age(index_date)
dataset.age_band = case(when((age >= 0) & (age < 5)).then("preschool"), when(age >= 65).then("65+"))
dataset.is_int = patients.age_on(index_date) if isinstance(age, query_language.IntPatientSeries) else None
valid = vaccinations.where(vaccinations.date.is_in(appointments.start_date))
dataset.vaccinated = valid.exists_for_patient() & patients.exists_for_patient()
dataset.cost = opa_cost.grand_total_payment_mff.sum_for_patient().as_int()


@table_from_file("output/cohort.csv")
class matched(PatientFrame):
    index = Series(date)


dataset.matched = matched.index
show(dataset)
show(last, label="last medication")
dataset.define_population(
    (patients.sex.is_in(["male", "female"]))
    & (age >= 0)
    & (patients.date_of_death.is_after(index_date) | patients.date_of_death.is_null())
    & practice_registrations.spanning(index_date, INTERVAL_END).exists_for_patient()
)

measures = create_measures()
measures.configure_dummy_data(population_size=1000)
measures.configure_disclosure_control(enabled=False)
week_before = INTERVAL.__class__(start_date=INTERVAL.start_date - days(7), end_date=INTERVAL.start_date - days(1))
measures.define_defaults(
    denominator=patients.exists_for_patient() & practice_registrations.exists_for_patient_on(INTERVAL.start_date),
    group_by={"sex": patients.sex, "age": patients.age_on(INTERVAL.start_date - years(1))},
    intervals=weeks(2).starting_on("2022-01-03"),
)
for name, table in {"events": clinical_events, "vaccines": vaccinations}.items():
    measures.define_measure(name, numerator=table.where(table.date.is_during(week_before)).count_for_patient())
measures.define_measure(name="sum", numerator=0 + clinical_events.count_for_patient(), group_by={})
"""


class Studies(LoaderTest):
    def test_idioms_of_real_studies(self):
        os.mkdir("output")
        self.write("output/study_dates.json", '{"start": "2021-01-01"}')
        self.write("output/cohort.csv", "patient_id,index,other\n1,2022-01-01,x\n")
        self.write(
            "analysis/utilities.py",
            """
        from ehrql.tables.core import patients
        def age(day):
            return patients.age_on(day)
        """,
        )
        self.write(
            "analysis/codelists_of_study.py",
            """
        from ehrql import codelist_from_csv
        dmd_codes = codelist_from_csv("dmd.csv", column="dmd_id")
        ethnicity = codelist_from_csv("ethnicity.csv", column="Code", category_column="Grouping_6")
        INTERVAL_END = "2022-01-31"
        """,
        )
        self.write("dmd.csv", "dmd_id\n39113611000001102\n")
        self.write("ethnicity.csv", "Code,Grouping_6\n195967001,1\n1959670011,2\n")
        for kind in ("dataset", "measures"):
            answer = self.load(IDIOMS, args=["--start-date", "2022-01-14"], kind=kind, head="")
            self.assertIs(answer["ok"], True, answer.get("error"))
            self.assertEqual(answer["document"]["kind"], kind)
            self.assertEqual(answer["document"]["claimed_permissions"], ["appointments"])
        self.assertEqual(
            answer["files"],
            [
                "analysis/codelists_of_study.py",
                "analysis/definition.py",
                "analysis/utilities.py",
                "dmd.csv",
                "ethnicity.csv",
                "output/cohort.csv",
                "output/study_dates.json",
            ],
        )
        self.assertEqual(answer["output"].count("Show line"), 2)

    def test_the_definitions_of_the_example_study_load(self):
        os.chdir(STUDY)
        for name, kind in (
            ("dataset", "dataset"),
            ("test_dataset", "test"),
            ("wp_patient_measures_def", "measures"),
            ("wp_practice_measures_def", "measures"),
        ):
            with self.subTest(name):
                answer = json.loads(load(f"analysis/{name}.py", [], kind))
                self.assertIs(answer["ok"], True, answer.get("error"))
                self.assertIn("codelists/wp-asthma.csv", answer["files"])

    def test_a_copy_of_a_series_is_the_same_series(self):
        self.assertIs(copy.deepcopy(p.i)._node, p.i._node)
        self.assertIs(copy.copy(p.i)._node, p.i._node)
