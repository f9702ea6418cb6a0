"""Coding systems, codelists and texts of several codes."""

import io
import os
import tempfile

from ehrql.codes import (
    BNFCode,
    CodelistError,
    CTV3Code,
    DMDCode,
    ICD10Code,
    OPCS4Code,
    SNOMEDCTCode,
    codelist_from_csv,
    codelist_from_csv_lines,
)

from .support import TestCase, e, text


class Codes(TestCase):
    def test_forms_of_codes(self):
        for cls, good, bad in (
            (SNOMEDCTCode, ["195967", "1" * 18], ["12345", "0195967", "1" * 19, "19596a", "195967\n", "１95967"]),
            (DMDCode, ["39113611000001102"], ["1"]),
            (CTV3Code, ["H33..", "XE0YX", "H33.1"[:4] + ".", "H3...", "abC12"], ["H33", "H....", ".....", "H33..."]),
            (ICD10Code, ["J45", "J450", "J45X", "J45X9", "J4512"], ["j45", "J4", "J45.0", "J45123"]),
            (OPCS4Code, ["K40", "K401"], ["I40", "K4", "K4012"]),
            (BNFCode, ["0301011R0AAAAAA", "21010900106"], ["0301", "2401090010"]),
        ):
            for code in good:
                with self.subTest(f"{cls.__name__} {code}"):
                    self.assertTrue(cls.is_valid(code), code)
            for code in bad:
                with self.subTest(f"{cls.__name__} {code!r}"):
                    self.assertFalse(cls.is_valid(code), code)

    def test_a_code_object_is_text_underneath(self):
        self.assertEqual(ICD10Code("J45")._to_primitive_type(), "J45")
        self.assertEqual(ICD10Code("J45"), ICD10Code("J45"))
        self.assertNotEqual(ICD10Code("J45"), OPCS4Code("J45"))

    def test_a_malformed_code_is_refused_when_it_is_compared(self):
        with self.assert_problem("code-format", "Invalid SNOMEDCTCode: 'abc'", raising=ValueError):
            e.code == "abc"  # noqa: B015
        with self.assert_problem("code-format"):
            e.icd10.is_in(["J45", "j45"])
        with self.assert_problem("code-format"):
            SNOMEDCTCode(195967001)

    def test_multi_codes_only_look_inside(self):
        self.assert_nodes(
            [
                (e.icd10s.contains("J45"), "contains(e.icd10s, 'J45')", "bool"),
                (e.icd10s.contains(ICD10Code("J45")), "contains(e.icd10s, 'J45')", "bool"),
                (e.opcs4s.contains("K4"), "contains(e.opcs4s, 'K4')", "bool"),
                (
                    e.icd10s.contains_any_of(["J4", "K"]),
                    "or(contains(e.icd10s, 'J4'), contains(e.icd10s, 'K'))",
                    "bool",
                ),
                (e.icd10s.contains_any_of([]), "in(e.icd10s, {})", "bool"),
                (e.icd10s.is_null(), "is_null(e.icd10s)", "bool"),
            ]
        )
        for attempt in (lambda: e.icd10s == "J45", lambda: e.icd10s != "J45", lambda: e.icd10s.is_in(["J45"])):
            with self.assert_problem("multi-code-equality", "contains", raising=TypeError):
                attempt()
        with self.assert_problem("multi-code-contains"):
            e.icd10s.contains(["J45"])
        with self.assert_problem("multi-code-contains"):
            e.icd10s.contains_any_of("J45")
        with self.assert_problem("different-types"):
            e.icd10s.contains(OPCS4Code("K40"))
        with self.assert_problem("code-format"):
            e.icd10s.contains("J45.0")

    def test_long_lists_make_shallow_trees(self):
        node = e.icd10s.contains_any_of([f"J{n:02d}" for n in range(64)])._node
        depth = 0
        while node.children:
            node, depth = node.children[0], depth + 1
        self.assertLessEqual(depth, 9)


class Codelists(TestCase):
    def read(self, content, **options):
        return codelist_from_csv_lines(io.StringIO(content), **options)

    def test_codes_in_order_of_first_appearance(self):
        content = "code,term\n b ,x\na,y\nb,z\n,empty\nc\n"
        self.assertEqual(self.read(content, column="code"), ["b", "a", "c"])

    def test_categories_take_the_last_row(self):
        content = "code,cat\na, 1 \nb,2\na,3\nc\n"
        self.assertEqual(self.read(content, column="code", category_column="cat"), {"a": "3", "b": "2", "c": ""})

    def test_a_byte_order_mark_is_not_part_of_a_header(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "c.csv")
            with open(path, "w", encoding="utf-8-sig") as file:
                file.write("code\n1\n")
            self.assertEqual(codelist_from_csv(path, column="code"), ["1"])

    def test_problems_of_files(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "empty.csv")
            with open(path, "w"):
                pass
            with self.assert_problem("codelist-empty", raising=CodelistError):
                codelist_from_csv(path, column="code")
            with open(path, "wb") as file:
                file.write(b"code\n\xff\xfe\n")
            with self.assert_problem("codelist-unreadable"):
                codelist_from_csv(path, column="code")
            with self.assert_problem("codelist-missing", "No CSV file at", raising=ValueError):
                codelist_from_csv(folder, column="code")
        with self.assert_problem("codelist-missing", "backslash"):
            codelist_from_csv("codelists\\x.csv", column="code")
        with self.assert_problem("codelist-column", "No column 'Code' in CSV", "`code`"):
            self.read("code,term\n", column="Code")

    def test_a_malformed_code_names_its_file_and_row(self):
        codes = self.read("code\n195967001\nnot-a-code\n", column="code")
        with self.assert_problem("code-format", "row 2 of (lines), column `code`"):
            e.code.is_in(codes)

    def test_a_categorisation_can_be_used_as_a_list(self):
        codes = self.read("code,cat\n195967001,x\n", column="code", category_column="cat")
        self.assertEqual(text(e.code.is_in(codes)), "in(e.code, {'195967001'})")
