"""One recorded point, as the writers of GPX and TCX take it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackPoint:
    """What is None is not written. Cadence is strides a minute: the steps of one foot, as watches write it.

    Positions are texts, so that a maker decides how many digits a file has.
    """

    time: datetime | None
    position: tuple[str, str] | None = None
    altitude_m: float | None = None
    distance_m: float | None = None
    speed_mps: float | None = None
    heartrate_bpm: int | None = None
    strides_per_minute: int | None = None
    power_w: int | None = None


def time_text(moment: datetime) -> str:
    """A UTC time in the form of GPX and TCX files."""
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def tag(name: str, value: object) -> str:
    """An element with a text in it, or nothing for None."""
    return "" if value is None else f"<{name}>{value}</{name}>"
