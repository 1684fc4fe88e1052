"""On how many of the runs an answer rests, and why the others are left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol, TypeVar

from paceport.lazy_dataclass import dataclass

if TYPE_CHECKING:
    from paceport.training.history.history import History
    from paceport.training.history.run import Run
    from paceport.training.metrics.personal_records import Attempt

_Counted = TypeVar("_Counted")


class HasTrack(Protocol):
    """What is counted of a run."""

    @property
    def id(self) -> int:
        """Its id."""

    @property
    def has_track(self) -> bool:
        """Whether samples are there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """So many runs are left out, and why: words that follow "runs"."""

    why: str
    runs: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """The answer rests on `measured` of `runs` runs; `left_out` says why not on the others, the most first."""

    runs: int
    measured: int
    left_out: tuple[LeftOut, ...]

    def text(self, which: str = "", *, one: str = "run", several: str = "runs") -> str:
        """As a person reads it: `38 of 1,380 runs (left out: 1,342 without a track)`; `which` follows "runs"."""
        text = f"{self.measured:,} of {self.runs:,} {one if self.runs == 1 else several}{which}"
        if not self.left_out:
            return text
        return f"{text} (left out: {', '.join(f'{one.runs:,} {one.why}' for one in self.left_out)})"


def coverage(runs: Iterable[_Counted], why_not: Callable[[_Counted], str | None]) -> Coverage:
    """Count the runs that an answer rests on: those for which `why_not` is None."""
    reasons = [why_not(run) for run in runs]
    counts = Counter(reason for reason in reasons if reason is not None)
    return Coverage(
        runs=len(reasons),
        measured=len(reasons) - counts.total(),
        left_out=tuple(LeftOut(why=why, runs=count) for why, count in counts.most_common()),
    )


def records_coverage(history: History) -> Coverage:
    """The runs whose best efforts were measured and may count as records."""
    return effort_coverage(history.runs, _doubts(history.attempts))


def effort_coverage(runs: Iterable[HasTrack], efforts: Iterable[tuple[int, str | None]]) -> Coverage:
    """The runs of which some effort counts; `efforts` are runs, and why an effort of theirs does not."""
    return coverage(runs, _why_no_effort(efforts))


def predictions_coverage(history: History) -> Coverage:
    """Of the runs that predictions look at, those of the last days, the ones whose best efforts were measured."""
    from paceport.training.history.predictions import WINDOW_DAYS

    today = history.today
    first = today - timedelta(days=WINDOW_DAYS - 1)
    recent = [run for run in history.runs if first <= run.day <= today]
    return coverage(recent, _why_no_effort(_doubts(history.attempts)))


def _doubts(attempts: Iterable[Attempt]) -> Iterable[tuple[int, str | None]]:
    return ((one.run_id, one.excluded_because) for one in attempts)


def _why_no_effort(efforts: Iterable[tuple[int, str | None]]) -> Callable[[HasTrack], str | None]:
    doubts = dict[int, str | None]()
    for run_id, doubt in efforts:
        if doubt is None or run_id not in doubts:
            doubts[run_id] = doubt

    def why_not(run: HasTrack) -> str | None:
        if run.id in doubts:
            doubt = doubts[run.id]
            if doubt is None:
                return None
            # A reason with the figures of one run is no kind of its own.
            return "doubtful" if any(letter.isdigit() for letter in doubt) else f"not counted ({doubt})"
        return "without a track" if not run.has_track else "without a measured stretch of 400 m"

    return why_not


def zones_coverage(runs: Iterable[Run]) -> Coverage:
    """The runs whose time in zones is known."""
    return coverage(runs, lambda run: None if run.time_in_zones_s else _why_no_heart_rate(run))


def load_coverage(runs: Iterable[Run]) -> Coverage:
    """The runs whose training load is known."""
    return coverage(runs, lambda run: None if run.load is not None else _why_no_load(run))


def _why_no_load(run: Run) -> str:
    if run.heartrate_coverage_ratio > 0 and run.trimp is None:
        return "while your maximum heart rate is not known"
    if not run.moving_time_s and not run.elapsed_time_s:
        return "without a time"
    return "without a heart rate, and too few like them that have one"


def _why_no_heart_rate(run: Run) -> str:
    if run.heartrate_coverage_ratio > 0:
        return "while your maximum heart rate is not known"
    return "without a heart rate" if run.heartrate_bpm is None else "with an average heart rate alone"


def volume_coverage(runs: Iterable[Run]) -> Coverage:
    """The runs whose distance is known."""
    return coverage(runs, lambda run: None if run.distance_m is not None else "without a distance")


def pace_coverage(runs: Iterable[Run], *, is_adjusted: bool = False) -> Coverage:
    """The runs that a pace trend rests on, as run or grade-adjusted."""
    from paceport.training.history.progress import shortest_for_pace_m

    def why_not(run: Run) -> str | None:
        if run.speed_mps is None or run.distance_m is None:
            return "without a distance or a moving time"
        if run.distance_m < shortest_for_pace_m(run.sport):
            return "shorter than 200 m" if run.sport == "Swim" else "shorter than 2 km"
        return "without a grade-adjusted pace" if is_adjusted and run.adjusted_speed_mps is None else None

    return coverage(runs, why_not)


def routes_coverage(history: History) -> Coverage:
    """The runs whose tracks are compared; needs a history read `with_routes`."""

    def why_not(run: Run) -> str | None:
        if run.is_indoor:
            return "indoors"
        return "without positions" if run.polyline is None else None

    return coverage(history.runs, why_not)
