"""Whatever a definition raises is told as a problem on its line; the loader never fails itself."""

import unittest

from .test_encodings import GOOD, answer_to

ODD = {
    "a key that can't be shown": "class K:\n  def __repr__(self): raise ValueError('no')\n  def __hash__(self): return 1\nx = {K(): 1}[K()]",
    "text that compares with an error": "class T(str):\n  def __eq__(self, _): raise ValueError('no')\n  __hash__ = str.__hash__\n"
    "x = T('2020-13-01')\npatients.age_on(x)",
    "a list that can't be read": "class L(list):\n  def __iter__(self): raise ValueError('no')\npatients.sex.is_in(L(['a']))",
    "a name that is none": "class N(NameError):\n  name = 5\nraise N('x')",
    "an attribute that is none": "class A(AttributeError):\n  name = 5\n  obj = None\nraise A('x')",
    "a syntax error of its own": "raise SyntaxError('made up', ('definition.py', 'x', 'y', 'z'))",
    "an import error of its own": "raise ImportError('cannot import name', name='ehrql')",
    "an exit that fails": "class X(SystemExit):\n  code = property(lambda self: 1 / 0)\nraise X()",
    "a description that ends the process": "class E(Exception):\n  def __str__(self): raise SystemExit(0)\nraise E()",
    "a problem of its own": "from ehrql._problems.base import Problem\nraise Problem(5, code=object(), hint=object(), replaces=5)",
    "an exit code that is none": "from ehrql._problems.base import Problem\np = Problem('x')\np.exit_code = object()\nraise p",
    "a group of errors": "raise BaseExceptionGroup('x', [KeyboardInterrupt()])",
    "the end of a generator": "raise GeneratorExit",
}


class OddErrors(unittest.TestCase):
    def test_each_is_told_on_the_line_that_raised_it(self):
        for what, source in ODD.items():
            with self.subTest(what):
                answer = answer_to(definition=(GOOD + source + "\n").encode())
                self.assertIs(answer["ok"], False)
                error = answer["error"]
                self.assertIsInstance(error["message"], str)
                self.assertEqual(error["exit_code"], 10)
                self.assertEqual(error["path"], "definition.py")
                last = (GOOD + source).count("\n") + 1
                self.assertTrue(5 <= error["line"] <= last, error)


if __name__ == "__main__":
    unittest.main()
