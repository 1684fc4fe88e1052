"""Shoes: how far each pair has run, and how far it may."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from paceport.lazy_dataclass import dataclass
from paceport.report.html_text import UNKNOWN, day_text, name_text
from paceport.report.pages.snapshot import Snapshot
from paceport.training.history.shoes import ShoeLimits, read_shoes
from paceport.training.history.volume import by_gear

if TYPE_CHECKING:
    from paceport.logbook.database.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A pair of shoes: its bar is `share` of the row (0 to 100), its limit stands at `limit_share`."""

    name: str
    link: str
    distance: str
    runs: str
    last: str
    left: str
    share: float
    limit_share: float | None
    is_near_limit: bool
    is_in_use: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ShoePage:
    """Pairs in use first, each group by when it was used last; `without` runs name no shoes."""

    pairs: tuple[Pair, ...]
    without: int
    has_limits: bool


def shoe_page(snapshot: Snapshot, store: Store, limits: ShoeLimits) -> ShoePage:
    """All pairs that the logbook knows."""
    units = snapshot.units
    found = [
        one
        for one in read_shoes(store, limits, today=snapshot.today, own_only=snapshot.history.is_own_only)
        if one.runs
    ]
    most_m = max([one.distance_m for one in found] + [1000 * (one.limit_km or 0.0) for one in found] + [1.0])
    named = {total.key for total in by_gear(snapshot.history.runs)}
    pairs = [
        Pair(
            name=name_text(one.name),
            link=f"/runs?{urlencode({'gear': one.name})}" if one.name in named else "",
            distance=units.distance(one.distance_m, 0),
            runs=f"{one.runs:,}",
            last=day_text(one.last_used),
            left=UNKNOWN if one.left_km is None else f"{units.distance(1000 * one.left_km, 0)} {units.name}",
            share=round(100 * one.distance_m / most_m, 1),
            limit_share=None if one.limit_km is None else round(100_000 * one.limit_km / most_m, 1),
            is_near_limit=one.is_near_limit,
            is_in_use=one.is_in_use,
        )
        for one in sorted(found, key=lambda one: not one.is_in_use)
    ]
    without = sum(not run.gear for run in snapshot.history.runs)
    return ShoePage(pairs=tuple(pairs), without=without, has_limits=any(one.limit_km for one in found))
