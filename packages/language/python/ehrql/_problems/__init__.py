"""Every sentence that a researcher can be told about a definition, with a stable code each.

A problem is raised as an ordinary Python exception of the class that Python programmers expect (a TypeError for a wrong
type), so `except` and `hasattr` work as usual; it also carries `code`, `message`, `hint` and the exit code of the command.
"""
