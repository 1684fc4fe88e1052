"""An export's date in any of its languages → a moment in UTC; day and month are never guessed."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Literal, get_args

from paceport.errors import UsageError
from paceport.formats.strava_export.month_names import MONTHS

DateOrder = Literal["dmy", "mdy", "ymd"]
DATE_ORDERS: tuple[DateOrder, ...] = get_args(DateOrder)

_TIME = re.compile(
    r"(?<!\d)(?P<hour>\d{1,2})[:.h](?P<minute>\d{2})(?:[:.](?P<second>\d{2}))?\s*(?P<half>[ap]\.?\s?m\.?(?!\w))?", re.I
)
# Words that stand around a date and carry nothing: "8 de set. de 2026", "29. Mai 2022 um 15:53 Uhr", "à", "at".
_FILLERS = {"de", "um", "uhr", "at", "à", "om", "alle", "ore", "z", "t", "utc", "の"}
_PIECES = re.compile(r"\d+|[^\W\d_]+", re.UNICODE)


class DateOrderUnknown(UsageError):
    """Day and month could be either way round in every date of the export; `example` is one such date."""

    def __init__(self, *, example: str) -> None:
        self.example = example
        super().__init__(
            what="The dates of this export can be read two ways",
            why=f"“{example}” may be day first or month first, and nothing else in the export decides it",
            fix="say which: --date-order dmy, --date-order mdy or --date-order ymd",
        )


def read_date(text: str, order: DateOrder | None = None) -> datetime | None:
    """The moment a date cell names, in UTC (exports are), or None if it cannot be read without guessing.

    `order` decides only what the text itself leaves open: `03/04/2022` and the like. A month's name, a year in front
    or dots (day first in every language that writes them) need no order.
    """
    clean = unicodedata.normalize("NFKC", text).strip().casefold()
    found = list(_TIME.finditer(clean))
    # The dots of 29.05.2022 look like a time; the time is the last such group, and it has colons or stands alone.
    match = next((m for m in reversed(found) if ":" in m.group() or "h" in m.group()), None)
    if match is None:
        return None
    day = _day(clean[: match.start()] + " " + clean[match.end() :], order)
    clock = _clock(match)
    if day is None or clock is None:
        return None
    try:
        return datetime(*day, *clock, tzinfo=UTC)
    except ValueError:
        return None


def possible_orders(texts: Iterable[str]) -> tuple[DateOrder, ...]:
    """The orders in which every one of these dates can be read; one of them, or all where order plays no part.

    Empty: they cannot be read. Two: ambiguous, somebody has to say. Blank cells are left out.
    """
    possible = list(DATE_ORDERS)
    for text in texts:
        if text.strip():
            possible = [order for order in possible if read_date(text, order) is not None]
    return tuple(possible)


def is_ambiguous(texts: Iterable[str]) -> bool:
    """Whether some date reads differently in two orders that both fit all of them."""
    cells = [text for text in texts if text.strip()]
    orders = possible_orders(cells)
    return any(len({read_date(cell, order) for order in orders}) > 1 for cell in cells)


def _clock(match: re.Match[str]) -> tuple[int, int, int] | None:
    hour, minute, second = int(match["hour"]), int(match["minute"]), int(match["second"] or 0)
    if half := match["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    return hour, minute, second


def _day(text: str, order: DateOrder | None) -> tuple[int, int, int] | None:
    pieces = _PIECES.findall(text)
    words = [piece for piece in pieces if not piece.isdigit() and piece not in _FILLERS]
    # Chinese and Japanese write the unit behind each number: 2022年5月29日.
    words = [word for word in words if word not in {"年", "月", "日"}]
    numbers = [piece for piece in pieces if piece.isdigit()]
    if len(words) == 1 and len(numbers) == 2:
        return _named_month(MONTHS.get(words[0]), numbers)
    if words or len(numbers) != 3:
        return None
    a, b, c = (int(number) for number in numbers)
    if len(numbers[0]) == 4:
        return a, b, c
    if len(numbers[2]) != 4 and order == "ymd":
        return 2000 + a, b, c
    if len(numbers[2]) == 2:
        c += 2000  # nothing in an export is older than Strava
    if "." in text or order == "dmy":
        return c, b, a
    return (c, a, b) if order == "mdy" else None


def _named_month(month: int | None, numbers: list[str]) -> tuple[int, int, int] | None:
    years = [number for number in numbers if len(number) == 4]
    days = [number for number in numbers if len(number) <= 2]
    return (int(years[0]), month, int(days[0])) if month and len(years) == 1 and len(days) == 1 else None
