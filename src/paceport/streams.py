"""Aligned samples of one activity: what every source is read into and every metric is computed from."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Channel = npt.NDArray[np.float64]

# Where a distance channel comes from: counted by the device, or computed from its positions or its speed.
DistanceSource = Literal["device", "positions", "speed"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Streams:
    """The channels of one activity: float64 arrays of one length and one index.

    `time_s` counts from the activity's start, strictly increasing. A channel that was not recorded is None; a sample
    that was not recorded is NaN, never 0. `distance_m` is cumulative. Latitude and longitude are degrees, WGS-84.
    `cadence_spm` is steps per minute, both feet. `speed_mps` is the device's own where it gave one.
    """

    time_s: Channel
    distance_m: Channel | None = None
    latitude_deg: Channel | None = None
    longitude_deg: Channel | None = None
    altitude_m: Channel | None = None
    speed_mps: Channel | None = None
    heartrate_bpm: Channel | None = None
    cadence_spm: Channel | None = None
    power_w: Channel | None = None
    temperature_c: Channel | None = None

    def __post_init__(self) -> None:
        for name, channel in self.channels().items():
            if len(channel) != len(self.time_s):
                raise ValueError(f"{name} has {len(channel)} samples, time_s has {len(self.time_s)}")

    def __len__(self) -> int:
        return len(self.time_s)

    def channels(self) -> dict[str, Channel]:
        """The channels that were recorded, by name, `time_s` first."""
        return {name: value for name in _NAMES if (value := getattr(self, name)) is not None}


_NAMES = tuple(field.name for field in fields(Streams))
