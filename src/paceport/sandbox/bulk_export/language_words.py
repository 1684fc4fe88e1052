"""The words of an export in its languages: columns, sports, dates; they stand in `languages.json`.

Only words that a real export (or a reader of one) was seen with; where none was seen, the English one stands. The order
of the columns is one in all languages (seen in English, German, French and Russian exports), and dates are in UTC.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib import resources

# Columns counted from 0; from this one on numbers have a point and are in SI units.
FIRST_PLAIN_COLUMN = 15
_SECOND_DISTANCE = 17


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """One language of an export.

    `header` are the 103 column names, `sports` words for the service's own. `date` is a pattern with the parts of a
    moment in braces, `months` the names it uses.
    """

    header: tuple[str, ...]
    date: str
    months: tuple[str, ...]
    sports: Mapping[str, str]
    has_decimal_comma: bool

    def date_text(self, at: datetime) -> str:
        """A moment in UTC as the language writes it."""
        return self.date.format(
            d=at.day,
            dd=f"{at.day:02d}",
            M=at.month,
            MM=f"{at.month:02d}",
            MMM=self.months[at.month - 1] if self.months else "",
            y=at.year,
            h=(at.hour - 1) % 12 + 1,
            H=at.hour,
            HH=f"{at.hour:02d}",
            mm=f"{at.minute:02d}",
            ss=f"{at.second:02d}",
            half="AM" if at.hour < 12 else "PM",
        )

    def sport(self, word: str) -> str:
        """The sport as an export names it: English with blanks where no word was seen."""
        return self.sports.get(word) or "".join(f" {char}" if char.isupper() else char for char in word).strip()

    def shown(self, value: float, digits: int) -> str:
        """A number of the first block, with the language's decimal sign."""
        text = f"{value:.{digits}f}"
        return text.replace(".", ",") if self.has_decimal_comma else text


def read_languages() -> dict[str, Language]:
    """Every language that an export can be written in, by its code."""
    text = resources.files("paceport.sandbox.bulk_export").joinpath("languages.json").read_text(encoding="utf-8")
    value = json.loads(text)
    found = {}
    for code, words in value["languages"].items():
        named = words.get("columns", {})
        header = [named.get(column, column) for column in value["columns"]]
        header[_SECOND_DISTANCE] = words.get("second_distance", header[_SECOND_DISTANCE])
        found[code] = Language(
            header=tuple(header),
            date=words["date"],
            months=tuple(words.get("months", ())),
            sports=words.get("sports", {}),
            has_decimal_comma=words["decimal_comma"],
        )
    return found
