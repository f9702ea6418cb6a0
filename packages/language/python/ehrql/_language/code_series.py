"""Series of codes, and series of texts that hold several codes."""

from .._model import series as model
from .._model.types import CODE_TYPES, MULTI_CODE_TYPES
from .._problems import literals as literal_problems
from .._problems import series as problems
from .codes import MULTI_CODE_CLASSES, BaseCode, BaseMultiCodeString
from .series import EventSeries, PatientSeries, _collection
from .wrapping import balanced, is_literal, is_series, refuse_non_value, series_class, wrap


class CodeFunctions:
    def to_category(self, categorisation, default=None):
        """The category of each code, from a dict such as `codelist_from_csv(..., category_column=...)` gives."""
        return self.map_values(categorisation, default=default)


class MultiCodeFunctions:
    def __eq__(self, other):
        raise problems.multi_code_equality(self._type)

    def __ne__(self, other):
        raise problems.multi_code_equality(self._type)

    __hash__ = None

    def is_in(self, other):
        raise problems.multi_code_equality(self._type)

    def is_not_in(self, other):
        raise problems.multi_code_equality(self._type)

    def contains(self, code):
        """Whether the text holds this code, or a code that starts with this prefix."""
        if isinstance(code, (list, tuple, set, frozenset, dict)) and not (isinstance(code, tuple) and len(code) == 1):
            raise problems.multi_code_contains_list(self._type)
        if is_series(code):
            return wrap(model.binary("contains", self._node, code._node))
        return wrap(self._contains_node(code))

    def contains_any_of(self, codelist):
        """Whether the text holds any of these codes or prefixes; False for an empty list."""
        if isinstance(codelist, (str, BaseCode)):
            raise problems.multi_code_contains_any_of_text()
        nodes = [self._contains_node(code) for code in dict.fromkeys(_collection(codelist))]
        if not nodes:
            return wrap(model.is_in(self._node, model.value_set(self._type, [])))
        return wrap(balanced("or", nodes))

    def _contains_node(self, code):
        cls = MULTI_CODE_CLASSES[self._type]
        if not is_literal(code):
            refuse_non_value(code, "contains()")
        if isinstance(code, (BaseCode, BaseMultiCodeString)) and not isinstance(code, (cls, cls.code_class)):
            raise literal_problems.other_code_system("contains()", cls.code_class.__name__, type(code).__name__)
        text = code if isinstance(code, str) else getattr(code, "value", code)
        return model.binary("contains", self._node, model.value("str", cls(text).value))


__all__ = []


def _define_classes():
    """Two classes for each code type: `SNOMEDCTCodePatientSeries`, `SNOMEDCTCodeEventSeries` and so on."""
    for functions, types in ((CodeFunctions, CODE_TYPES), (MultiCodeFunctions, MULTI_CODE_TYPES)):
        for type_name in types:
            for base in (PatientSeries, EventSeries):
                name = f"{type_name}{base.__name__}"
                cls = type(name, (functions, base), {"__module__": __name__})
                __all__.append(name)
                globals()[name] = series_class(type_name, base is PatientSeries)(cls)


_define_classes()
