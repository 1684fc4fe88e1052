"""How files are read that do not say everything: the options of `import` and `watch`, and of the page of the import."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from paceport.errors import UsageError
from paceport.lazy_dataclass import dataclass
from paceport.sports import SPORT_TYPES, sport_of_word

if TYPE_CHECKING:
    from paceport.formats.strava_export.dates import DateOrder


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingOptions:
    """How files are read that do not say everything; see `import_paths`. `timezone` goes before the settings'."""

    timezone: str | None = None
    sport: str | None = None
    mapping: Mapping[str, str] | None = None
    date_order: DateOrder | None = None


def reading_options(
    *, timezone: str | None = None, sport: str | None = None, pairs: Iterable[str] = (), date_order: str | None = None
) -> ReadingOptions:
    """What a person wrote, checked before anything is read; "" and None leave a thing open.

    `pairs` are `Header=field` texts. Raises UsageError for a word that means nothing, naming the option of the command.
    """
    zone = (timezone or "").strip() or None
    if zone is not None:
        from paceport.logbook.importing.time_zone import check_time_zone

        check_time_zone(zone)
    mapping = read_pairs(pairs)
    if mapping:
        from paceport.formats.strava_export.find_columns import split_mapping

        split_mapping(mapping)
    return ReadingOptions(
        timezone=zone,
        sport=_sport_type(sport) if sport and sport.strip() else None,
        mapping=mapping,
        date_order=_date_order(date_order) if date_order else None,
    )


def read_pairs(pairs: Iterable[str]) -> dict[str, str]:
    """`Header=field` texts as a mapping. Raises UsageError for one without an equals sign."""
    mapping: dict[str, str] = {}
    for pair in pairs:
        word, equals, meaning = (part.strip() for part in pair.rpartition("="))
        if not equals or not word or not meaning:
            raise UsageError(
                what=f"--map {pair!r} has no meaning",
                why="it needs a column's header or a sport's name, an equals sign, and the meaning",
                fix='write it like: --map "Datum=date"',
            )
        mapping[word] = meaning
    return mapping


def _sport_type(text: str) -> str:
    types = {word.casefold(): word for word in SPORT_TYPES}
    word = re.sub(r"[\s_-]", "", text).casefold()
    if word in types:
        return types[word]
    meant, _ = sport_of_word(text)
    near = [meant] if meant else [types[one] for one in difflib.get_close_matches(word, types, n=1, cutoff=0.75)]
    raise UsageError(
        what=f"--sport: {text[:40]!r} is not one of Strava's sport types",
        why=f"Strava calls it {near[0]}" if near else "they have names such as Run, TrailRun, Ride or Swim",
        fix=f"--sport {near[0] if near else 'Run'}",
    )


def _date_order(text: str) -> DateOrder:
    from paceport.formats.strava_export.dates import DATE_ORDERS

    for order in DATE_ORDERS:
        if order == text.strip().casefold():
            return order
    raise UsageError(
        what=f"--date-order: {text[:40]!r} is not an order of dates",
        why="d, m and y stand for day, month and year",
        fix=f"--date-order {', '.join(DATE_ORDERS)}",
    )
