"""The load of every activity on one scale, each with its source named. No arrays here."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from datetime import date

from paceport.lazy_dataclass import dataclass
from paceport.sports import sport_group
from paceport.training.metrics.averages import median
from paceport.training.metrics.load_source import SOURCES, LoadChoice, LoadSource, ThresholdSource

LEAST_IN_COMMON = 10
_HARDEST_RPE = 10.0
# A source further up in `SOURCES` is chosen unless it leaves out much more than another would.
_ENOUGH_OF_THE_MOST = 0.8
# What may be chosen without being asked for: a session RPE is on a scale of its own.
_AUTOMATIC: tuple[LoadSource, ...] = ("trimp", "power-stress", "work", "pace-stress", "session-rpe")


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityLoads:
    """One activity of any sport, and its load by each source that it has one from, each on the source's own scale.

    `work` is in kJ; the others have no unit. `minutes` are those of moving time, None where they are not known.
    """

    activity_id: int
    day: date
    sport: str
    by_source: Mapping[LoadSource, float] = field(default_factory=dict)
    minutes: float | None = None


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
    """All loads on one scale by day, the ratios that made them, and the activities that have none.

    `per_minute` is, by kind of sport, the load of a minute by which activities are estimated that say no more.
    """

    chosen: LoadSource
    loads: tuple[Load, ...]
    ratios: dict[LoadSource, SourceRatio]
    left_out: tuple[int, ...]
    per_minute: dict[str, SourceRatio] = field(default_factory=dict)

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


def loads_on_one_scale(activities: Iterable[ActivityLoads], *, chosen: LoadChoice = "trimp") -> Loads:
    """The load of each activity by the chosen source, else by the best other source brought to its scale.

    The ratio of two sources is the median over the athlete's own activities that have both, at least ten; without them
    that source stays out. An activity that has no other is given the median load of a minute in its kind of sport, from
    at least ten that have a load; without these it stays out. "auto" is `choose_source`. Source:
    docs/metrics.md#activity-load.
    """
    known = sorted(activities, key=lambda one: (one.day, one.activity_id))
    scale = choose_source(known) if chosen == "auto" else chosen
    ratios = _ratios(known, scale)
    found = {one.activity_id: load for one in known if (load := _load(one, scale, ratios)) is not None}
    per_minute = _per_minute(known, found)
    for one in known:
        if one.activity_id not in found and (estimate := _by_duration(one, per_minute)) is not None:
            found[one.activity_id] = estimate
    return Loads(
        chosen=scale,
        loads=tuple(found[one.activity_id] for one in known if one.activity_id in found),
        ratios=ratios,
        left_out=tuple(one.activity_id for one in known if one.activity_id not in found),
        per_minute=per_minute,
    )


def choose_source(activities: Sequence[ActivityLoads]) -> LoadSource:
    """The source for "auto": heart rate, else power, pace or exertion, the first that leaves out little.

    Little: it gives a load to at least 0.8 times as many activities as the source that gives one to the most.
    """
    counts = {source: _brought_to(activities, source) for source in _AUTOMATIC}
    most = max(counts.values())
    return next((source for source, count in counts.items() if count and count >= _ENOUGH_OF_THE_MOST * most), "trimp")


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


def _ratios(activities: Sequence[ActivityLoads], chosen: LoadSource) -> dict[LoadSource, SourceRatio]:
    return {
        source: ratio
        for source in SOURCES
        if source != chosen and (ratio := _ratio(activities, source, chosen)) is not None
    }


def _ratio(activities: Sequence[ActivityLoads], source: LoadSource, chosen: LoadSource) -> SourceRatio | None:
    pairs = [
        (_value(one, chosen), _value(one, source))
        for one in activities
        if source in one.by_source and chosen in one.by_source
    ]
    ratios = [wanted / other for wanted, other in pairs if wanted and other]
    return SourceRatio(ratio=median(ratios), activities=len(ratios)) if len(ratios) >= LEAST_IN_COMMON else None


def _brought_to(activities: Sequence[ActivityLoads], chosen: LoadSource) -> int:
    """How many activities have that source, or one that can be brought to its scale."""
    if not any(_value(one, chosen) is not None for one in activities):
        return 0
    usable = {chosen, *_ratios(activities, chosen)}
    return sum(any(_value(one, source) is not None for source in usable) for one in activities)


def _load(activity: ActivityLoads, chosen: LoadSource, ratios: Mapping[LoadSource, SourceRatio]) -> Load | None:
    for source in (chosen, *ratios):
        value = _value(activity, source)
        if value is not None:
            return _on_the_scale(activity, value, source, 1.0 if source == chosen else ratios[source].ratio)
    return None


def _per_minute(activities: Sequence[ActivityLoads], loads: Mapping[int, Load]) -> dict[str, SourceRatio]:
    """The median load of a minute in each kind of sport that has at least ten loads."""
    rates: dict[str, list[float]] = {}
    for one in activities:
        load, minutes = loads.get(one.activity_id), _minutes(one)
        if load is not None and minutes is not None:
            rates.setdefault(sport_group(one.sport), []).append(load.load / minutes)
    return {
        kind: SourceRatio(ratio=median(each), activities=len(each))
        for kind, each in rates.items()
        if len(each) >= LEAST_IN_COMMON
    }


def _by_duration(activity: ActivityLoads, per_minute: Mapping[str, SourceRatio]) -> Load | None:
    minutes, rate = _minutes(activity), per_minute.get(sport_group(activity.sport))
    return None if minutes is None or rate is None else _on_the_scale(activity, minutes, "duration", rate.ratio)


def _minutes(activity: ActivityLoads) -> float | None:
    minutes = activity.minutes
    return minutes if minutes is not None and 0 < minutes < math.inf else None


def _on_the_scale(activity: ActivityLoads, value: float, source: LoadSource, ratio: float) -> Load:
    return Load(
        activity_id=activity.activity_id,
        day=activity.day,
        sport=activity.sport,
        load=value * ratio,
        source=source,
        ratio=ratio,
    )
