"""`show(...)`: what a definition left behind for debugging. Loading a definition has no data, so it only says where it is."""

import sys

from .._model.domains import common_domain
from .._problems import definitions as problems
from .wrapping import is_series


def show(element, *others, label=None, head=None, tail=None):
    nodes = [item._node for item in (element, *others) if is_series(item)]
    if common_domain(nodes) is None:
        raise problems.show_domains()
    line = sys._getframe(1).f_lineno
    print(f"Show line {line}:{f' {label}' if label else ''}", file=sys.stderr)
    print(" - show() is ignored outside debugging", file=sys.stderr)
