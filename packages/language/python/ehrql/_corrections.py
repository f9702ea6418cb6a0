"""Works out how the failing line would read with the mistake corrected, where that can be known.

A correction is only ever shown, never run. Of a statement over several lines it is the one line, or the whole condition.
"""

import ast
import re

from ._source import expression_at, tree_of

_LONGEST = 140
_BY_OPERATORS = ("truth-value", "precedence", "none-literal")


def corrected_line(problem, frame):
    """The corrected source of the line, or None."""
    if frame is None or not frame["excerpt"]:
        return None
    source = frame["excerpt"].strip()
    found = _replaced(problem, frame) if frame["line"] == frame["end_line"] else None
    if found is None and problem.code == "trailing-comma" and source.endswith(","):
        found = source.rstrip(", ")
    if found is None and problem.code in _BY_OPERATORS:
        is_whole = frame["line"] == frame["end_line"]
        found = (_with_operators(source) if is_whole else None) or _condition_with_operators(frame)
    return found if found is not None and found != source and len(found) <= _LONGEST and _parses(found) else None


def _replaced(problem, frame):
    """The line with the misspelt name in the underlined part spelt right."""
    if problem.replaces is None or frame["column"] is None or frame["end_column"] is None:
        return None
    if problem.code == "import":
        return re.sub(rf"(?<!\w){re.escape(problem.replaces[0])}(?!\w)", problem.replaces[1], frame["excerpt"]).strip()
    wrong, right = problem.replaces
    if problem.code == "not-called":
        return re.sub(rf"(?<!\w){re.escape(wrong)}(?![\w(])", right, frame["excerpt"], count=1).strip()
    start, end = frame["column"] - 1, frame["end_column"] - 1
    marked = frame["excerpt"][start:end]
    places = list(re.finditer(rf"(?<!\w){re.escape(wrong)}(?!\w)", marked))
    if not places:
        return None
    last = places[-1]
    marked = marked[: last.start()] + right + marked[last.end() :]
    return (frame["excerpt"][:start] + marked + frame["excerpt"][end:]).strip()


def _with_operators(source):
    """The statement with Python's keywords replaced by operators of series, and brackets around comparisons."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return None
    if len(tree.body) != 1 or not isinstance(tree.body[0], (ast.Assign, ast.Expr, ast.Return)):
        return None
    text = _unparsed(_Operators().visit(tree), source)
    # A line inside a statement may be right by itself.
    return text if text.replace("'", '"') != source.replace("'", '"') else None


def _condition_with_operators(frame):
    """The same for the whole condition around the failing part, where the statement doesn't stand on one line."""
    node = expression_at(frame, tree_of(frame["file"]))
    while node is not None and isinstance(node.parent, _PARTS_OF_CONDITIONS):
        node = node.parent
    if not isinstance(node, _PARTS_OF_CONDITIONS):
        return None
    source = ast.unparse(node)
    corrected = _Operators().visit(node)
    return _unparsed(corrected, '"') if ast.unparse(corrected) != source else None


_PARTS_OF_CONDITIONS = (ast.BoolOp, ast.BinOp, ast.Compare, ast.UnaryOp)


def _unparsed(tree, source):
    text = ast.unparse(ast.fix_missing_locations(tree))
    # Python writes text in single quotes; the researcher's own style stays where it can.
    return text.replace("'", '"') if '"' in source and "'" not in source else text


class _Operators(ast.NodeTransformer):
    def visit_BoolOp(self, node):
        self.generic_visit(node)
        return _joined(node.values, ast.BitAnd() if isinstance(node.op, ast.And) else ast.BitOr())

    def visit_UnaryOp(self, node):
        if isinstance(node.op, ast.Invert) or not isinstance(node.op, ast.Not):
            return self.generic_visit(node)
        self.generic_visit(node)
        return ast.UnaryOp(ast.Invert(), node.operand)

    def visit_Compare(self, node):
        self.generic_visit(node)
        if len(node.ops) == 1 and isinstance(node.comparators[0], ast.Constant) and node.comparators[0].value is None:
            method = "is_null" if isinstance(node.ops[0], (ast.Eq, ast.Is)) else "is_not_null"
            return ast.Call(ast.Attribute(node.left, method, ast.Load()), [], [])
        if len(node.ops) == 1 and isinstance(node.ops[0], (ast.In, ast.NotIn)):
            if isinstance(node.left, ast.Constant):
                return ast.Call(ast.Attribute(node.comparators[0], "contains", ast.Load()), [node.left], [])
            found = ast.Call(ast.Attribute(node.left, "is_in", ast.Load()), node.comparators, [])
            return found if isinstance(node.ops[0], ast.In) else ast.UnaryOp(ast.Invert(), found)
        return _separated(node)


def _joined(parts, operator):
    result = parts[0]
    for part in parts[1:]:
        result = ast.BinOp(result, operator, part)
    return result


def _separated(node):
    """`a == 1 | b == 2` as `(a == 1) | (b == 2)`; `~a == b` as `~(a == b)`; a chain as two comparisons."""
    terms = [_pieces(term) for term in (node.left, *node.comparators)]
    operators = {type(operator) for _, operators in terms for operator in operators}
    if len(operators) > 1:
        return node
    if not operators:
        if len(node.ops) > 1:
            sides = [node.left, *node.comparators]
            pairs = zip(sides, node.ops, sides[1:])
            return _joined([ast.Compare(left, [op], [right]) for left, op, right in pairs], ast.BitAnd())
        if isinstance(node.left, ast.UnaryOp) and isinstance(node.left.op, ast.Invert):
            return ast.UnaryOp(ast.Invert(), ast.Compare(node.left.operand, node.ops, node.comparators))
        return node
    if any(len(pieces) < 2 for pieces, _ in terms[1:-1]):
        return node
    parts = list(terms[0][0][:-1])
    for place, operator in enumerate(node.ops):
        left, right = terms[place][0], terms[place + 1][0]
        parts.append(ast.Compare(left[-1], [operator], [right[0]]))
        # The last piece of a term in the middle belongs to the comparison after it.
        parts += right[1:] if place == len(node.ops) - 1 else right[1:-1]
    return _joined(parts, operators.pop()())


def _pieces(term):
    """`a & b & c` as [a, b, c] and its operators; anything else as itself."""
    if isinstance(term, ast.BinOp) and isinstance(term.op, (ast.BitAnd, ast.BitOr)):
        pieces, operators = _pieces(term.left)
        return [*pieces, term.right], [*operators, term.op]
    return [term], []


def _parses(text):
    try:
        ast.parse(text)
    except SyntaxError:
        # The first line of a compound statement.
        try:
            ast.parse(f"{text}\n    pass")
        except SyntaxError:
            return False
    return True
