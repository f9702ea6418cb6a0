"""One node of the query model. Two equal nodes are one object, so `is` is structural equality and nothing ever walks a
tree to compare or hash it: an expression that is used a thousand times costs one node.

Make nodes only with the functions of `frames.py` and `series.py`, which check types and domains.
"""

from weakref import WeakValueDictionary


class Node:
    """`kind` and `fields` are those of the JSON form; child nodes stand in the fields and again in `children`.

    A series has a `type` and a `domain`; a frame has `rows` ("one" or "many"), a `root` table and the domain of its columns.
    """

    __slots__ = ("kind", "fields", "children", "type", "domain", "rows", "root", "has_parameter", "__weakref__")

    def __init__(self, kind, fields, children, type, domain, rows, root):
        self.kind = kind
        self.fields = fields
        self.children = children
        self.type = type
        self.domain = domain
        self.rows = rows
        self.root = root
        self.has_parameter = kind == "parameter" or any(child.has_parameter for child in children)

    def __getitem__(self, name):
        for key, value in self.fields:
            if key == name:
                return value
        raise KeyError(name)

    def __repr__(self):
        return f"<{self.kind}>"

    def __copy__(self):
        # A second equal object would break the promise that `is` is equality.
        return self

    def __deepcopy__(self, _):
        return self


_shared = WeakValueDictionary()
_kept = None


def keep_nodes():
    """From now on nodes live as long as the process: the evaluator's, which ends with the definition.

    Freeing a chain of thousands of nodes recurses as deeply as the chain is long, which WebAssembly's stack doesn't allow.
    """
    global _kept
    _kept = []


def make(kind, fields, children=(), *, type=None, domain=None, rows=None, root=None, key=None):
    """Gives the node with these fields: the one that exists, or a new one.

    `key` replaces the fields in the comparison where Python's own equality is too generous (1 == True == 1.0).
    """
    identity = (kind, type, fields if key is None else key)
    node = _shared.get(identity)
    if node is None:
        node = Node(kind, fields, tuple(children), type, domain, rows, root)
        if node.root is None and rows is not None:
            node.root = node
        _shared[identity] = node
        if _kept is not None:
            _kept.append(node)
    return node


def in_order(roots):
    """Every node that the roots reach, children before parents, each once. Not recursive: chains can be very deep."""
    ordered, seen = [], set()
    for root in roots:
        stack = [(root, False)]
        while stack:
            node, children_done = stack.pop()
            if children_done:
                ordered.append(node)
            elif node not in seen:
                seen.add(node)
                stack.append((node, True))
                stack.extend((child, False) for child in reversed(node.children) if child not in seen)
    return ordered
