"""An amendment: one correction to an activity, as a value, as JSON, and in words."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Literal, get_args

from paceport.errors import UsageError
from paceport.lazy_dataclass import dataclass
from paceport.units import duration_text

AmendmentKind = Literal["crop_start", "crop_end", "split", "merge", "distance", "sport", "race", "part", "record"]
KINDS: tuple[str, ...] = get_args(AmendmentKind)


class AmendmentDoesNotFit(UsageError):
    """An activity does not have what an amendment would change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A correction not yet kept. `value` is what its kind needs:

    - `crop_start`, `crop_end`: `time_s` or `distance_m`, how much is cut off.
    - `split`: `time_s` or `distance_m` from the start, where the second part begins.
    - `merge`: `other_id`, the activity that becomes a part of this one.
    - `distance`: `distance_m`, the true length. `sport`: `sport`, a SportType. `race`: `is_race`.
    - `part`: `other_id`, an activity that was taken for another recording of this run and is a run of its own.
    - `record`: `is_confirmed`, whether its efforts count as records, whatever else speaks against them, or never do.
    """

    kind: AmendmentKind
    value: Mapping[str, object]

    def number(self, name: str) -> float | None:
        """A number of the value; None where it is not there."""
        found = self.value.get(name)
        return float(found) if isinstance(found, int | float) else None

    @property
    def other_id(self) -> int | None:
        """The activity that a merge takes in, that a split makes, or that a run is counted apart from."""
        found = self.value.get("other_id")
        return found if isinstance(found, int) else None

    def to_json(self) -> str:
        """The value as it is stored."""
        return json.dumps(self.value, sort_keys=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Amendment:
    """A correction that is kept: made on the activity as the amendments before it, by `id`, left it.

    `activity_id` is an own activity or a part that a split made. `undone_at` is None while it counts.
    """

    id: int
    activity_id: int
    change: Change
    made_at: str
    undone_at: str | None

    @property
    def is_undone(self) -> bool:
        """Whether it was undone."""
        return self.undone_at is not None

    @property
    def activity_ids(self) -> frozenset[int]:
        """The activities that it ties together."""
        other_id = self.change.other_id
        return frozenset({self.activity_id} if other_id is None else {self.activity_id, other_id})


def read_amendment(row: tuple[int, int, str, str, str, str | None]) -> Amendment | None:
    """A row of the table `amendment`, in its columns' order; None for what no version of ours wrote."""
    amendment_id, activity_id, kind, text, made_at, undone_at = row
    try:
        value = json.loads(text)
    except (ValueError, TypeError):
        return None
    if kind not in KINDS or not isinstance(value, dict):
        return None
    change = Change(kind=kind, value=value)  # type: ignore[arg-type]  # one of KINDS, as was just seen
    return Amendment(id=amendment_id, activity_id=activity_id, change=change, made_at=made_at, undone_at=undone_at)


def id_of_part(activity_id: int, number: int) -> int:
    """The id of the second part that split `number` makes: below zero, as for a file without a Strava id."""
    digest = hashlib.sha256(f"part {activity_id} {number}".encode()).hexdigest()
    return -(int(digest[:11], 16) * 64 + 64)


def describe(change: Change) -> str:
    """A correction in words, as its command said it: "first 5:00 cut off"."""
    if change.kind in ("crop_start", "crop_end"):
        return f"{'first' if change.kind == 'crop_start' else 'last'} {_place(change)} cut off"
    if change.kind == "split":
        return f"split at {_place(change)}; the second part is {change.other_id}"
    if change.kind == "merge":
        return f"merged with {change.other_id}"
    if change.kind == "part":
        return f"counted apart from {change.other_id}"
    if change.kind == "distance":
        return f"distance set to {_length(change.number('distance_m'))}"
    if change.kind == "sport":
        return f"sport set to {change.value.get('sport')}"
    if change.kind == "record":
        return "confirmed for records" if change.value.get("is_confirmed") else "rejected for records"
    return "marked as a race" if change.value.get("is_race") else "marked as no race"


def _place(change: Change) -> str:
    time_s = change.number("time_s")
    return _length(change.number("distance_m")) if time_s is None else duration_text(time_s)


def _length(distance_m: float | None) -> str:
    return "?" if distance_m is None else f"{distance_m / 1000:.3f}".rstrip("0").rstrip(".") + " km"
