"""What GPX and TCX share: points gathered value by value, times and numbers in words."""

from __future__ import annotations

from array import array
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np

from paceport.errors import FileError
from paceport.formats.tracks.samples import MOST_SAMPLES, Samples

if TYPE_CHECKING:
    from paceport.streams import Channel

NAN = float("nan")
FOOT_CADENCE_LIMIT = 130  # no runner makes so many strides with one foot; a median above it counts both feet


class Points:
    """Points of a track, appended one by one, given back as Samples."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._epoch_s = array("d")
        self._channels: dict[str, array[float]] = {}

    def __len__(self) -> int:
        return len(self._epoch_s)

    def append(self, epoch_s: float, values: dict[str, float]) -> None:
        """Add a point: Unix seconds (NaN if it has none) and what was recorded there, by Streams name."""
        count = len(self._epoch_s)
        if count >= MOST_SAMPLES:
            raise too_many_samples_error(self._name)
        for channel, value in values.items():
            column = self._channels.get(channel)
            if column is None:
                column = self._channels[channel] = array("d")
            if len(column) < count:
                column.extend([NAN] * (count - len(column)))
            column.append(value)
        self._epoch_s.append(epoch_s)

    def samples(self) -> Samples:
        """All points; what a point did not have is NaN."""
        count = len(self._epoch_s)
        channels = {}
        for name, column in self._channels.items():
            channels[name] = np.concatenate([np.array(column), np.full(count - len(column), np.nan)])
        return Samples(epoch_s=np.array(self._epoch_s), channels=channels)


def too_many_samples_error(name: str) -> FileError:
    """The refusal of a file with more samples than any recorded activity."""
    return FileError(
        path=name, why=f"it holds more than {MOST_SAMPLES:,} samples", fix="leave it out, or split it into activities"
    )


def parse_number(text: str | None) -> float:
    """The number written there, NaN if none is."""
    try:
        return float(text) if text else NAN
    except ValueError:
        return NAN


def parse_epoch_s(text: str | None) -> tuple[float, bool]:
    """Unix seconds of an ISO 8601 time, NaN if it is none; and whether it names its zone (else UTC is assumed)."""
    if not text:
        return NAN, True
    try:
        moment = datetime.fromisoformat(text.strip())
        has_zone = moment.tzinfo is not None
        return (moment if has_zone else moment.replace(tzinfo=UTC)).timestamp(), has_zone
    except (ValueError, OverflowError):
        return NAN, True


def steps_per_minute(cadence: Channel, notes: list[str]) -> Channel:
    """Cadence on foot as steps of both feet: twice the strides, unless the file surely counts both feet already."""
    moving = cadence[cadence > 0]
    if len(moving) and float(np.median(moving)) > FOOT_CADENCE_LIMIT:
        notes.append("its cadence counts both feet already and was not doubled")
        return cadence
    return cadence * 2
