"""The maximum heart rate that the runs of a logbook show, for now and for each calendar year."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import TYPE_CHECKING

from paceport.lazy_dataclass import dataclass
from paceport.training.metrics.athlete import SeasonHeartRate
from paceport.training.metrics.heart_rate_zones import default_zones_bpm

if TYPE_CHECKING:
    from paceport.logbook.database.store import Store

# Under this key the cache keeps what own data shows, with the check that it was computed in; it may be lost any time.
SEEN_MAXIMUM = "maximum heart rate of own data"


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
    kept = _kept(store, tomorrow) if own_only or store.shows_own_data_alone() else None
    return kept or _compute(store, tomorrow, own_only=own_only)[0]


def seen_maximum_as_state(store: Store) -> str:
    """What own data shows, as text to keep under SEEN_MAXIMUM with the check that is in force or under way."""
    tomorrow = store.cached.clock.now().date() + timedelta(days=1)
    seen, last, are_all = _compute(store, tomorrow, own_only=True)
    if last is None or not are_all:
        return ""  # another day may show another
    seasons = [[one.year, one.max_bpm] for one in seen.seasons]
    token = store.check_token(is_ended=False) or store.check_token()
    return json.dumps([token, last.isoformat(), seen.bpm, seen.label, seasons, seen.doubts])


def _kept(store: Store, tomorrow: date) -> SeenMaximum | None:
    """What was kept where nothing of own data has changed since."""
    text, token = store.cached.state(SEEN_MAXIMUM), store.check_token()
    if not text or token is None:
        return None
    try:
        kept_in, last, bpm, label, seasons, doubts = json.loads(text)
        if kept_in != token or last > tomorrow.isoformat():
            return None
        return SeenMaximum(
            bpm=bpm,
            label=label,
            seasons=tuple(SeasonHeartRate(year, most, default_zones_bpm(round(most))) for year, most in seasons),
            doubts=tuple(doubts),
        )
    except (ValueError, TypeError):
        return None


def _compute(store: Store, tomorrow: date, *, own_only: bool) -> tuple[SeenMaximum, date | None, bool]:
    """What the runs show, the day of the newest with a heart rate, and whether none is dated later than tomorrow."""
    from paceport.training.metrics.maximum_heart_rate import RunHeartRate, maximum_heart_rate, season_maxima

    rows = store.run_rows.hardest_minutes(own_only=own_only)
    runs = [
        run
        for day, minute_bpm, mean_bpm in rows
        if (run := RunHeartRate(day=date.fromisoformat(day), best_minute_bpm=minute_bpm, mean_bpm=mean_bpm)).day
        <= tomorrow
    ]
    # As of the newest run and not of today: the loads that are kept must not change while nothing was run.
    last = max((run.day for run in runs), default=None)
    found = None if last is None else maximum_heart_rate(runs, today=last)
    if last is None or found is None:
        return SeenMaximum(), last, len(runs) == len(rows)
    bpm = float(round(found.bpm))
    label = f"the third highest minute of {found.runs:,} runs in two years"
    if found.doubts:
        label += f"; probably too low: {', and '.join(found.doubts)}"
    seasons = tuple(
        SeasonHeartRate(year, float(round(year_bpm)), default_zones_bpm(round(year_bpm)))
        for year, year_bpm in season_maxima(runs, last=last).items()
        if round(year_bpm) != bpm
    )
    seen = SeenMaximum(bpm=bpm, label=label, seasons=seasons, doubts=found.doubts)
    return seen, last, len(runs) == len(rows)
