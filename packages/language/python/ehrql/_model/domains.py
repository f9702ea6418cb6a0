"""Which rows a series has: one value a patient, or one value for each row of a table after some filters.

Domains are shared objects, so `is` compares them. Sorting a frame doesn't change its domain; each filter makes a child.
"""

from weakref import WeakValueDictionary


class Domain:
    __slots__ = ("table", "parent", "condition", "__weakref__")

    def __init__(self, table, parent, condition):
        self.table = table
        self.parent = parent
        self.condition = condition

    def is_within(self, outer):
        """Whether each row here has exactly one value of a series with the domain `outer`."""
        step = self
        while step is not None:
            if step is outer:
                return True
            step = step.parent
        return False


PATIENT = Domain(None, None, None)
_shared = WeakValueDictionary()


def table_domain(table):
    return _share(table, PATIENT, None)


def filtered_domain(parent, condition):
    return _share(parent.table, parent, condition)


def _share(table, parent, condition):
    key = (table, parent, condition)
    domain = _shared.get(key)
    if domain is None:
        domain = _shared[key] = Domain(table, parent, condition)
    return domain


def common_domain(nodes):
    """The one event domain among the nodes, PATIENT when there is none, or None when there are two."""
    common = PATIENT
    for node in nodes:
        if node.domain is PATIENT or node.domain is common:
            continue
        if common is not PATIENT:
            return None
        common = node.domain
    return common
