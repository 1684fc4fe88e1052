"""How far shoes have run, how far they may, and which are near their limit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from paceport.lazy_dataclass import dataclass

if TYPE_CHECKING:
    from paceport.logbook.database.store import Store

# From this share of the limit on it is said: some weeks before, for most runners.
WARN_FROM = 0.9
# Shoes that were not used for so long are not in use any more.
UNUSED_AFTER = timedelta(days=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShoeLimits:
    """How far shoes may run, in kilometres: every pair (None where not set), and single pairs by name."""

    every_km: float | None = None
    by_name_km: Mapping[str, float]

    def of(self, name: str, former_names: Sequence[str] = ()) -> float | None:
        """The limit of a pair in kilometres, which it may have been given under a name that it had."""
        wanted = {_plain(one) for one in (name, *former_names)}
        given = [limit for one, limit in self.by_name_km.items() if _plain(one) in wanted]
        return given[0] if given else self.every_km


@dataclass(frozen=True, slots=True, kw_only=True)
class Shoes:
    """A pair of shoes: what was run in it, and its limit in kilometres, None where it has none."""

    name: str
    runs: int
    distance_m: float
    last_used: date | None
    limit_km: float | None
    is_in_use: bool

    @property
    def left_km(self) -> float | None:
        """How far it may still run; below zero past its limit."""
        return None if self.limit_km is None else self.limit_km - self.distance_m / 1000

    @property
    def is_near_limit(self) -> bool:
        """Whether it is in use and has run nine tenths of its limit."""
        has_limit = self.is_in_use and self.limit_km is not None
        return has_limit and self.distance_m / 1000 >= WARN_FROM * (self.limit_km or 0)

    def warning(self) -> str:
        """Why it is named, in words."""
        run_km, limit_km = self.distance_m / 1000, self.limit_km or 0.0
        if run_km >= limit_km:
            return f"the shoes {self.name} have run {run_km:,.0f} km, {run_km - limit_km:,.0f} km past your limit"
        return (
            f"the shoes {self.name} have run {run_km:,.0f} km; {limit_km - run_km:,.0f} km are left of {limit_km:,.0f}"
        )


def read_shoes(store: Store, limits: ShoeLimits, *, today: date, own_only: bool = False) -> list[Shoes]:
    """Every pair of shoes, the one used last first."""
    former = store.former_shoe_names()
    found = []
    for name, runs, distance_m, day in store.shoes(own_only=own_only):
        last_used = date.fromisoformat(day) if day else None
        found.append(
            Shoes(
                name=name,
                runs=runs,
                distance_m=distance_m,
                last_used=last_used,
                limit_km=limits.of(name, [old for old, now in former.items() if now == name]),
                is_in_use=last_used is not None and last_used >= today - UNUSED_AFTER,
            )
        )
    return found


def shoe_warnings(store: Store, limits: ShoeLimits, *, today: date, own_only: bool = False) -> list[str]:
    """A sentence for each pair in use that is near its limit or past it, and for each limit of an unknown pair."""
    if limits.every_km is None and not limits.by_name_km:
        return []
    shoes = read_shoes(store, limits, today=today, own_only=own_only)
    known = {_plain(one) for one in (*(each.name for each in shoes), *store.former_shoe_names())}
    unknown = [] if own_only else [name for name in limits.by_name_km if _plain(name) not in known]
    return [each.warning() for each in shoes if each.is_near_limit] + [
        f"[shoe_limits_km] in config.toml names {name}, but no shoes in the logbook are called that" for name in unknown
    ]


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())
