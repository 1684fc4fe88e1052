"""Pace by gradient over one run or many. No arrays here."""

from __future__ import annotations

from collections.abc import Iterable

from paceport.lazy_dataclass import dataclass

BIN_PERCENT = 2
_LEAST_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeBin:
    """What was run at grades round `grade_percent`, from 1 % below to 1 % above.

    `heart_beats` are counted over the `heart_s` seconds with a known heart rate.
    """

    grade_percent: int
    distance_m: float
    moving_time_s: float
    heart_beats: float = 0.0
    heart_s: float = 0.0

    @property
    def speed_mps(self) -> float:
        """Metres over moving seconds; not adjusted for the grade."""
        return self.distance_m / self.moving_time_s

    @property
    def heartrate_bpm(self) -> float | None:
        """Mean heart rate; None where it is not known."""
        return 60.0 * self.heart_beats / self.heart_s if self.heart_s > 0 else None


def add_grade_bins(bins: Iterable[GradeBin], *, least_s: float = _LEAST_S) -> list[GradeBin]:
    """The bins of many runs put together, downhill first; those with less than a minute are left out.

    Source: docs/metrics.md#pace-by-grade.
    """
    together: dict[int, GradeBin] = {}
    for one in bins:
        before = together.get(one.grade_percent)
        together[one.grade_percent] = one if before is None else _sum(before, one)
    return [together[grade] for grade in sorted(together) if together[grade].moving_time_s >= least_s]


def _sum(one: GradeBin, other: GradeBin) -> GradeBin:
    return GradeBin(
        grade_percent=one.grade_percent,
        distance_m=one.distance_m + other.distance_m,
        moving_time_s=one.moving_time_s + other.moving_time_s,
        heart_beats=one.heart_beats + other.heart_beats,
        heart_s=one.heart_s + other.heart_s,
    )
