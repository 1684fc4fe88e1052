"""What goes wrong with a recording: places that jump, a vehicle, sensors that count twice."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from paceport.streams import Streams

Channel = npt.NDArray[np.float64]
DEGREE_M = 111_195.08
Spoiler = Callable[[Streams], Streams]


def _places(streams: Streams) -> tuple[Channel, Channel]:
    assert streams.latitude_deg is not None
    assert streams.longitude_deg is not None
    return streams.latitude_deg.copy(), streams.longitude_deg.copy()


def aside(streams: Streams, samples: npt.NDArray[np.intp], metres: float) -> Streams:
    """These samples lie so far north of where they were."""
    latitude, longitude = _places(streams)
    latitude[samples] += metres / DEGREE_M
    return replace(streams, latitude_deg=latitude, longitude_deg=longitude)


def one_spike(streams: Streams) -> Streams:
    """One place 300 m aside."""
    return aside(streams, np.array([len(streams) // 3]), 300.0)


def thirty_spikes(streams: Streams) -> Streams:
    """Thirty places 40 m aside, spread over the run."""
    return aside(streams, np.linspace(20, len(streams) - 20, 30).astype(np.intp), 40.0)


def ride_home(streams: Streams) -> Streams:
    """The watch was not stopped: five kilometres in five minutes by car, straight north, and two minutes of rest."""
    return driven_on(streams, np.concatenate((np.arange(1.0, 301.0) * 50 / 3, np.full(120, 5000.0))))


def bus_home(streams: Streams) -> Streams:
    """The same in a bus: eight stops of twenty seconds, between them a minute at 10 m/s at most."""
    between_mps = np.minimum(np.minimum(np.arange(60.0), np.arange(59.0, -1.0, -1.0)), 10.0)
    return driven_on(streams, np.cumsum(np.tile(np.concatenate((between_mps, np.zeros(20))), 8)))


def driven_on(streams: Streams, driven_m: Channel) -> Streams:
    """The samples, and after them these metres straight north, one each second."""
    latitude, longitude = _places(streams)
    more = len(driven_m)
    channels: dict[str, Channel] = {
        "time_s": np.concatenate((streams.time_s, streams.time_s[-1] + np.arange(1.0, more + 1))),
        "latitude_deg": np.concatenate((latitude, latitude[-1] + driven_m / DEGREE_M)),
        "longitude_deg": np.concatenate((longitude, np.full(more, longitude[-1]))),
    }
    if streams.distance_m is not None:
        channels["distance_m"] = np.concatenate((streams.distance_m, streams.distance_m[-1] + driven_m))
    for name, channel in streams.channels().items():
        if name not in channels:
            channels[name] = np.concatenate((channel, np.full(more, channel[-1])))
    return Streams(**channels)


def counted_twice(streams: Streams) -> Streams:
    """Two foot pods at once; without a counter as it was."""
    return streams if streams.distance_m is None else replace(streams, distance_m=2.0 * streams.distance_m)


def heart_counted_twice(streams: Streams) -> Streams:
    """A strap that counts both sounds of a beat."""
    return streams if streams.heartrate_bpm is None else replace(streams, heartrate_bpm=2.0 * streams.heartrate_bpm)


def second_pod(streams: Streams) -> Streams:
    """A second foot pod that joins in half way."""
    if streams.distance_m is None:
        return streams
    joined_m = streams.distance_m[len(streams) // 2]
    return replace(streams, distance_m=streams.distance_m + np.maximum(streams.distance_m - joined_m, 0.0))


def thirty_small_spikes(streams: Streams) -> Streams:
    """Thirty places 12 m aside, no faster than a sprint, and as many counts."""
    samples = np.linspace(20, len(streams) - 20, 30).astype(np.intp)
    spoiled = aside(streams, samples, 12.0)
    if streams.distance_m is None:
        return spoiled
    counter_m = streams.distance_m.copy()
    counter_m[samples] += 12.0
    return replace(spoiled, distance_m=counter_m)


def on_a_bicycle(streams: Streams, times_as_fast: float = 2.5) -> Streams:
    """The same way faster, without steps and at a calm heart."""
    heartrate_bpm = None if streams.heartrate_bpm is None else streams.heartrate_bpm - 25.0
    return replace(
        streams, time_s=np.round(streams.time_s / times_as_fast, 3), cadence_spm=None, heartrate_bpm=heartrate_bpm
    )


SPOILERS: dict[str, Spoiler] = {
    "a spike": one_spike,
    "thirty spikes": thirty_spikes,
    "a ride home": ride_home,
    "a bus home": bus_home,
    "two foot pods": counted_twice,
    "a second foot pod": second_pod,
    "thirty small spikes": thirty_small_spikes,
    "a doubled heart rate": heart_counted_twice,
}
