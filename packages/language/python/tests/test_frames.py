"""Tables and rows chosen from them, and tables declared in code."""

import datetime
import os
import tempfile

from ehrql.codes import SNOMEDCTCode
from ehrql.tables import Constraint, EventFrame, PatientFrame, Series, table, table_from_file, table_from_rows

from .support import TestCase, e, other, p, text


class Frames(TestCase):
    def test_existence_and_counts(self):
        self.assert_nodes(
            [
                (p.exists_for_patient(), "exists(p)", "bool"),
                (e.count_for_patient(), "count(e)", "int"),
                (e.where(e.b).exists_for_patient(), "exists(filter(e, e.b))", "bool"),
            ]
        )

    def test_choosing_rows(self):
        for found, expected in (
            (e.where(e.i == p.i), "filter(e, eq(e.i, p.i))"),
            (e.where(True), "filter(e, True)"),
            (e.where(p.b), "filter(e, p.b)"),
            (e.except_where(e.b), "filter(e, or(not(e.b), is_null(e.b)))"),
            (e.where(e.b).where(e.i > 1), "filter(filter(e, e.b), gt(e.i, 1))"),
            (e.sort_by(e.d, e.i), "sort(sort(e, e.i), e.d)"),
            (e.sort_by(e.d).sort_by(e.i), "sort(sort(e, e.d), e.i)"),
            (e.where(e.b).sort_by(e.d), "sort(filter(e, e.b), e.d)"),
            (e.sort_by(e.d).first_for_patient().i, "pick(sort(e, e.d), first).i"),
            (e.sort_by(e.d).where(e.b).last_for_patient().i, "pick(filter(sort(e, e.d), e.b), last).i"),
        ):
            self.assertEqual(text(found), expected)

    def test_columns_of_one_frame_can_filter_a_narrower_one_but_not_a_wider(self):
        narrow = e.where(e.b)
        self.assertEqual(text(narrow.where(e.i > 1)), "filter(filter(e, e.b), gt(e.i, 1))")
        with self.assert_problem("unrelated-rows", "`e` after a filter"):
            e.where(narrow.i > 1)
        with self.assert_problem("unrelated-rows", "`other`"):
            e.where(other.i > 1)

    def test_conditions_that_are_not_bool(self):
        with self.assert_problem("wrong-type", "int series", raising=TypeError):
            e.where(e.i)
        with self.assert_problem("not-called"):
            e.where(p.exists_for_patient)
        with self.assert_problem("frame-for-series"):
            e.where(p)

    def test_sorting_refusals(self):
        with self.assert_problem("sort-by-text", ".sort_by(e.d)", raising=TypeError):
            e.sort_by("d")
        with self.assert_problem("sort-by-constant", raising=TypeError):
            e.sort_by(p.d)
        with self.assert_problem("sort-by-nothing"):
            e.sort_by()
        with self.assert_problem("wrong-type", ".as_int()"):
            e.sort_by(e.b)
        with self.assert_problem("pick-without-sort", ".sort_by(e.d).first_for_patient()", raising=AttributeError):
            e.first_for_patient()
        with self.assert_problem("unrelated-rows"):
            e.sort_by(other.d)

    def test_unknown_columns_name_the_nearest_and_list_the_rest(self):
        with self.assert_problem("unknown-name", "`icd10`", "`snomedct_code`", raising=AttributeError) as expected:
            table_of_codes.icd_10
        self.assertIn("nearest", expected.problem.hint)

    def test_one_row_frames_have_no_row_methods(self):
        for name in ("where", "sort_by", "first_for_patient"):
            with self.assert_problem("unknown-name", "one a patient", raising=AttributeError):
                getattr(p, name)
            self.assertFalse(hasattr(p, name))

    def test_table_methods_stay_on_filtered_rows_and_properties_stay_on_a_picked_row(self):
        filtered = with_methods.where(with_methods.i > 1)
        self.assertEqual(
            text(filtered.positive()),
            "filter(filter(with_methods, gt(with_methods.i, 1)), gt(filter(with_methods, gt(with_methods.i, 1)).i, 0))",
        )
        picked = filtered.sort_by(filtered.i).first_for_patient()
        self.assertEqual(picked.doubled._type, "int")
        self.assertFalse(hasattr(picked, "positive"))

    def test_a_study_can_set_attributes_on_tables_even_over_a_column(self):
        own.extra = own.i + 1
        self.assertEqual(text(own.where(own.extra > 2)), "filter(own, gt(add(own.i, 1), 2))")
        own.i = own.j
        self.assertEqual(text(own.i), "own.j")

    def test_frames_in_expressions(self):
        for attempt in (lambda: p == 1, lambda: e & p.b, lambda: ~e, lambda: e + 1):
            with self.assert_problem("frame-for-series", raising=TypeError):
                attempt()
        with self.assert_problem("frame-for-series"):
            bool(e)
        with self.assert_problem("loop-over-frame"):
            len(e)
        with self.assert_problem("frame-for-series"):
            p.i + p


