"""What the numbers need to know of the runner, and how each is known."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any, TypeVar

from paceport.training.history.athlete_reply import read_reply, reply_prefers_miles
from paceport.training.metrics.athlete import AthleteFacts, SeasonHeartRate
from paceport.training.metrics.heart_rate_zones import default_zones_bpm
from paceport.training.metrics.trimp import Sex

if TYPE_CHECKING:
    from paceport.logbook.database.store import Store
    from paceport.training.history.seen_maximum import SeenMaximum

_Fact = TypeVar("_Fact")

ASSUMED_REST_BPM = 60.0
# One broken sensor must not set the maximum: the third highest of all runs does, and nobody's heart beats faster.
_RANK, _FASTEST_HEART_BPM = 3, 220.0
_FEW_MINUTES = "fewer than three runs show a whole minute of their heart rate"
_TOO_HIGH = "So {} are probably too high, and the effective VO2max too low."
_SET_ZONES = ("your settings", "Strava's zones")
_TOP_SHARE = 0.97  # of the maximum: where Strava's default fifth zone begins


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcedFacts:
    """The athlete's facts, and in `known_by` a few words for each on where it comes from.

    `known_by` has the keys zones, max, rest, threshold, sex, weight; one that is not known is not among them.
    `max_doubts` are clauses on why a maximum from the runs is probably too low, and zones and loads too high then.
    `weight_kg` and `name` are None and empty where nobody said.
    """

    athlete: AthleteFacts
    known_by: dict[str, str] = field(default_factory=dict)
    weight_kg: float | None = None
    name: str = ""
    prefers_miles: bool | None = None
    max_doubts: tuple[str, ...] = ()

    @property
    def zones_text(self) -> str:
        """Where the heart rate zones come from, and whether they are probably wrong; empty without zones."""
        zones, most = self.known_by.get("zones"), self.athlete.max_bpm
        if zones is None:
            return ""
        source = f"The zones are those of {zones}."
        if not self.max_doubts or most is None:
            return source
        return f"{source} Maximum {most:.0f} bpm: {self.known_by['max']}. {self.too_high_text}"

    @property
    def too_high_text(self) -> str:
        """What is too high where the maximum is probably too low; empty where nothing says so.

        Zones that somebody set, here or at Strava, do not follow from it.
        """
        if not self.max_doubts:
            return ""
        are_set = self.known_by.get("zones") in _SET_ZONES
        return _TOO_HIGH.format("loads" if are_set else "times in high zones and loads")

    @property
    def load_doubt(self) -> str:
        """Why loads by heart rate are probably too high; empty where nothing says so."""
        most = self.athlete.max_bpm
        if not self.max_doubts or most is None:
            return ""
        return f"Loads from heart rate are probably too high: your maximum of {most:.0f} bpm is probably too low"


# Which reply of the API a fact that is shown or used came from, by what `known_by` says of it.
_REPLIES = {("sex", "Strava"): "/athlete", ("zones", "Strava's zones"): "/athlete/zones"}


def facts_expire_at(store: Store, facts: SourcedFacts) -> datetime | None:
    """Until when facts that the API gave may be kept; None where all of them are the athlete's own or computed."""
    keys = {key for (name, source), key in _REPLIES.items() if facts.known_by.get(name) == source}
    moments = [moment for moment in map(store.cached.reply_expires_at, sorted(keys)) if moment is not None]
    return min(moments, default=None)


def read_facts(
    store: Store, *, given: AthleteFacts, highest_bpm: Iterable[float] = (), own_only: bool = False
) -> SourcedFacts:
    """Facts from the settings (`given`), else from what Strava said and may still be kept, else from the runs.

    A maximum that nobody states is that of docs/metrics.md#maximum-heart-rate, each calendar year with its own (one of
    the settings, where they name that year); with
    too few runs for it, it is the third highest of `highest_bpm`, the highest heart rates of the runs. A resting rate
    that nobody states is taken as 60. Zones follow from the maximum by Strava's default shares.
    """
    athlete_reply = {} if own_only else read_reply(store, "/athlete")
    known_by: dict[str, str] = {}
    zones_reply = {} if own_only else read_reply(store, "/athlete/zones")
    most, edges, seen = _heart_facts(store, known_by, given, zones_reply, highest_bpm, own_only=own_only)
    seasons = _seasons(given, seen, edges if known_by.get("zones") in _SET_ZONES else None)
    rest = _first(known_by, "rest", (given.rest_bpm, "your settings"), (ASSUMED_REST_BPM, "assumed"))
    sex: Sex | None = _first(known_by, "sex", (given.sex, "your settings"), (_sex(athlete_reply.get("sex")), "Strava"))
    threshold = _first(known_by, "threshold", (given.threshold_bpm, "your settings"))
    weight = _first(known_by, "weight", (_positive(athlete_reply.get("weight")), "Strava"))
    athlete = AthleteFacts(
        zone_edges_bpm=tuple(edges or ()),
        rest_bpm=rest,
        max_bpm=most,
        threshold_bpm=threshold,
        sex=sex,
        trimp_variant=given.trimp_variant,
        threshold_mps=given.threshold_mps,
        threshold_w=given.threshold_w,
        load=given.load,
        seasons=seasons,
    )
    return SourcedFacts(
        athlete=athlete,
        max_doubts=seen.doubts if seen is not None else (),
        known_by=known_by,
        weight_kg=weight,
        name=" ".join(str(athlete_reply.get(part) or "") for part in ("firstname", "lastname")).strip(),
        prefers_miles=reply_prefers_miles(athlete_reply),
    )


