"""A habit of a device or an app: who has it, where it was seen, a file that shows it, and what should be read."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Reads:
    """What a file should read as; the numbers are those of a run of two minutes at 3 m/s. None is not looked at.

    `kinds` are channels that must be known, `lacks` channels that must not; `note` a part of a note.
    `heartrate_samples` is how many samples have a heart rate; `utc_offset_s` is looked at always: None for unknown.
    """

    sport: str | None = "Run"
    is_guessed: bool = False
    distance_m: float | None = 357.0
    is_distance_unknown: bool = False
    within_m: float = 1.0
    moving_s: float | None = 119.0
    elapsed_s: float | None = 119.0
    samples: int | None = 120
    heartrate_bpm: float | None = None
    heartrate_samples: int | None = None
    climb_m: float | None = None
    utc_offset_s: float | None = None
    device_name: str = ""
    cadence_spm: float | None = None
    power_w: float | None = None
    kinds: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    laps: int | None = None
    pauses: int | None = None
    note: str = ""
    start: str = "2024-05-04T08:00:00"
    others: int = 0
    refused: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Habit:
    """`source` names a file (repository:path) or a report (repository#number)."""

    who: str
    habit: str
    source: str
    write: Callable[[], bytes]
    reads: Reads = Reads()
