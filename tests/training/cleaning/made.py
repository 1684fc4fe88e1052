"""A run straight north, and what becomes of it once something is wrong."""

from typing import Any

import numpy as np
import numpy.typing as npt

from paceport.geodesy import EARTH_RADIUS_M
from paceport.streams import Streams
from paceport.training.cleaning.clean_streams import CleanStreams, clean_streams
from paceport.training.metrics.run_results import RunResults, run_results

Channel = npt.NDArray[np.float64]
DEGREE_M = EARTH_RADIUS_M * np.pi / 180
LATITUDE_DEG, LONGITUDE_DEG = 48.2, 16.3


def north(way_m: Channel, time_s: Channel | None = None, **channels: Channel) -> Streams:
    """Positions `way_m` metres north of one place, a sample a second unless `time_s` says otherwise."""
    return Streams(
        time_s=np.arange(len(way_m), dtype=np.float64) if time_s is None else time_s,
        latitude_deg=LATITUDE_DEG + way_m / DEGREE_M,
        longitude_deg=np.full(len(way_m), LONGITUDE_DEG),
        **channels,
    )


def steady(seconds: int = 3600, speed_mps: float = 3.0) -> Channel:
    """Metres covered at each second."""
    return np.asarray(np.arange(seconds + 1) * speed_mps, dtype=np.float64)


def clean(streams: Streams, sport: str = "Run", **more: Any) -> CleanStreams:  # what clean_streams takes
    return clean_streams(streams, sport=sport, **more)


def kinds(cleaned: CleanStreams) -> list[str]:
    return [repair.kind for repair in cleaned.repairs]


def results(cleaned: CleanStreams) -> RunResults:
    return run_results(cleaned.streams, distance_source=cleaned.distance_source, repaired_s=cleaned.repaired_s)


def best_s(found: RunResults, span_m: float) -> float:
    return next(effort.elapsed_time_s for effort in found.best_efforts if effort.span_m == span_m)