@table
class own(EventFrame):
    i = Series(int)
    j = Series(int)


@table
class with_methods(EventFrame):
    i = Series(int)

    def positive(self):
        return self.where(self.i > 0)

    @property
    def doubled(self):
        return self.i * 2


@table
class table_of_codes(PatientFrame):
    icd10 = Series(str)
    snomedct_code = Series(SNOMEDCTCode)


class TablesAsPythonObjects(TestCase):
    def test_studies_keep_them_in_dicts_and_lists(self):
        codes = {e: ["a"], other: ["b"]}
        self.assertEqual(codes[other], ["b"])
        self.assertIn(other, [e, other])
        self.assertNotIn(p, [e, other])
        self.assertTrue(e == e)
        self.assertFalse(e == other)
        self.assertTrue(e != other)
        self.assertTrue(e != None)  # noqa: E711 - studies write it so

    def test_comparing_them_is_no_condition_on_rows(self):
        with self.assert_problem("frame-for-series", "`e`"):
            e.where(e == other)
        with self.assert_problem("frame-for-series", "`p`"):
            p == 1
        for attempt in (lambda: (e == other) & e.b, lambda: e.b | (e == other), lambda: ~(e == other)):
            with self.assert_problem("frame-for-series", "`e`"):
                attempt()


class DeclaredTables(TestCase):
    def test_names_and_columns(self):
        @table
        class declared(EventFrame):
            class _meta:
                table_name = "declared_raw"
                required_permission = "x"

            sex = Series(str, constraints=[Constraint.Categorical(["f", "m"])], description="Sex")
            when = Series(datetime.date, required=False)

        self.assertEqual(declared._node["name"], "declared_raw")
        self.assertEqual(declared._node["columns"], (("sex", "str", ("f", "m"), ()), ("when", "date", None, ())))

    def test_a_table_based_on_another_has_its_columns_first(self):
        base = type(other)
        extended = table(type("extended", (base,), {"more": Series(int)}))
        self.assertEqual([c[0] for c in extended._node["columns"]], ["i", "d", "code", "more"])

    def test_refusals(self):
        with self.assert_problem("table-class", raising=TypeError):
            table(type("x", (), {}))
        with self.assert_problem("table-class", "`i` in the table `x`"):
            table(type("x", (EventFrame,), {"i": 5}))
        with self.assert_problem("patient-id-column"):
            table(type("x", (EventFrame,), {"patient_id": Series(int)}))
        with self.assert_problem("patient-id-column"):
            table_from_rows([(1, 2)])(type("x", (PatientFrame,), {"patient_id": Series(int)}))
        with self.assert_problem("table-class", "`_meta`"):
            table(type("x", (EventFrame,), {"meta": type("meta", (), {})}))
        with self.assert_problem("table-class", "`name`"):
            table(type("x", (EventFrame,), {"_meta": type("_meta", (), {"name": "y"})}))
        for wrong in (list, "int", int | None, datetime.datetime):
            with self.assert_problem("column-type", raising=TypeError):
                Series(wrong)
        with self.assert_problem("constraint", "brackets"):
            Series(int, constraints=[Constraint.NotNull])
        with self.assert_problem("constraint"):
            Series(int, constraints=[Constraint.NotNull(), Constraint.NotNull()])
        with self.assert_problem("constraint"):
            Series(int, constraints=["not null"])
        for wrong in (
            lambda: Constraint.ClosedRange(0.5, 1),
            lambda: Constraint.ClosedRange(1, 2, 0),
            lambda: Constraint.ClosedRange(2, 1),
            lambda: Constraint.Categorical("ab"),
            lambda: Constraint.Categorical([SNOMEDCTCode("195967001")]),
            lambda: Constraint.GeneralRange(minimum=object()),
            lambda: Constraint.DateAfter("start"),
        ):
            with self.assert_problem("constraint"):
                wrong()


