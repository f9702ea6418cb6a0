"""Where the study wrote each series, for messages that come after its last line: which conditions of a population exclude
each other. Kept only when asked for, since most runs have no use for it.
"""

import os
import sys

_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep

_kept = None


def keep_places():
    """Starts keeping; returns the dict that it goes into: by node, the code and instruction that first made it."""
    global _kept
    _kept = {}
    return _kept


def forget_places():
    global _kept
    _kept = None


def note_place(node):
    """Keeps the innermost place in the study, where places are kept."""
    if _kept is None or node in _kept:
        return
    frame = sys._getframe(1)
    while frame is not None and frame.f_code.co_filename.startswith((_PACKAGE, "<")):
        frame = frame.f_back
    if frame is not None:
        _kept[node] = (frame.f_code, frame.f_lasti)
