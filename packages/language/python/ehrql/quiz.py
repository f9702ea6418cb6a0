"""What a tutorial's quiz imports. Answers are shown, not marked: whether they are right is seen from the rows.

A quiz builds `Questions`, numbers its `Question`s and checks an answer to each. Here an answer is given to `show()`, so that
`glovebox ehrql debug` prints its values beside those that are expected, when the quiz says what is expected.
"""

import sys

from ._language.show import show_from

_EXPLANATION = (
    "The quiz is not marked here: answers are shown. `glovebox ehrql debug FILE` prints the rows of each answer, "
    "beside those that are expected."
)


class Question:
    """One question of a quiz.

    `prompt` is what is asked, `index` its number, `expected` an answer that is right.
    """

    def __init__(self, prompt="", index=None, expected=None, **_others):
        self.prompt = prompt
        self.index = index
        self.expected = expected

    def check(self, answer=..., *_others):
        """Shows the answer, and what is expected."""
        check_answer(answer, self.expected, name=f"question {self.index}")

    def hint(self):
        print(f"Question {self.index}: {_EXPLANATION}", file=sys.stderr)


class Questions:
    """The questions of a quiz by number."""

    def __init__(self, *_others, **_named):
        self._questions = {}

    def __setitem__(self, index, question):
        question.index = index
        self._questions[index] = question

    def __getitem__(self, index):
        return self._questions.setdefault(index, Question(index=index))

    def __iter__(self):
        return iter(self._questions.values())

    def __len__(self):
        return len(self._questions)

    def set_dummy_tables_path(self, path):
        """Has no effect: `glovebox ehrql debug --dummy-tables FOLDER` says which tables answers are shown on."""

    def summarise(self):
        print(f"{len(self)} questions. {_EXPLANATION}", file=sys.stderr)


def check_answer(answer=..., expected=None, *_others, name="the question", **_named):
    """Shows the answer, and what is expected if that is known."""
    caller = sys._getframe(1)
    while caller.f_code.co_filename == __file__ and caller.f_back is not None:
        caller = caller.f_back
    if answer is ... or answer is None:
        print(f"No answer yet to {name}.", file=sys.stderr)
        return
    show_from(caller, (answer,), label=f"answer to {name}")
    if expected is not None:
        show_from(caller, (expected,), label=f"expected of {name}")
