"""The tables of `raw.emis`. Generated from tables.json by generate.py; changes here are lost."""

from ...tables.raw.core import ons_deaths

__all__ = [
    "ons_deaths",
]
