"""What is wrong with a line that is no Python, for people who know another language, editor or version better.

Worked out from the line itself, since Python's own words differ from version to version; where nothing is found here, they
are what is said.
"""

import ast
import keyword
import re

from ._problems import syntax as problems

_QUOTES = {"‘": "'", "’": "'", "“": '"', "”": '"', "«": '"', "»": '"', "`": "'"}
_DASHES = dict.fromkeys("‐‑‒–—−", "-")
_BLANKS = dict.fromkeys("\u00a0\u2007\u202f\u3000", " ") | dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff", "")
_OPERATORS = {"&&": "&", "||": "|", "<>": "!=", "=<": "<=", "=>": ">="}
_SQL = {
    "AND": "`&`, each condition in brackets: `(a > 1) & (b > 1)`",
    "OR": "`|`, each condition in brackets: `(a > 1) | (b > 1)`",
    "NOT": "`~` before a condition in brackets: `~(a > 1)`",
    "IS": "`.is_null()` or `.is_not_null()`",
    "IN": "`.is_in([...])`",
    "LIKE": "`.contains(...)`",
    "BETWEEN": "`.is_on_or_between(a, b)` for dates, `(x >= a) & (x <= b)` for numbers",
}
_SQL_WORD = re.compile(rf"(?<=[\w)\]\"'])\s+({'|'.join(_SQL)})\s+(?=[\w(\[\"'])")


def syntax_problem(error, line):
    """The problem of a SyntaxError in a line of a study, or None where Python's own words are as good."""
    line = line or ""
    if re.search(r"null bytes|codec can't decode|unknown encoding|Non-UTF-8", error.msg):
        return problems.not_text(error.filename is not None)
    if re.match(r"(<{7}|={7}|>{7})( |$)", line):
        return problems.merge_mark()
    if isinstance(error, TabError):
        return problems.tabs()
    if isinstance(error, IndentationError):
        return problems.indentation(error.msg)
    return _character(error, line) or _operator(line) or _word(error, line)


def arrow_problem(line):
    """The problem of `x <- y`, which Python reads as a comparison of x with -y; None for another line."""
    arrow = re.match(r"\s*[A-Za-z_][\w.]*\s*(<-)\s", line)
    return problems.other_operator("<-", "=", _if_python(line.replace("<-", "=", 1))) if arrow else None


def _character(error, line):
    if not re.match(r"invalid (?:non-printable )?character", error.msg) or not error.offset:
        return None
    found = line[error.offset - 1 : error.offset]
    for table, words in ((_QUOTES, "quotation mark"), (_DASHES, "dash"), (_BLANKS, "blank")):
        if found in table:
            return problems.typographic(words, table[found], _corrected(line, str.maketrans({**_QUOTES, **table})))
    return None


def _operator(line):
    code = _without_text(line)
    for wrong, right in _OPERATORS.items():
        if wrong in code:
            return problems.other_operator(wrong, right, _if_python(line.replace(wrong, right)))
    if re.search(r"!(?=[\w(])", code):
        return problems.other_operator("!", "~", _if_python(re.sub(r"!(?=[\w(])", "~", line)))
    for wrong, right in (("%in%", ".is_in(...)"), ("%>%", "."), ("|>", ".")):
        if wrong in code:
            return problems.other_operator(wrong, right, None)
    if re.search(r"\w\$\w", code):
        return problems.other_operator("$", ".", _if_python(re.sub(r"(?<=\w)\$(?=\w)", ".", line)))
    found = re.search(r"(\w+)(\+\+|--)\s*$", code)
    return problems.counting_up(found[1], found[2][0]) if found else None


def _word(error, line):
    code = _without_text(line)
    sql = _SQL_WORD.search(code)
    if sql:
        return problems.sql_word(sql[1], _SQL[sql[1]])
    statement = re.match(r"\s*(print|exec) (?!\s*\()(.+)$", line)
    if statement:
        return problems.statement_of_python_2(statement[1], _if_python(f"{statement[1]}({statement[2].rstrip()})"))
    taken = re.match(r"\s*(?:[\w.]+\.)?(\w+)\s*=(?!=)", code)
    if taken and keyword.iskeyword(taken[1]):
        return problems.keyword_as_name(taken[1])
    if error.msg.startswith("leading zeros"):
        return problems.leading_zeros(_if_python(re.sub(r"(?<![\w.\"'-])0+(?=[1-9])", "", line)))
    return None


def _without_text(line):
    """The line with what stands in quotes, and a comment, made blank."""
    return re.sub(r"\"[^\"]*\"|'[^']*'|#.*", lambda found: " " * len(found[0]), line)


def _corrected(line, table):
    return _if_python(line.translate(table))


def _if_python(line):
    try:
        ast.parse(line.strip())
    except SyntaxError:
        return None
    return line.strip()
