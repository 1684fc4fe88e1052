"""Words of the report's page: days, counts, names; lengths and paces are written by `paceport.units`."""

from datetime import date
from urllib.parse import quote

from paceport.text import clean

GENERATOR_TAG = '<meta name="generator" content="Paceport">'  # near the beginning of every report
UNKNOWN = "\u2013"  # a dash; the page says what it means
_LONGEST_NAME = 80
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def hours(seconds: float | None) -> str:
    """Long times in hours and minutes: `12:05`."""
    if seconds is None:
        return UNKNOWN
    minutes = round(seconds / 60)
    return f"{minutes // 60:,}:{minutes % 60:02d}"


def day_text(day: date | None) -> str:
    """`4 May 2026`: the same in every country."""
    return UNKNOWN if day is None else f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def month_text(day: date) -> str:
    """`May 2026`."""
    return f"{_MONTHS[day.month - 1]} {day.year}"


def counted(count: int, noun: str, several: str = "") -> str:
    """`1 day`, `2 days`; `several` is for nouns that take more than an s."""
    return f"{count:,} {noun if count == 1 else several or f'{noun}s'}"


def with_article(noun: str) -> str:
    """`a ride`, `an activity`."""
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


def whole_number(value: float | None) -> str:
    """A number rounded to whole ones."""
    return UNKNOWN if value is None else f"{value:,.0f}"


def name_text(name: str) -> str:
    """A run's name as one short line: no control characters, 80 letters at the most; never empty."""
    text = " ".join(clean(name[: 4 * _LONGEST_NAME]).split())
    if not text:
        return "Run without a name"
    return text if len(text) <= _LONGEST_NAME else text[: _LONGEST_NAME - 1].rstrip() + "…"


def short_name(name: str, most: int = 32) -> str:
    """A name short enough for the side of a chart."""
    text = name_text(name)
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def anchor_of(run_id: int) -> str:
    """The place of a run's section on the page; ids below zero are those of files without one of Strava's."""
    return f"run-{run_id}" if run_id >= 0 else f"file-{-run_id}"


def picture_address(svg: str) -> str:
    """A picture as an address that asks for nothing outside the page; "" of none."""
    if not svg:
        return ""
    return "data:image/svg+xml," + quote(svg.strip(), safe=" /:=,;()'<>.-{}")
