"""Heart rate over the seconds for which it is known: mean, highest, coverage, and time in zones."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from paceport.channels import running_sums, steps_of
from paceport.streams import Streams
from paceport.training.metrics.distance import DistanceTrack, goes_forward
from paceport.training.metrics.moving_time import SLOWEST_MPS, moving_clock_s
from paceport.training.metrics.values_at import values_at

if TYPE_CHECKING:
    from paceport.streams import Channel

_LOWEST_BPM, _HIGHEST_BPM = 25.0, 250.0  # outside lies no heart of a runner: 0 and 255 are how devices say "lost"
_LONGEST_INTERVAL_S = 30.0


@dataclass(frozen=True, kw_only=True, eq=False)
class HeartRateIntervals:
    """The intervals between samples of a run, each with the heart rate read at its end.

    `known_s` are the seconds of each interval for which the rate counts: 0 where it is missing or implausible, or where
    nothing was recorded for more than 30 s. `moving_s` is the part of these that was moving. `recorded_s` is all the
    time that could have had a rate: pauses of the device are not in it. `edges_s` are the n + 1 ends of all intervals.
    """

    edges_s: Channel
    heartrate_bpm: Channel
    known_s: Channel
    moving_s: Channel
    recorded_s: float

    @cached_property
    def total_known_s(self) -> float:
        """All known seconds."""
        return float(self.known_s.sum())

    @cached_property
    def known_until_s(self) -> Channel:
        """Known seconds up to each edge."""
        return running_sums(self.known_s)

    @cached_property
    def known_beats(self) -> Channel:
        """Beats per minute times known seconds up to each edge: sixty times the heartbeats."""
        return running_sums(self.heartrate_bpm * self.known_s)

    @cached_property
    def moving_until_s(self) -> Channel:
        """Known and moving seconds up to each edge."""
        return running_sums(self.moving_s)

    @cached_property
    def moving_beats(self) -> Channel:
        """Beats per minute times known and moving seconds up to each edge."""
        return running_sums(self.heartrate_bpm * self.moving_s)

    @property
    def coverage_ratio(self) -> float:
        """Known seconds as a share of the recorded ones, 0 to 1."""
        return min(self.total_known_s / self.recorded_s, 1.0) if self.recorded_s > 0 else 0.0

    def mean_bpm(self) -> float | None:
        """Mean over the known seconds; None where there are none."""
        return float(self.heartrate_bpm @ self.known_s) / self.total_known_s if self.total_known_s > 0 else None

    def highest_bpm(self) -> float | None:
        """The highest rate that counts; None where there is none."""
        # The rates of all others are 0.
        return float(self.heartrate_bpm.max()) if (self.known_s > 0).any() else None

    def seconds_at_each_rate(self) -> dict[str, Any]:
        """The heart rate as plain values, ready for JSON: known and moving seconds at each whole beat per minute.

        Rates are rounded to whole beats, which is what devices record.
        """
        rates = np.rint(self.heartrate_bpm).astype(np.int64)
        # Unknown rates are 0, and no known one is: the lowest that was seen, which has seconds.
        first = int(rates.min()) or int(rates[rates > 0].min())
        rates -= first
        np.maximum(rates, 0, out=rates)  # unknown rates weigh nothing
        known_s, moving_s = (
            np.bincount(rates, weights=seconds).round(3).tolist() for seconds in (self.known_s, self.moving_s)
        )
        coverage = round(self.coverage_ratio, 4)
        return {"first_bpm": first, "known_s": known_s, "moving_s": moving_s, "coverage_ratio": coverage}

    def means_bpm(self, edges_s: Channel) -> list[float | None]:
        """Mean between each two neighbouring times of `edges_s`; None where nothing is known between them."""
        seconds = steps_of(np.interp(edges_s, self.edges_s, self.known_until_s))
        beats = steps_of(np.interp(edges_s, self.edges_s, self.known_beats))
        pairs = zip(beats.tolist(), seconds.tolist(), strict=True)
        return [beat / second if second > 1e-6 else None for beat, second in pairs]


def heart_rate_intervals(
    streams: Streams,
    course: DistanceTrack | None,
    *,
    slowest_mps: float = SLOWEST_MPS,
    moving_clock: Channel | None = None,
) -> HeartRateIntervals | None:
    """The run's heart rate, ready to be summed; None where no rate was recorded at all.

    Without a course nobody knows when the runner moved: then all recorded time counts as moving. `slowest_mps` is the
    speed below which nobody moves in that sport; `moving_clock` is the course's, where it was worked out already.
    """
    if streams.heartrate_bpm is None:
        return None
    time_s, rate_bpm = streams.time_s, streams.heartrate_bpm
    if course is None or course.time_s is not time_s:
        forward = goes_forward(time_s)
        time_s, rate_bpm = time_s[forward], rate_bpm[forward]
    if len(time_s) < 2:
        return None
    rate_bpm = rate_bpm[1:]
    intervals_s = steps_of(time_s)
    moving_s = intervals_s
    if course is not None:
        clock_s = moving_clock_s(course, slowest_mps=slowest_mps) if moving_clock is None else moving_clock
        moving_s = steps_of(values_at(time_s, course.time_s, clock_s))
    short = intervals_s <= _LONGEST_INTERVAL_S
    recorded = short if course is None else short | (moving_s > 0)
    known = short & (rate_bpm >= _LOWEST_BPM) & (rate_bpm < _HIGHEST_BPM)
    if not known.any():
        return None
    return HeartRateIntervals(
        edges_s=time_s,
        heartrate_bpm=np.where(known, rate_bpm, 0.0),
        known_s=np.where(known, intervals_s, 0.0),
        moving_s=np.where(known, moving_s, 0.0),
        recorded_s=float(intervals_s[recorded].sum()),
    )
