"""The `[athlete]` table of the user's settings file: what the analysis cannot see in the runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

from paceport.errors import UsageError

_LOWEST_BPM, _HIGHEST_BPM = 25.0, 250.0
_NAMES = ("max_heartrate", "rest_heartrate", "threshold_heartrate", "zones", "sex", "trimp", "not_records")


@dataclass(frozen=True, slots=True, kw_only=True)
class AthleteSettings:
    """Heart rates in beats per minute, None where not set. `zones_bpm` are the inner edges, rising.

    `trimp` is which constants women's training load takes. `not_records` are ids of runs that set no record.
    """

    max_bpm: float | None = None
    rest_bpm: float | None = None
    threshold_bpm: float | None = None
    zones_bpm: tuple[float, ...] = ()
    sex: Literal["male", "female"] | None = None
    trimp: Literal["banister", "fellrnr"] = "banister"
    not_records: tuple[int, ...] = ()


def athlete_settings(table: object) -> AthleteSettings:
    """The table, checked; None is an empty one. Raises UsageError naming the entry that cannot be."""
    if table is None:
        return AthleteSettings()
    if not isinstance(table, Mapping):
        raise _wrong("athlete", table, "a table: [athlete], then its lines")
    for name in table:
        if name not in _NAMES:
            raise _wrong(str(name), table[name], f"one of {', '.join(_NAMES)}")
    most, rest = _bpm("max_heartrate", table), _bpm("rest_heartrate", table)
    if most is not None and rest is not None and rest >= most:
        raise _wrong("rest_heartrate", rest, "below max_heartrate")
    zones = table.get("zones", [])
    if not isinstance(zones, list) or not all(_is_bpm(edge) for edge in zones) or not 0 <= len(zones) <= 9:
        raise _wrong("zones", zones, "the rates where zones 2, 3 … begin, such as [120, 140, 160, 175]")
    if any(low >= high for low, high in pairwise(zones)):
        raise _wrong("zones", zones, "rising")
    ids = table.get("not_records", [])
    if not isinstance(ids, list) or not all(isinstance(one, int) and not isinstance(one, bool) for one in ids):
        raise _wrong("not_records", ids, "ids of runs, such as [1234567890]")
    return AthleteSettings(
        max_bpm=most,
        rest_bpm=rest,
        threshold_bpm=_bpm("threshold_heartrate", table),
        zones_bpm=tuple(float(edge) for edge in zones),
        sex=_word("sex", table, ("male", "female"), None),
        trimp=_word("trimp", table, ("banister", "fellrnr"), "banister"),
        not_records=tuple(ids),
    )


def _bpm(name: str, table: Mapping[str, Any]) -> float | None:
    value = table.get(name)
    if value is None:
        return None
    if not _is_bpm(value):
        raise _wrong(name, value, "beats per minute, 25 to 250")
    return float(value)


def _is_bpm(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and _LOWEST_BPM <= value <= _HIGHEST_BPM


def _word(name: str, table: Mapping[str, Any], allowed: tuple[str, ...], default: str | None) -> Any:  # noqa: ANN401  # one of its words, or the default
    value = table.get(name, default)
    if value != default and value not in allowed:
        raise _wrong(name, value, " or ".join(allowed))
    return value


def _wrong(name: str, value: object, may_be: str) -> UsageError:
    return UsageError(
        what=f"{name} = {str(value)[:60]!r} under [athlete] in config.toml cannot be",
        why=f"it must be {may_be}",
        fix="correct the line",
    )
