"""What a reader finds in a file: samples, laps, pauses, sport; and the words in which the service refuses a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

# Recorded (2020 and 2021).
EMPTY = (
    'The file is empty, <a href="https://strava.zendesk.com/entries/21823834-Uploading-Empty-Files" '
    'target="_blank">More Information</a>.'
)
MALFORMED = "The upload appears to be malformed and we are unable to process it"


class UnreadableFile(Exception):
    """A file that makes no activity; the text is what the upload shows as its error."""


@dataclass(slots=True, kw_only=True)
class Sample:
    """One point of a file: when, where, and the readings by channel name."""

    time: datetime
    place: tuple[float, float] | None = None
    readings: Mapping[str, float | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileContent:
    """A file as read: samples in any order, where laps begin, and what it says of itself.

    `pauses`, in order, are when its timer stood still; None where the file does not say. `sport` is None where the file
    names none, `utc_offset_s` where it names no zone.
    """

    samples: Sequence[Sample]
    laps: Sequence[datetime] = ()
    pauses: Sequence[tuple[datetime, datetime]] | None = None
    sport: str | None = None
    device_name: str | None = None
    name: str | None = None
    utc_offset_s: int | None = None
