"""The fastest stretch of each of several lengths: blocks of samples are looked at first, few of them sample by sample.

The time from where a stretch of `span_m` begins to where it ends is lowest with one end on a sample: all samples are
tried as starts, and all as ends. A block of sixteen samples cannot hold the fastest start if even its runner at the
highest speed of the whole run would come too late: with the time `f` of the stretch that begins at the block's first
sample, no stretch that begins within the block takes less than f - seconds + metres / highest speed, seconds and metres
being those of the block. What a block cannot hold is never computed. The answer is that of trying all, to the bit.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from paceport.channels import steps_of
from paceport.training.metrics.stretches import BestEffort

if TYPE_CHECKING:
    import numpy.typing as npt

    from paceport.streams import Channel

    Places = npt.NDArray[np.intp]

_BLOCK = 16  # samples
_WITHIN_S = 1e-6  # what rounding may make of a bound


def fastest_stretches(time_s: Channel, distance_m: Channel, spans_m: Sequence[float]) -> list[BestEffort]:
    """The fastest stretch of each span that fits into the run, in the order of `spans_m`.

    `time_s` strictly increasing, `distance_m` never falling, both at least one; nothing fits into a single sample. The
    first of equal ones; one that starts on a sample before one that ends there.
    """
    total_m = float(distance_m[-1] - distance_m[0])
    fitting = [span_m for span_m in spans_m if 0 < span_m <= total_m]
    return _Search(time_s, distance_m, np.array(fitting, dtype=np.float64)).fastest() if fitting else []


class _Search:
    """One run, searched for all spans at once: calls of numpy cost more than the samples that they look at."""

    def __init__(self, time_s: Channel, distance_m: Channel, spans_m: Channel) -> None:
        self._time_s, self._distance_m, self._spans_m = time_s, distance_m, spans_m
        # Where the runner stands, many times share one distance, and np.interp answers with the last of them. That is
        # right for a start. For an end we need the first: the same look-up on the mirrored run.
        self._mirrored_time_s = time_s[::-1].copy()
        self._mirrored_distance_m = -distance_m[::-1]

    def fastest(self) -> list[BestEffort]:
        """The fastest stretch of each span."""
        spans, blocks = self._blocks_that_may_hold_it()
        from_s, starts = self._from_samples(spans, blocks)
        to_s, ends, until = self._to_samples(spans, blocks)
        # Where those of each span begin: of its blocks, and of its ends.
        first_blocks = spans.searchsorted(np.arange(len(self._spans_m) + 1))
        first_ends = until.take(first_blocks).tolist()
        first_starts = (_BLOCK * first_blocks).tolist()
        found = []
        for span, span_m in enumerate(self._spans_m.tolist()):
            start = first_starts[span] + int(from_s[first_starts[span] : first_starts[span + 1]].argmin())
            end = first_ends[span] + int(to_s[first_ends[span] : first_ends[span + 1]].argmin())
            from_start_s, to_end_s = float(from_s[start]), float(to_s[end])
            if from_start_s <= to_end_s:
                found.append(self._starting_at(span_m, from_start_s, starts[start]))
            else:
                found.append(self._ending_at(span_m, to_end_s, ends[end]))
        return found

    def _blocks_that_may_hold_it(self) -> tuple[Places, Places]:
        """For each span, in order, the blocks whose starts may be the fastest: pairs of (span, block)."""
        time_s, distance_m = self._time_s, self._distance_m
        edges = np.append(np.arange(0, len(time_s) - 1, _BLOCK), len(time_s) - 1)
        edge_s, edge_m = time_s[edges], distance_m[edges]
        ends_m = edge_m[:-1] + self._spans_m[:, np.newaxis]
        reached_s = self._reached_s(ends_m)
        # What begins at the first metre fits into the run, whatever rounding says.
        is_too_late = (ends_m > distance_m[-1]) & (edge_m[:-1] > distance_m[0])
        reached_s[is_too_late] = np.inf
        fastest_mps = (steps_of(distance_m) / steps_of(time_s)).max()
        least_s = reached_s + (steps_of(edge_m) / fastest_mps - edge_s[1:])
        found_s = (reached_s - edge_s[:-1]).min(axis=1, keepdims=True)
        spans, blocks = np.nonzero(least_s <= found_s + _WITHIN_S)
        return spans, blocks

    def _from_samples(self, spans: Places, blocks: Places) -> tuple[Channel, Places]:
        """The time from each sample of these blocks, and the samples; inf where the run ends before."""
        samples = (blocks[:, np.newaxis] * _BLOCK + np.arange(_BLOCK)).ravel()
        np.minimum(samples, len(self._time_s) - 1, out=samples)
        starts_m = self._distance_m.take(samples)
        ends_m = starts_m + self._spans_m.take(spans).repeat(_BLOCK)
        seconds = self._reached_s(ends_m)
        seconds -= self._time_s.take(samples)
        seconds[(ends_m > self._distance_m[-1]) & (starts_m > self._distance_m[0])] = np.inf
        return seconds, samples

    def _to_samples(self, spans: Places, blocks: Places) -> tuple[Channel, Places, Places]:
        """The time to each sample that a stretch from within these blocks ends at, inf where the run begins later.

        Also the samples, and how many there are before each block and after the last.
        """
        distance_m, last = self._distance_m, len(self._time_s) - 1
        span_m = self._spans_m.take(spans)
        begin_m, end_m = (distance_m.take(np.minimum(each * _BLOCK, last)) + span_m for each in (blocks, blocks + 1))
        # One more at both sides: a sum of two may round to another side than their difference.
        begins = np.maximum(distance_m.searchsorted(begin_m) - 1, 0)
        counts = np.minimum(distance_m.searchsorted(end_m) + 1, last + 1) - begins
        until = np.zeros(len(counts) + 1, dtype=np.intp)
        counts.cumsum(out=until[1:])
        samples = np.arange(until[-1])
        samples += (begins - until[:-1]).repeat(counts)
        starts_m = distance_m.take(samples)
        starts_m -= span_m.repeat(counts)
        seconds = self._time_s.take(samples)
        seconds -= np.interp(starts_m, distance_m, self._time_s)
        seconds[starts_m < distance_m[0]] = np.inf  # the whole run starts on a sample
        return seconds, samples, until

    def _reached_s(self, at_m: Channel) -> Channel:
        """When each distance was first reached; one past the end, as rounding may make it, with the last metre."""
        at_m = np.minimum(at_m, self._distance_m[-1])
        return np.interp(-at_m, self._mirrored_distance_m, self._mirrored_time_s)

    def _starting_at(self, span_m: float, elapsed_s: float, sample: np.intp) -> BestEffort:
        return _effort(span_m, elapsed_s, float(self._time_s[sample]), float(self._distance_m[sample]))

    def _ending_at(self, span_m: float, elapsed_s: float, sample: np.intp) -> BestEffort:
        return _effort(
            span_m, elapsed_s, float(self._time_s[sample]) - elapsed_s, float(self._distance_m[sample]) - span_m
        )


def _effort(span_m: float, elapsed_s: float, start_s: float, start_m: float) -> BestEffort:
    return BestEffort(
        span_m=span_m, elapsed_time_s=elapsed_s, start_s=start_s, end_s=start_s + elapsed_s, start_m=start_m
    )
