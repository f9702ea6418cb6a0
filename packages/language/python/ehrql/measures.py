"""Measures, under the path that older studies import."""

from ._language.measures import INTERVAL, Measure, Measures, create_measures

__all__ = ["INTERVAL", "Measure", "Measures", "create_measures"]
