"""What can be wrong with the text of a definition before it is run."""

from .base import Problem


def _not_python(message, hint, corrected=None, marked=None):
    if corrected:
        hint = f"{hint} Corrected: `{corrected}`"
    problem = Problem(f"This is not Python: {message}", "syntax", hint)
    # The part of the line to underline; without it, what Python points at.
    problem.marked = marked
    return problem


def merge_mark():
    return _not_python(
        "the line is a mark that git left where two versions could not be merged.",
        "Keep one of the versions between the marks, and delete the lines that start with `<<<<<<<`, `=======` and `>>>>>>>`.",
    )


def tabs():
    return _not_python(
        "some lines of this block are indented with tabs and others with blanks.", "Use four blanks for each step."
    )


def indentation(found):
    hints = {
        "unexpected indent": "Lines of one block start in the same column: remove the blanks before this one.",
        "unindent does not match any outer indentation level": "Lines of one block start in the same column: this one ends "
        "between two.",
    }
    return _not_python(f"{found}.", hints.get(found, "Indent the lines inside by four blanks."))


def typographic(kind, plain, corrected):
    plain = {" ": "an ordinary blank", "": "nothing in its place"}.get(plain, f"`{plain}`")
    return _not_python(
        f"this {kind} is of a text program, not of code.", f"Write {plain}.", corrected
    )


def other_operator(wrong, right, corrected):
    hint = f"Write `{right}`" + (", each condition in brackets." if right in ("&", "|", "~") else ".")
    return _not_python(f"`{wrong}` is of another language.", hint, corrected, wrong)


def counting_up(name, sign):
    return _not_python(f"`{sign}{sign}` is of another language.", f"Write `{name} {sign}= 1`.", None, sign * 2)


def sql_word(word, replacement):
    return _not_python(f"`{word}` is SQL.", f"Write {replacement}.", None, word)


def statement_of_python_2(word, corrected):
    return _not_python(f"`{word}` is a function, and was called without brackets.", f"Write `{word}(...)`.", corrected)


def keyword_as_name(word):
    return _not_python(
        f"`{word}` is a word of Python itself, so it can't be a name.", f"Choose another, for example `{word}_`."
    )


def leading_zeros(corrected):
    return _not_python("a number does not start with 0.", "Write it without.", corrected)


def not_text(is_this_file):
    return Problem(
        f"{'This file' if is_this_file else 'This file, or what it imports here,'} is not text in UTF-8, so it can't be read "
        "as Python.",
        "syntax",
        "Save it as plain text with the encoding UTF-8.",
    )
