"""Labels of axes of days: months or years, as many as there is room for on a phone."""

from collections.abc import Iterator
from datetime import date

from paceport.report.html_text import month_text

_MOST_LABELS = 6


def time_labels(first: date, last: date) -> tuple[tuple[float, str], ...]:
    """(per cent from the left, text) for some round dates from `first` to `last`."""
    length = max((last - first).days, 1)
    months = length / 30.4
    step = next((step for step in (1, 2, 3, 6, 12, 24, 60, 120) if months / step <= _MOST_LABELS), 240)
    return tuple(
        (round(100.0 * (day - first).days / length, 2), str(day.year) if step >= 12 else month_text(day))
        for day in _starts(first, last, step)
    )


def _starts(first: date, last: date, step: int) -> Iterator[date]:
    """The firsts of every so many months, counted from a January."""
    number = first.year * 12 + first.month - 1 + (first.day > 1)
    number += -number % step
    while number // 12 <= 9999:
        day = date(number // 12, number % 12 + 1, 1)
        if day > last:
            return
        yield day
        number += step
