"""The parts depend on one another in one direction, and on nothing outside Python's standard library."""

import ast
import re
import sys
import unittest
from pathlib import Path

PACKAGE = Path(__file__).parents[1] / "ehrql"
MAY_USE = {
    "_problems": {"_problems"},
    "_model": {"_model", "_problems"},
    "_language": {"_language", "_model", "_problems"},
    "tables": {"tables", "codes", "query_language", "_language"},
}


def imports(path):
    """(level-free name of each import inside the package, top-level name of each import outside it)."""
    inside, outside = set(), set()
    folder = path.relative_to(PACKAGE).parts[:-1]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            outside.update(alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            outside.add(node.module.partition(".")[0])
        elif isinstance(node, ast.ImportFrom):
            base = folder[: len(folder) - node.level + 1]
            names = [node.module] if node.module else [alias.name for alias in node.names]
            inside.update((".".join((*base, name))).partition(".")[0] for name in names)
    return inside, outside


class Layers(unittest.TestCase):
    def test_each_part_uses_only_the_parts_below_it(self):
        for folder, allowed in MAY_USE.items():
            paths = list((PACKAGE / folder).rglob("*.py"))
            self.assertGreater(len(paths), 3)
            for path in paths:
                with self.subTest(str(path.relative_to(PACKAGE))):
                    self.assertLessEqual(imports(path)[0], allowed)

    def test_only_the_standard_library_is_used(self):
        for path in PACKAGE.rglob("*.py"):
            with self.subTest(str(path.relative_to(PACKAGE))):
                self.assertLessEqual(imports(path)[1], set(sys.stdlib_module_names))

    def test_imports_are_found_whichever_way_they_are_written(self):
        self.assertEqual(imports(PACKAGE / "_model" / "series.py")[0], {"_model", "_problems"})
        self.assertIn("_language", imports(PACKAGE / "serializer.py")[0])
        self.assertIn("query_language", imports(PACKAGE / "__init__.py")[0])


class ProblemCodes(unittest.TestCase):
    def test_codes_are_kebab_case_and_no_message_speaks_to_you(self):
        codes = set()
        for path in (PACKAGE / "_problems").glob("*.py"):
            source = path.read_text(encoding="utf-8")
            for node in ast.walk(ast.parse(source)):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    self.assertNotRegex(node.value, r"\b[Yy]ou\b", path.name)
                    if re.fullmatch(r"[a-z]+(-[a-z]+)+", node.value):
                        codes.add(node.value)
        self.assertGreater(len(codes), 50)