class TablesOfTheStudy(TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.addCleanup(os.chdir, os.getcwd())
        os.chdir(folder.name)
        with open("x.csv", "w", encoding="utf-8") as file:
            file.write("index_date,patient_id,more\n2020-01-01,1,z\n")

    def test_rows_in_the_definition(self):
        @table_from_rows([(1, "2020-01-31", 5), (2, None, 2**60)])
        class rows(PatientFrame):
            d = Series(datetime.date)
            i = Series(int)

        self.assertEqual(rows._node.kind, "inline_table")
        self.assertEqual(rows._node["rows"][0], (1, datetime.date(2020, 1, 31), 5))
        self.assertEqual(rows.d._type, "date")

    def test_rows_that_do_not_fit(self):
        for rows, code in (
            ([(1,)], "row-length"),
            ([("1", 1)], "row-value"),
            ([(1, "x")], "different-types"),
            ([(1, object())], "row-value"),
        ):
            with self.assert_problem(code):
                table_from_rows(rows)(type("x", (PatientFrame,), {"i": Series(int)}))
        with self.assert_problem("table-class"):
            table_from_rows([])(type("x", (EventFrame,), {"i": Series(int)}))

    def test_a_file_with_columns_or_as_a_decorator(self):
        by_columns = table_from_file("x.csv", columns={"index_date": datetime.date})

        @table_from_file("x.csv")
        class decorated(PatientFrame):
            index_date = Series(datetime.date)

        self.assertIs(by_columns._node, decorated._node)
        self.assertEqual(by_columns._node["path"], "x.csv")
        self.assertEqual(text(table_from_file("x.csv", columns={}).exists_for_patient()), "exists(file_table())")

    def test_file_problems_have_their_own_exit_code(self):
        os.mkdir("folder")
        with open("empty.csv", "w"):
            pass
        with open("not.csv.gz", "w") as file:
            file.write("patient_id\n")
        with open("not.arrow", "w") as file:
            file.write("patient_id\n")
        os.symlink("/etc/hostname", "link.csv")
        for path, code in (
            ("none.csv", "file-missing"),
            ("x.feather", "file-extension"),
            ("../x.csv", "file-outside-study"),
            ("/etc/passwd.csv", "file-outside-study"),
            ("link.csv", "file-outside-study"),
            ("empty.csv", "file-empty"),
            ("not.csv.gz", "file-unreadable"),
            ("not.arrow", "file-unreadable"),
        ):
            with self.assert_problem(code) as expected:
                table_from_file(path, columns={"index_date": datetime.date})
            self.assertEqual(expected.problem.exit_code, 11)
        with self.assert_problem("file-columns", "`other`", "`more`"):
            table_from_file("x.csv", columns={"other": int})
        with self.assert_problem("patient-id-column"):
            table_from_file("x.csv", columns={"patient_id": int})
