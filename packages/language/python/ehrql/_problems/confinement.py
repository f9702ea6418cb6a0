"""What a definition may not do, since all it is for is to describe what to extract."""

from .base import Problem, brief


class Refused(Problem, OSError):
    """An OSError, as a system would raise; its code is for the reader, not `errno`."""


class RefusedImport(Problem, ImportError):
    pass


def writes(path):
    found = f": {brief(path)}" if path else ""
    return Refused(
        f"A definition can't write, move or delete files{found}.",
        "definition-writes",
        "It only describes what to extract: print what is of interest, or write it in a later action.",
    )


def network():
    return Refused(
        "A definition has no network.",
        "definition-connects",
        "Fetch what it needs beforehand, for example with `glovebox codelists`, and commit it to the study.",
    )


def programs():
    return Refused(
        "A definition can't start or signal other programs or threads.",
        "definition-starts-programs",
        "Make it an action of its own in project.yaml.",
    )


def beyond_python(module):
    return RefusedImport(
        f"A definition can't import `{module}`: it is run as pure Python, without access to what runs it.",
        "definition-reaches-out",
        "Python's standard library, `ehrql` and modules of the study are there.",
    )


def file_not_there(path):
    return Problem(
        f"There is no file {brief(path)}.",
        "file-not-there",
        "Paths start at the folder that the action runs in. If an earlier action makes the file, list that action under "
        "`needs` and run it first.",
    )


def outside_study(path):
    return Problem(
        f"There is nothing at {brief(path)}: a definition sees the study's folder and nothing else of the machine.",
        "file-outside-study",
        "Use a path relative to the study's folder, and commit what the definition reads.",
    )
