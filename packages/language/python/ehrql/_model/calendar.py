"""Arithmetic on literal dates. A day that doesn't exist in the month rolls FORWARD to the first of the next month, where
most libraries would clamp to the last day of the month."""

import datetime


def add_days(date, n):
    return date + datetime.timedelta(days=n)


def add_months(date, n):
    year, month = divmod(date.year * 12 + date.month - 1 + n, 12)
    return _first_possible(year, month + 1, date.day)


def add_years(date, n):
    return _first_possible(date.year + n, date.month, date.day)


def _first_possible(year, month, day):
    try:
        return datetime.date(year, month, day)
    except ValueError:
        if not 1 <= year <= 9999:
            raise
        # Only days 29 to 31 can be missing, and December has them all.
        return datetime.date(year, month + 1, 1)


def difference_in_days(end, start):
    return (end - start).days


def difference_in_months(end, start):
    return 12 * (end.year - start.year) + end.month - start.month - (end.day < start.day)


def difference_in_years(end, start):
    return end.year - start.year - ((end.month, end.day) < (start.month, start.day))
