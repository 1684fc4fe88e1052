"""An export's date in any of its languages → a moment in UTC; day and month are never guessed."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Literal, get_args

from paceport.errors import UsageError
from paceport.formats.strava_export.month_names import MONTHS, MONTHS_WRITTEN_WITH_MARKS, comparable_date

DateOrder = Literal["dmy", "mdy", "ymd"]
DATE_ORDERS: tuple[DateOrder, ...] = get_args(DateOrder)

# 15:53:35, 15.53.35 (Danish, Finnish, Indonesian), 15h53; never a part of a date such as 29.05.2022.
_TIME = re.compile(
    r"(?<!\d)(?<!\d[.:])(?P<hour>\d{1,2})(?P<sign>[:.h])(?P<minute>\d{2})(?:[:.](?P<second>\d{2}))?(?![.:]?\d)"
)
# 8시 15분 14초, 8时15分14秒: written as 8:15:14 before the time is looked for.
_TIME_IN_UNITS = re.compile(r"(\d{1,2})\s?[시時时點点]\s?(\d{1,2})\s?[분分](?:\s?(\d{1,2})\s?[초秒])?")
# The half of the day beside the time: Latin and Greek letters, before or behind it.
_HALF_BEHIND = re.compile(r"^\s*(?:(?P<latin>[ap])\.?\s?m|(?P<greek>[πμ])\.?\s?μ)\b\.?")
_HALF_BEFORE = re.compile(r"(?<![^\W\d_])(?:(?P<latin>[ap])\.?\s?m|(?P<greek>[πμ])\.?\s?μ)\b\.?\s*$")
# The same in words that stand anywhere; Chinese names parts of the day.
_MORNING = ("오전", "午前", "上午", "凌晨", "清晨", "早上", "早晨")
_AFTERNOON = ("오후", "午後", "午后", "下午", "傍晚", "晚上")
_NOON = ("中午",)
# Words that stand around a date and carry nothing: "8 de set. de 2026", "29. Mai 2022 um 15:53 Uhr", "à", "klo".
_FILLERS = frozenset(
    [
        "de",
        "del",
        "d",
        "um",
        "uhr",
        "at",
        "à",
        "às",
        "a",
        "las",
        "alle",
        "ore",
        "om",
        "kl",
        "klo",
        "v",
        "г",
        "год",
        "р",
        "la",
        "στις",
        "ώρα",
        "pukul",
        "lúc",
        "เวลา",
        "の",
        "o",
        "z",
        "t",
        "utc",
        "gmt",
    ]
)
_UNITS = frozenset(["年", "月", "日", "년", "월", "일"])
# Vietnamese counts its months: "9 thg 6, 2026" is the ninth of June.
_COUNTED_MONTH = frozenset({"thg", "tháng"})
_PIECES = re.compile(r"\d+|[^\W\d_]+", re.UNICODE)
_BUDDHIST_FROM, _BUDDHIST_AHEAD = 2400, 543


class DateOrderUnknown(UsageError):
    """Day and month could be either way round in every date of the export; `example` is one such date."""

    def __init__(self, *, example: str) -> None:
        self.example = example
        super().__init__(
            what="The dates of this export are ambiguous",
            why=f"“{example}” may be day first or month first, and nothing else in the export shows which",
            fix="say which: --date-order dmy, --date-order mdy or --date-order ymd",
        )


def read_date(text: str, order: DateOrder | None = None) -> datetime | None:
    """The moment a date cell names, in UTC (exports are), or None if it cannot be read without guessing.

    `order` decides only what the text itself leaves open: `03/04/2022` and the like. A month's name, a year in front
    or dots (day first in every language that writes them) need no order. Thai years are Buddhist ones.
    """
    if len(text) > 80:
        return None  # no language needs half as many letters
    clean, half = _without_half_words(_TIME_IN_UNITS.sub(_with_colons, comparable_date(text)))
    match = _time_in(clean)
    if match is None:
        return None
    before, behind, letter = _without_half_letters(clean[: match.start()], clean[match.end() :])
    day = _day(f"{before} {behind}", order)
    clock = _clock(match, half or letter)
    if day is None or clock is None:
        return None
    try:
        return datetime(*day, *clock, tzinfo=UTC)
    except (ValueError, OverflowError):
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


def _with_colons(match: re.Match[str]) -> str:
    return ":".join(f"{int(part):02}" for part in match.groups() if part)


def _time_in(clean: str) -> re.Match[str] | None:
    """The time of day: the one with colons, else the last with points; None where two have colons."""
    found = list(_TIME.finditer(clean))
    sure = [match for match in found if match["sign"] != "."]
    if len(sure) > 1:
        return None  # an offset such as +02:00 stands behind: not what exports write
    return sure[0] if sure else (found[-1] if found else None)


def _without_half_words(clean: str) -> tuple[str, str]:
    if clean.isascii():
        return clean, ""
    for half, words in (("am", _MORNING), ("pm", _AFTERNOON), ("noon", _NOON)):
        for word in words:
            if word in clean:
                return clean.replace(word, " ", 1), half
    return clean, ""


def _without_half_letters(before: str, behind: str) -> tuple[str, str, str]:
    if match := _HALF_BEHIND.search(behind):
        behind = behind[match.end() :]
    elif match := _HALF_BEFORE.search(before):
        before = before[: match.start()]
    else:
        return before, behind, ""
    is_morning = match["latin"] == "a" or match["greek"] == "π"
    return before, behind, "am" if is_morning else "pm"


def _clock(match: re.Match[str], half: str) -> tuple[int, int, int] | None:
    hour, minute, second = int(match["hour"]), int(match["minute"]), int(match["second"] or 0)
    if half:
        if hour > 12:
            return None
        is_late = half == "pm" or (half == "noon" and (hour == 12 or hour < 4))
        hour = hour % 12 + (12 if is_late else 0)
    return hour, minute, second


def _day(text: str, order: DateOrder | None) -> tuple[int, int, int] | None:
    for name, month in () if text.isascii() else MONTHS_WRITTEN_WITH_MARKS.items():
        if name in text:
            return _named_month(month, [piece for piece in _PIECES.findall(text.replace(name, " ")) if piece.isdigit()])
    pieces = _PIECES.findall(text)
    numbers = [piece for piece in pieces if piece.isdigit()]
    words = [piece for piece in pieces if not piece.isdigit() and piece not in _FILLERS and piece not in _UNITS]
    if len(words) == 1 and words[0] in _COUNTED_MONTH:
        words, order = [], "dmy"
    if len(words) == 1 and len(numbers) == 2:
        return _named_month(MONTHS.get(words[0]), numbers)
    if words or len(numbers) != 3 or any(len(number) not in {1, 2, 4} for number in numbers):
        return None
    return _numbers_in_order(numbers, text, order)


def _numbers_in_order(numbers: list[str], text: str, order: DateOrder | None) -> tuple[int, int, int] | None:
    a, b, c = (int(number) for number in numbers)
    if len(numbers[0]) == 4:
        return _common_year(a), b, c
    if "." in text:
        order = "dmy"
    if len(numbers[2]) != 4 and order == "ymd":
        return 2000 + a, b, c
    c = c + 2000 if len(numbers[2]) < 4 else _common_year(c)  # nothing in an export is older than Strava
    if order == "dmy":
        return c, b, a
    return (c, a, b) if order == "mdy" else None


def _named_month(month: int | None, numbers: list[str]) -> tuple[int, int, int] | None:
    years = [number for number in numbers if len(number) == 4]
    days = [number for number in numbers if len(number) <= 2]
    if not month or len(years) != 1 or len(days) != 1:
        return None
    return _common_year(int(years[0])), month, int(days[0])


def _common_year(year: int) -> int:
    return year - _BUDDHIST_AHEAD if year >= _BUDDHIST_FROM else year
