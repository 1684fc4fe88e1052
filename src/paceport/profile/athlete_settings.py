"""The `[athlete]` table of the user's settings file: what the analysis cannot see in the runs."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated, Literal

import msgspec

from paceport.errors import UsageError

_HeartRate = Annotated[float, msgspec.Meta(ge=25, le=250)]


class AthleteTable(msgspec.Struct, frozen=True, kw_only=True):
    """The table as it stands in the file: heart rates in beats per minute, None where not set."""

    max_heartrate: _HeartRate | None = None
    rest_heartrate: _HeartRate | None = None
    threshold_heartrate: _HeartRate | None = None
    zones: Annotated[tuple[_HeartRate, ...], msgspec.Meta(max_length=9)] = ()
    sex: Literal["male", "female"] | None = None
    trimp: Literal["banister", "fellrnr"] = "banister"
    not_records: tuple[int, ...] = ()


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


def athlete_settings(table: AthleteTable) -> AthleteSettings:
    """The settings of a decoded table. Raises UsageError where two of its entries contradict each other."""
    most, rest = table.max_heartrate, table.rest_heartrate
    if most is not None and rest is not None and rest >= most:
        raise _wrong("rest_heartrate", rest, "less than max_heartrate")
    if any(low >= high for low, high in pairwise(table.zones)):
        raise _wrong("zones", list(table.zones), "rising, such as [120, 140, 160, 175]")
    return AthleteSettings(
        max_bpm=most,
        rest_bpm=rest,
        threshold_bpm=table.threshold_heartrate,
        zones_bpm=table.zones,
        sex=table.sex,
        trimp=table.trimp,
        not_records=table.not_records,
    )


def _wrong(name: str, value: object, may_be: str) -> UsageError:
    return UsageError(
        what=f"{name} = {str(value)[:60]!r} under [athlete] in config.toml is not valid",
        why=f"it must be {may_be}",
        fix="correct the line",
    )
