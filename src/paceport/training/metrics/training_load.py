"""The load of every activity on one scale, each with its source named. No arrays here."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from statistics import median
from typing import Literal

LoadSource = Literal[
    "trimp", "edwards-trimp", "heart-rate-stress", "power-stress", "work", "pace-stress", "session-rpe"
]
ThresholdSource = Literal["your settings", "critical speed", "best hour"]
# Heart rate before power before pace before perceived exertion: what stands in for the chosen source, best first.
SOURCES: tuple[LoadSource, ...] = (
    *("trimp", "heart-rate-stress", "edwards-trimp", "power-stress", "work", "pace-stress", "session-rpe"),
)
LEAST_IN_COMMON = 10
_HARDEST_RPE = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityLoads:
    """One activity of any sport, and its load by each source that it has one from, each on the source's own scale.

    `work` is in kJ; the others have no unit.
    """

    activity_id: int
    day: date
    sport: str
    by_source: Mapping[LoadSource, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """The load of one activity on the chosen scale; `source` says where it comes from and `ratio` what it was times."""

    activity_id: int
    day: date
    sport: str
    load: float
    source: LoadSource
    ratio: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRatio:
    """How one source is brought to the chosen one: times `ratio`, the median over `activities` that have both."""

    ratio: float
    activities: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Loads:
    """All loads on one scale by day, the ratios that made them, and the activities that have none."""

    chosen: LoadSource
    loads: tuple[Load, ...]
    ratios: dict[LoadSource, SourceRatio]
    left_out: tuple[int, ...]

    @property
    def coverage_ratio(self) -> float:
        """The share of activities that have a load; 1 without activities."""
        total = len(self.loads) + len(self.left_out)
        return len(self.loads) / total if total else 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ThresholdSpeed:
    """The speed that could be held for about an hour, and how it is known."""

    speed_mps: float
    source: ThresholdSource


def loads_on_one_scale(activities: Iterable[ActivityLoads], *, chosen: LoadSource = "trimp") -> Loads:
    """The load of each activity by the chosen source, else by the best other source brought to its scale.

    The ratio of two sources is the median over the athlete's own activities that have both, at least ten; without them
    that source stays out, and so does an activity that has no other. Source: docs/metrics.md#activity-load.
    """
    known = sorted(activities, key=lambda one: (one.day, one.activity_id))
    ratios = {
        source: ratio for source in SOURCES if source != chosen and (ratio := _ratio(known, source, chosen)) is not None
    }
    loads, left_out = [], []
    for activity in known:
        load = _load(activity, chosen, ratios)
        if load is None:
            left_out.append(activity.activity_id)
        else:
            loads.append(load)
    return Loads(chosen=chosen, loads=tuple(loads), ratios=ratios, left_out=tuple(left_out))


def session_rpe_load(perceived_exertion: float, minutes: float) -> float | None:
    """Session RPE: perceived exertion (0 to 10) times minutes; None where either is out of bounds.

    Source: Foster et al., J Strength Cond Res 15:109, 2001; docs/metrics.md#session-rpe.
    """
    is_possible = 0 <= perceived_exertion <= _HARDEST_RPE and 0 < minutes < math.inf
    return perceived_exertion * minutes if is_possible else None


def threshold_speed(
    *, setting_mps: float | None, critical_mps: float | None, best_hour_mps: float | None
) -> ThresholdSpeed | None:
    """The athlete's own threshold speed, else critical speed, else the best mean speed over an hour; None without all.

    Critical speed is a few per cent above the speed of an hour, a best hour in training below it.
    """
    candidates: tuple[tuple[float | None, ThresholdSource], ...] = (
        (setting_mps, "your settings"),
        (critical_mps, "critical speed"),
        (best_hour_mps, "best hour"),
    )
    found = ((speed, source) for speed, source in candidates if speed is not None and speed > 0)
    return next((ThresholdSpeed(speed_mps=speed, source=source) for speed, source in found), None)


def _value(activity: ActivityLoads, source: LoadSource) -> float | None:
    """That load, where it is one."""
    value = activity.by_source.get(source)
    return value if value is not None and 0 <= value < math.inf else None


def _ratio(activities: Sequence[ActivityLoads], source: LoadSource, chosen: LoadSource) -> SourceRatio | None:
    pairs = [(_value(one, chosen), _value(one, source)) for one in activities]
    ratios = [wanted / other for wanted, other in pairs if wanted and other]
    return SourceRatio(ratio=median(ratios), activities=len(ratios)) if len(ratios) >= LEAST_IN_COMMON else None


def _load(activity: ActivityLoads, chosen: LoadSource, ratios: Mapping[LoadSource, SourceRatio]) -> Load | None:
    for source in (chosen, *ratios):
        value = _value(activity, source)
        if value is not None:
            ratio = 1.0 if source == chosen else ratios[source].ratio
            return Load(
                activity_id=activity.activity_id,
                day=activity.day,
                sport=activity.sport,
                load=value * ratio,
                source=source,
                ratio=ratio,
            )
    return None
