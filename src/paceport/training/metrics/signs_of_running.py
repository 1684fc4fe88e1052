"""What vouches for an unusually fast run: a race, its heart rate or its cadence. No arrays here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from paceport.training.metrics.race_detection import standard_distance_m
from paceport.training.metrics.race_words import race_word

_FEWEST_KNOWN = 10
_HEARTRATE_RANK, _CADENCE_RANK = 0.75, 0.5


class RunSigns(NamedTuple):
    """What is known of one run: metres, beats and steps per minute as means. None is "not known"."""

    run_id: int
    title: str
    distance_m: float | None
    heartrate_bpm: float | None
    cadence_spm: float | None


def without_signs(runs: Iterable[RunSigns]) -> frozenset[int]:
    """The ids of the runs for whose speed nothing vouches, should it be unusual.

    A race does, by a word of its title or a standard distance; so does a heart rate among the highest quarter of all
    runs, and a cadence among the higher half: whoever is faster than ever has both, and who rolls has neither. Fewer
    than ten runs with a value say nothing of what is usual, and then any value vouches.
    Source: docs/metrics.md#doubtful-efforts.
    """
    all_runs = list(runs)
    high_bpm = _usual([run.heartrate_bpm for run in all_runs], _HEARTRATE_RANK)
    high_spm = _usual([run.cadence_spm for run in all_runs], _CADENCE_RANK)
    return frozenset(
        run.run_id
        for run in all_runs
        if not (run.heartrate_bpm is not None and run.heartrate_bpm >= high_bpm)
        and not (run.cadence_spm is not None and run.cadence_spm >= high_spm)
        and race_word(run.title) is None
        and (run.distance_m is None or run.distance_m <= 0 or standard_distance_m(run.distance_m) is None)
    )


def _usual(values: Sequence[float | None], rank: float) -> float:
    """The value that this share of the known ones does not reach; 0 where too few are known."""
    known = sorted(value for value in values if value is not None)
    return known[int(rank * (len(known) - 1))] if len(known) >= _FEWEST_KNOWN else 0.0
