"""`claim_permissions(...)`: what a study says it is allowed to use. Claims open dummy data only, never real data.

Claims of all modules of a definition add up, so they are kept here rather than in the dataset.
"""

from .._problems import definitions as problems

_claimed = {}


def claim_permissions(*names):
    for name in names:
        if not isinstance(name, str):
            raise problems.permission_name(name)
        _claimed[name] = True


def claimed_permissions():
    return list(_claimed)


def forget_permissions():
    """For a process that loads one definition after another."""
    _claimed.clear()
