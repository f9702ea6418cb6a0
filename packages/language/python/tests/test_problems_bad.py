"""The worst messages still to improve. Each is held as it is now; improving one moves its test to where good ones are."""

from tests.test_loader import LoaderTest


class StillBad(LoaderTest):
    def test_messages_that_should_say_what_to_write(self):
        for line, message in (
            # Should name `maximum_of()`; it only explains `and` and `or`.
            ("dataset.x = max(patients.date_of_birth, patients.date_of_death)", "Python's `and`, `or`, `not`"),
            # Should say that text is made by the script that reads the results.
            ('dataset.x = f"{patients.sex}"', "needs a series; found the value '<str series"),
            # Should say that there is no part of a text, and offer `contains()`.
            ("dataset.x = patients.sex[0]", "TypeError: str series is not subscriptable"),
            # Should offer `.as_int()`, and not name a class.
            ("dataset.x = int(patients.date_of_birth.year)", "not 'IntPatientSeries'"),
        ):
            with self.subTest(line):
                self.assertIn(message, self.problem(line + "\n")["message"])
