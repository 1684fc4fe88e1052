"""The devices that record, and what each can measure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """What records. `spacing_s` 1 is every second; more is `smart` recording at uneven intervals up to that."""

    name: str
    spacing_s: int = 1
    pauses: bool = False
    barometer: bool = True
    cadence: bool = True
    watts: bool = False
    thermometer: bool = True


PHONE = Device(name="Strava App", spacing_s=2, barometer=False, cadence=False, thermometer=False)
SMART_WATCH = Device(name="Norrsken 2", spacing_s=5, pauses=True)
WATCH = Device(name="Norrsken 3 Pro")
POD_WATCH = Device(name="Mesa Run+", watts=True)
BIKE_COMPUTER = Device(name="Mesa Edge", watts=True, pauses=True)
