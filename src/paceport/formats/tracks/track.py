"""What one recorded activity is, whatever format it came in."""

from datetime import datetime

from paceport.lazy_dataclass import dataclass
from paceport.streams import DistanceSource, Streams


@dataclass(frozen=True, slots=True, kw_only=True)
class Lap:
    """One lap as the device recorded it. `start_s` counts from the track's start; what it did not say is None."""

    start_s: float
    elapsed_s: float | None = None
    timer_s: float | None = None
    distance_m: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """A stretch in which the device's timer stood still, in seconds from the track's start."""

    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """One recorded activity: its samples and what the device said about it.

    `start` is in UTC, None where the device knew no date; `streams.time_s` counts from it. `sport` is a word of
    Strava's SportType, None where the file's word has no counterpart; `is_sport_guessed` where the file
    names none and its speeds decided. `elapsed_s`, `timer_s`, `distance_m` and
    `ascent_m` are the device's own totals. `utc_offset_s` is what its clock showed against UTC. `has_barometer` is
    None where nothing says either. `distance_source` is that of the samples' distance once they are cleaned, else None.
    `repaired_s` are the stretches (from one second to another) whose distance rests on samples that cleaning repaired.
    `notes` tell in plain sentences what was repaired or left out.
    """

    streams: Streams
    start: datetime | None
    sport: str | None = None
    is_sport_guessed: bool = False
    is_indoor: bool = False
    name: str = ""
    laps: tuple[Lap, ...] = ()
    pauses: tuple[Pause, ...] = ()
    device_name: str = ""
    has_barometer: bool | None = None
    elapsed_s: float | None = None
    timer_s: float | None = None
    distance_m: float | None = None
    distance_source: DistanceSource | None = None
    repaired_s: tuple[tuple[float, float], ...] = ()
    ascent_m: float | None = None
    utc_offset_s: float | None = None
    notes: tuple[str, ...] = ()