def _heart_facts(
    store: Store,
    known_by: dict[str, str],
    given: AthleteFacts,
    zones_reply: dict[str, Any],
    highest_bpm: Iterable[float],
    *,
    own_only: bool,
) -> tuple[float | None, tuple[float, ...] | None, SeenMaximum | None]:
    """The highest heart rate, the edges of the zones, and what the runs showed, where they were asked."""
    zones, is_custom = _zones(zones_reply)
    most = _first(
        known_by,
        "max",
        (given.max_bpm, "your settings"),
        (None if is_custom or not zones else round(zones[-1] / _TOP_SHARE), "Strava's zones"),
    )
    seen = None
    if most is None:
        from paceport.training.history.seen_maximum import seen_maximum

        seen = seen_maximum(store, own_only=own_only)
        most = _first(known_by, "max", (seen.bpm, seen.label))
        if most is None:
            most = _first(known_by, "max", _highest(highest_bpm))
            seen = replace(seen, doubts=() if most is None else (_FEW_MINUTES,))
    edges = _first(
        known_by,
        "zones",
        (given.zone_edges_bpm or None, "your settings"),
        (zones or None, "Strava's zones"),
        (default_zones_bpm(most) if most is not None else None, "Strava's default shares of the maximum"),
    )
    return most, edges, seen


def _seasons(
    given: AthleteFacts, seen: SeenMaximum | None, set_edges: tuple[float, ...] | None
) -> tuple[SeasonHeartRate, ...]:
    """The years with a maximum of their own, those of the settings first; zones that somebody set hold in each."""
    by_year = {one.year: one for one in (*(seen.seasons if seen is not None else ()), *given.seasons)}
    found = [by_year[year] for year in sorted(by_year)]
    return tuple(one if set_edges is None else one._replace(zone_edges_bpm=set_edges) for one in found)


def _first(known_by: dict[str, str], name: str, *candidates: tuple[_Fact | None, str]) -> _Fact | None:
    for value, source in candidates:
        if value is not None:
            known_by[name] = source
            return value
    return None


def _zones(reply: dict[str, Any]) -> tuple[tuple[float, ...], bool]:
    """The inner edges of the heart rate zones, and whether the athlete set them."""
    ranges = reply.get("heart_rate")
    zones = ranges.get("zones") if isinstance(ranges, dict) else None
    lows = [_positive(zone.get("min")) for zone in zones[1:] if isinstance(zone, dict)] if zones else []
    edges = tuple(low for low in lows if low is not None)
    rising = all(low < high for low, high in pairwise(edges))
    usable = bool(edges) and rising and len(edges) == len(zones or ()) - 1
    return (edges, bool(ranges.get("custom_zones"))) if usable and isinstance(ranges, dict) else ((), False)


def _highest(rates: Iterable[float]) -> tuple[float | None, str]:
    """The rate that stands for the maximum, and what it is."""
    believable = sorted((rate for rate in rates if rate <= _FASTEST_HEART_BPM), reverse=True)
    if not believable:
        return None, ""
    rank = min(_RANK, len(believable))
    if len(believable) == 1:
        label = "the highest in one activity"
    else:
        label = f"the {('second', 'third')[rank - 2]} highest in {len(believable):,} activities"
    return float(round(believable[rank - 1])), f"{label}; probably too low"


def _sex(word: object) -> Sex | None:
    return {"M": "male", "F": "female"}.get(str(word))  # type: ignore[return-value]  # the two words are Sex's


def _positive(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and value > 0 else None
