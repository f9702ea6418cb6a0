"""The exception classes of problems. `str(problem)` is the message, then the hint on a line of its own.

A newcomer would raise these directly with free text: don't. The functions of this package hold the wording.
"""

import difflib


class Problem(Exception):
    """What a researcher can act on."""

    exit_code = 10

    def __init__(self, message, code="definition-problem", hint=None, replaces=None):
        """`replaces` is the misspelt name and the right one, where they are known: the corrected line is made of them."""
        super().__init__(message)
        self.message = message
        self.code = code
        self.hint = hint
        self.replaces = replaces

    def __str__(self):
        return self.message if self.hint is None else f"{self.message}\n{self.hint}"


class DefinitionTypeError(Problem, TypeError):
    pass


class DefinitionValueError(Problem, ValueError):
    pass


class DefinitionAttributeError(Problem, AttributeError):
    pass


class Error(Problem):
    """The public `ehrql.Error`."""


class ParameterError(Problem):
    pass


class BadParameterValue(ParameterError):
    # As when a command gets an argument that it can't read.
    exit_code = 2


class CodelistError(DefinitionValueError):
    pass


class FileValidationError(Problem):
    exit_code = 11


class DefinitionError(Problem):
    """The file ran, but doesn't define what was asked for."""


def nearest(name, names, cutoff=0.6):
    """The most similar of `names`, or None when nothing is close."""
    if not isinstance(name, str):
        return None
    names = [n for n in names if isinstance(n, str)]
    by_lower_case = {n.lower(): n for n in reversed(names)}
    close = difflib.get_close_matches(name.lower(), list(by_lower_case), n=1, cutoff=cutoff)
    return by_lower_case[close[0]] if close else None


_ALONE = ("today", "is_null", "is_not_null", "as_int", "as_float", "absolute", "create_dataset", "create_measures")


def calling(name):
    """The hint to call a function, and what corrects the line where it is called with nothing; for `Problem`."""
    is_alone = name in _ALONE or (name.endswith("_for_patient") and name != "count_episodes_for_patient")
    if is_alone or name.startswith("to_first_of_"):
        return f"Add brackets: `{name}()`.", (name, f"{name}()")
    return f"Add brackets, and what it needs inside them: `{name}(...)`.", None


def misspelling(name, near):
    """For `Problem(replaces=...)`."""
    return (name, near) if near else None


def listing(names, limit=12):
    """Names for a sentence: `a, b and c`, cut short where there are many."""
    names = [f"`{n}`" for n in names]
    if len(names) > limit:
        names = [*names[: limit - 1], f"{len(names) - limit + 1} more"]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else "none"


def a(noun):
    """The noun with its article."""
    return f"{'an' if noun[:1] in 'aeiouAEIO' and not noun.startswith('one') else 'a'} {noun}"


def brief(value):
    """A literal from the researcher's own file, short enough for a sentence."""
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
