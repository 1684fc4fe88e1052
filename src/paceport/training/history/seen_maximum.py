"""The maximum heart rate that the runs of a logbook show, for now and for each calendar year."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from paceport.lazy_dataclass import dataclass
from paceport.training.metrics.athlete import SeasonHeartRate
from paceport.training.metrics.heart_rate_zones import default_zones_bpm
from paceport.training.metrics.maximum_heart_rate import RunHeartRate, maximum_heart_rate, season_maxima

if TYPE_CHECKING:
    from paceport.logbook.database.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenMaximum:
    """The maximum, in whole beats; None where too few runs have a heart rate. `label` says where it is from.

    `seasons` are the years with another one. `doubts` are clauses on why it is probably too low.
    """

    bpm: float | None = None
    label: str = ""
    seasons: tuple[SeasonHeartRate, ...] = ()
    doubts: tuple[str, ...] = ()


def seen_maximum(store: Store, *, own_only: bool) -> SeenMaximum:
    """What the runs show up to the newest that has a heart rate; runs dated in the future show nothing."""
    tomorrow = store.cached.clock.now().date() + timedelta(days=1)  # where a run was, it may be that day already
    runs = [
        run
        for day, minute_bpm, mean_bpm in store.run_rows.hardest_minutes(own_only=own_only)
        if (run := RunHeartRate(day=date.fromisoformat(day), best_minute_bpm=minute_bpm, mean_bpm=mean_bpm)).day
        <= tomorrow
    ]
    # As of the newest run and not of today: the loads that are kept must not change while nothing was run.
    last = max((run.day for run in runs), default=None)
    found = None if last is None else maximum_heart_rate(runs, today=last)
    if last is None or found is None:
        return SeenMaximum()
    bpm = float(round(found.bpm))
    label = f"the third highest minute of {found.runs:,} runs in two years"
    if found.doubts:
        label += f"; probably too low: {', and '.join(found.doubts)}"
    seasons = tuple(
        SeasonHeartRate(year, float(round(year_bpm)), default_zones_bpm(round(year_bpm)))
        for year, year_bpm in season_maxima(runs, last=last).items()
        if round(year_bpm) != bpm
    )
    return SeenMaximum(bpm=bpm, label=label, seasons=seasons, doubts=found.doubts)
