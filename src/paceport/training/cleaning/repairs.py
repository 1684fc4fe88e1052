"""What cleaning did: each repair with its kind, its place and its size, and the sentences that count them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Literal

from paceport.lazy_dataclass import dataclass
from paceport.text import in_singular

RepairKind = Literal[
    "null position",
    "position jump",
    "stray end",
    "frozen position",
    "stale position",
    "gap",
    "vehicle",
    "ride throughout",
    "altitude",
    "heart rate",
    "interleaved heart rate",
    "cadence",
    "power",
    "counter unit",
    "counter doubled",
    "counter ahead",
    "counter start",
    "counter restart",
    "counter jump",
    "counter unused",
    "distance from speed",
]
# Each takes the count and the sum of the sizes.
_SENTENCES: dict[RepairKind, str] = {
    "null position": "{count} positions at 0/0 were left out",
    "position jump": "{count} positions that jumped aside by up to {most:.0f} m were moved back onto the line",
    "stray end": "{count} positions far from the rest, at the beginning or the end, were left out",
    "frozen position": "{count} positions that did not change while the distance increased were left out",
    "stale position": "{count} positions that repeat an earlier place were left out",
    "gap": "{count} gaps with {total:.0f} m between their ends count as neither distance nor moving time",
    "vehicle": "{count} stretches at the speed of a vehicle, {total:.0f} m in all, do not count",
    "ride throughout": "its {count} samples move at the speed of a ride, so it is probably no run; "
    "its figures stay as recorded",
    "altitude": "{count} impossible altitudes were left out",
    "heart rate": "{count} impossible heart rates were left out",
    "interleaved heart rate": "{count} heart rates recorded between positions were moved to the next position",
    "cadence": "{count} impossible cadences were left out",
    "power": "{count} impossible power values were left out",
    "counter unit": "the distance was counted in another unit; it was multiplied by {most:.0f}",
    "counter doubled": "{total:.0f} m of the distance were counted twice, as by two foot pods; they count once",
    "counter ahead": "the distance counter says {total:.0f} m more than lies between the positions; they count, "
    "but no record rests on them",
    "counter start": "the distance counter started at {most:.0f} m; it now starts from 0",
    "counter restart": "the distance counter restarted {count} times; its parts were added up",
    "counter jump": "{count} jumps of the distance counter, {total:.0f} m in all, do not count",
    "counter unused": "the distance counter has no usable values; the distance was computed from the positions",
    "distance from speed": "no distance was recorded; it was computed from the speed",
}
# The channel of `Streams` whose samples each kind casts a doubt on; a position is named by its latitude.
_DOUBTED: dict[RepairKind, str] = {
    "null position": "latitude_deg",
    "position jump": "latitude_deg",
    "stray end": "latitude_deg",
    "frozen position": "latitude_deg",
    "stale position": "latitude_deg",
    "altitude": "altitude_m",
    "heart rate": "heartrate_bpm",
    "cadence": "cadence_spm",
    "power": "power_w",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """One repair: what it was, when (seconds from the start of the run), how large, and of how many samples.

    `size` is metres for positions, distances and altitudes, beats per minute for heart rates, else the value's unit.
    """

    kind: RepairKind
    at_s: float
    size: float
    samples: int = 1


def repair_notes(repairs: Sequence[Repair]) -> tuple[str, ...]:
    """One sentence for each kind of repair, with counts, in the order of their first appearance."""
    notes = []
    for kind in dict.fromkeys(repair.kind for repair in repairs):
        same = [repair for repair in repairs if repair.kind == kind]
        told = _SENTENCES[kind].format(
            count=sum(repair.samples for repair in same),
            most=max(repair.size for repair in same),
            total=sum(repair.size for repair in same),
        )
        notes.append(in_singular(told))
    return tuple(notes)


def doubts_by_channel(notes: Iterable[str]) -> Counter[str]:
    """How many samples of each channel were repaired, as the sentences of `repair_notes` count them."""
    found = Counter[str]()
    for note in notes:
        for kind, pattern in _patterns().items():
            if (told := pattern.fullmatch(note)) is not None:
                found[_DOUBTED[kind]] += int(told["count"] or 1)
    return found


@cache
def _patterns() -> dict[RepairKind, re.Pattern[str]]:
    return {kind: re.compile(_pattern(_SENTENCES[kind])) for kind in _DOUBTED}


def _pattern(sentence: str) -> str:
    forms = (re.escape(sentence), re.escape(in_singular(sentence.replace("{count}", "1"))))
    many, one = (re.sub(r"\\\{\w+:[^}]*\\\}", r"-?[0-9.]+", form) for form in forms)
    return re.sub(r"\\\{count\\\}", r"(?P<count>[0-9]+)", many) + "|" + one
