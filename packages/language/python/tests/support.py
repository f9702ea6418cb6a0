"""Tables with a column of every type, and a short text form of nodes to compare with."""

import datetime
import json
import unittest

from ehrql._problems.base import Problem
from ehrql.codes import (
    BNFCode,
    CTV3Code,
    DMDCode,
    ICD10Code,
    ICD10MultiCodeString,
    OPCS4Code,
    OPCS4MultiCodeString,
    SNOMEDCTCode,
)
from ehrql.serializer import serialize
from ehrql.tables import Constraint, EventFrame, PatientFrame, Series, table


@table
class p(PatientFrame):
    b = Series(bool)
    b2 = Series(bool)
    i = Series(int, constraints=[Constraint.ClosedRange(-(2**60), 2**60), Constraint.NotNull()])
    i2 = Series(int)
    f = Series(float)
    f2 = Series(float)
    s = Series(str)
    c = Series(str, constraints=[Constraint.Categorical(["a", "b"])])
    d = Series(datetime.date)
    d2 = Series(datetime.date, dummy_data_constraints=[Constraint.DateAfter(["d"])])
    code = Series(SNOMEDCTCode)


@table
class e(EventFrame):
    b = Series(bool)
    i = Series(int)
    i2 = Series(int)
    f = Series(float)
    s = Series(str)
    d = Series(datetime.date)
    d2 = Series(datetime.date)
    code = Series(SNOMEDCTCode)
    dmd = Series(DMDCode)
    ctv3 = Series(CTV3Code)
    icd10 = Series(ICD10Code)
    opcs4 = Series(OPCS4Code)
    bnf = Series(BNFCode)
    icd10s = Series(ICD10MultiCodeString)
    opcs4s = Series(OPCS4MultiCodeString)


@table
class other(EventFrame):
    i = Series(int)
    d = Series(datetime.date)
    code = Series(SNOMEDCTCode)


def text(thing):
    """A series, frame or node as text: `eq(p.i, 1)`. For small expressions only."""
    node = getattr(thing, "_node", thing)
    if node is None:
        return "NULL"
    if node.kind == "table":
        return node["name"]
    if node.kind == "select_column":
        return f"{text(node['source'])}.{node['name']}"
    if node.kind == "value":
        value = node["value"]
        return str(value) if isinstance(value, datetime.date) else repr(value)
    if node.kind == "value_set":
        return f"{{{', '.join(str(v) if isinstance(v, datetime.date) else repr(v) for v in node['values'])}}}"
    if node.kind == "case":
        cases = [f"{text(condition)}: {text(result)}" for condition, result in node["cases"]]
        return f"case({', '.join(cases)}, else: {text(node['otherwise'])})"
    if node.kind == "parameter":
        return node["name"]
    parts = [text(child) for child in node.children]
    parts += [str(value) for name, value in node.fields if name in ("position", "maximum_gap_days")]
    return f"{node.kind}({', '.join(parts)})"


def document(definition):
    return json.loads(serialize(definition))


class TestCase(unittest.TestCase):
    maxDiff = None

    def assert_nodes(self, table):
        """`table` is a list of (expression, its text, type name)."""
        for thing, expected, type_name in table:
            with self.subTest(expected):
                self.assertEqual(text(thing), expected)
                self.assertEqual(thing._type, type_name)

    def assert_problem(self, code, *words, raising=Problem):
        """A context that expects a problem with this code and these words in its message or hint."""
        return _ExpectedProblem(self, code, words, raising)


class _ExpectedProblem:
    def __init__(self, test, code, words, raising):
        self._test, self._code, self._words, self._raising = test, code, words, raising

    def __enter__(self):
        return self

    def __exit__(self, type_, problem, traceback):
        if problem is None:
            self._test.fail(f"expected the problem {self._code}")
        if not isinstance(problem, Problem):
            return False
        self._test.assertEqual(problem.code, self._code, str(problem))
        self._test.assertIsInstance(problem, self._raising)
        self.problem = problem
        for word in self._words:
            self._test.assertIn(word, str(problem))
        for internal in ("_node", "object at 0x", "<class", "Node", "Frame'"):
            self._test.assertNotIn(internal, str(problem))
        return True
