"""`Series(type, ...)`: the declaration of a column in a table class."""

from .constraints import Constraint, checked
from .literals import type_name


class Series:
    """A column. On the class it is the declaration; on a table it gives the series of that column.

    It defines no `__set__`, so a study can put an attribute of the same name on a table.
    """

    def __init__(
        self,
        type_,
        *,
        description="",
        constraints=(),
        dummy_data_constraints=(),
        required=True,
        implementation_notes_to_add_to_description="",
        notes_for_implementors="",
    ):
        self.type_ = type_
        self.type_name = type_name(type_)
        self.constraints, self.dummy_data_constraints = checked(constraints, dummy_data_constraints)
        self.required = required
        self.description = description
        self.implementation_notes_to_add_to_description = implementation_notes_to_add_to_description
        self.notes_for_implementors = notes_for_implementors
        self.name = None

    def __set_name__(self, owner, name):
        self.name = name

    def __get__(self, instance, owner):
        return self if instance is None else instance._select_column(self.name)

    def categories(self):
        """The closed set of texts of this column, or None."""
        for constraint in self.constraints:
            if isinstance(constraint, Constraint.Categorical) and all(isinstance(v, str) for v in constraint.values):
                return constraint.values
        return None

    def rules(self):
        """The other constraints by their key in the document; engines know those of `ehrql.tables` already.

        A pattern stays here: it is a program, and engines run no programs of a study.
        """
        kinds = {"constraints": self.constraints, "dummy_data_constraints": self.dummy_data_constraints}
        kept = {key: tuple(rule for rule in rules if not self._is_elsewhere(rule)) for key, rules in kinds.items()}
        return tuple((key, rules) for key, rules in kept.items() if rules)

    def _is_elsewhere(self, rule):
        is_categories = isinstance(rule, Constraint.Categorical) and rule.values == self.categories()
        return is_categories or isinstance(rule, Constraint.Regex)
