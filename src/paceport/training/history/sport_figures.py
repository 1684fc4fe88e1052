"""How activities of each sport are named, and how fast they are told to be: pace, pace per 100 m, or speed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import Literal

from paceport.sports import FOOT_SPORTS, sport_group
from paceport.training.metrics.load_source import SOURCE_NAMES
from paceport.units import Units

# "mixed": sports that are not told in one unit.
SpeedKind = Literal["pace", "swim", "speed", "mixed"]
_NOUNS = {
    "run": ("run", "runs"),
    "ride": ("ride", "rides"),
    "swim": ("swim", "swims"),
    "walk": ("walk", "walks"),
    "hike": ("hike", "hikes"),
}
_ANY = ("activity", "activities")


def speed_kind(sports: Collection[str] | None) -> SpeedKind:
    """In which unit the speeds of these sports are told; None stands for all sports."""
    if sports is None:
        return "mixed"
    kinds = {_kind(sport) for sport in sports}
    return kinds.pop() if len(kinds) == 1 else "mixed"


def speed_unit(kind: SpeedKind, units: Units) -> str:
    """The heading of a column of such speeds."""
    headings = {"pace": f"min/{units.name}", "swim": f"min/{units.lap_unit}", "speed": units.speed_unit}
    return headings.get(kind, "Pace or speed")


def pace_length_m(kind: SpeedKind, units: Units) -> float | None:
    """The metres that such a pace is for; None for a speed."""
    return {"pace": units.unit_m, "swim": units.lap_unit_m}.get(kind)


def speed_text(kind: SpeedKind, units: Units, speed_mps: float | None, sport: str = "Run") -> str:
    """A speed without its unit; of mixed sports, as that sport is told and with the unit."""
    if kind == "mixed":
        return speed_with_unit(sport, units, speed_mps)
    return {"pace": units.pace, "swim": units.swim_pace, "speed": units.speed}[kind](speed_mps)


def speed_with_unit(sport: str, units: Units, speed_mps: float | None) -> str:
    """A speed as that sport is told: `5:12 /km`, `1:52 /100 m`, `27.3 km/h`."""
    kind = _kind(sport)
    text = speed_text(kind, units, speed_mps)
    if text == units.unknown:
        return text
    return {
        "pace": f"{text} /{units.name}",
        "swim": f"{text} /{units.lap_unit}",
        "speed": f"{text} {units.speed_unit}",
    }[kind]


def noun(sports: Collection[str] | None, count: int = 2) -> str:
    """What activities of these sports are called: runs, rides, swims, walks, hikes, else activities."""
    kinds = {sport_group(sport) for sport in sports or ()}
    one, several = _NOUNS.get(kinds.pop(), _ANY) if len(kinds) == 1 else _ANY
    return one if count == 1 else several


def group_noun(kind: str, count: int) -> str:
    """What activities of a kind of sport are called: `rides`; of another kind, or of one type, `yoga sessions`."""
    if kind in _NOUNS:
        return _NOUNS[kind][count != 1]
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", kind).lower()
    return f"{words} session{'s' if count != 1 else ''}"


def counted_sports(counts: Mapping[str, int]) -> str:
    """How many of each kind of sport: `120 rides, 3 swims, 2 yoga sessions`, the most first."""
    groups: Counter[str] = Counter()
    for sport, count in counts.items():
        groups[sport_group(sport) if sport_group(sport) in _NOUNS else sport] += count
    return ", ".join(f"{count:,} {group_noun(name, count)}" for name, count in groups.most_common())


def load_sources(sources: Iterable[str | None]) -> str:
    """What loads were computed from, in words: `heart rate (Banister's TRIMP) 120, pace 3`; "" without any."""
    counts = Counter(source for source in sources if source is not None)
    return ", ".join(f"{SOURCE_NAMES.get(source, source)} {count:,}" for source, count in counts.most_common())


def _kind(sport: str) -> Literal["pace", "swim", "speed"]:
    if sport == "Swim":
        return "swim"
    return "pace" if sport in FOOT_SPORTS else "speed"
