"""The runs of a profile's logbook and its activities at Strava, as lists of values."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from paceport.api.client.time_bounds import TimeBound, read_bound
from paceport.api.models.activity import SummaryActivity
from paceport.lazy_dataclass import dataclass
from paceport.profile.athlete_facts import facts_from_settings
from paceport.profile.known_total import known_total
from paceport.profile.listing import Listing
from paceport.storage.access import is_there
from paceport.training.history.run import Run

if TYPE_CHECKING:
    from paceport.api.client.client import Client
    from paceport.clock import Clock
    from paceport.logbook.database.store import Store
    from paceport.profile.settings import Settings

_RUN_COLUMNS = (
    *("local_start", "name", "distance_m", "moving_time_s", "speed_mps", "heartrate_bpm", "elevation_gain_m", "id"),
)
_ACTIVITY_COLUMNS = ("start_local", "sport", "name", "distance_m", "moving_time_s", "average_heartrate_bpm", "id")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileLogbook:
    """A profile's logbook: where its own and its cached part rest, how it is opened, and what it is read with."""

    data: Path
    cache: Path
    open: Callable[[], Store]
    settings: Settings
    clock: Clock
    warn: Callable[[str], None]


def read_runs(
    logbook: ProfileLogbook, *, after: TimeBound, before: TimeBound, own_only: bool, sport: str | None = None
) -> Listing[Run]:
    """The runs of the logbook, newest first, after what is missing has been computed. The network is not asked.

    `sport` is "all", a kind such as "ride", or Strava's word for a sport. Raises UsageError for a bound that is no
    date and for a sport that nobody knows, MissingExtra, and StoreErrors. An empty logbook has no runs.
    """
    first, last = read_bound(after), read_bound(before)
    found: tuple[Run, ...] = ()
    if is_there(logbook.data / "own.db") or is_there(logbook.cache / "cache.db"):
        found = _computed_runs(logbook, own_only=own_only, sport=sport)
    rows = (run for run in reversed(found) if _is_from(run, first) and (last is None or not _is_from(run, last)))
    return Listing(rows, noun="runs", columns=_RUN_COLUMNS)


def read_activities(
    logbook: ProfileLogbook,
    open_client: Callable[[], AbstractContextManager[Client]],
    *,
    after: TimeBound,
    before: TimeBound,
    limit: int | None,
) -> Listing[SummaryActivity]:
    """The activities at Strava, newest first. Raises what `Client.activities` raises."""
    with open_client() as client:
        rows = client.activities(
            after=after,
            before=before,
            limit=limit,
            known_total=known_total(logbook.cache, logbook.open) if after is None and before is None else None,
        )
        return Listing(rows, noun="activities", columns=_ACTIVITY_COLUMNS)


def _computed_runs(logbook: ProfileLogbook, *, own_only: bool, sport: str | None) -> tuple[Run, ...]:
    from paceport.training.compute import compute_results
    from paceport.training.history.history import read_history
    from paceport.training.history.sport_choice import chosen_sports

    facts = facts_from_settings(logbook.settings.athlete)
    with logbook.open() as store:
        bad = store.run_rows.bad_rows()
        computed = compute_results(store, given=facts, not_records=logbook.settings.athlete.not_records)
        if bad or computed.unreadable:
            logbook.warn(
                f"{len(bad) + len(computed.unreadable):,} activities cannot be read in full; `paceport runs` names them"
            )
        return read_history(
            store,
            now=logbook.clock.now(),
            given=facts,
            timezone=logbook.settings.timezone,
            own_only=own_only,
            with_routes=True,
            sports=chosen_sports(sport, lambda: store.run_rows.sports(own_only=own_only)),
        ).runs


def _is_from(run: Run, bound: date | datetime | None) -> bool:
    """Whether a run began at or after a bound: a moment, or a day where the run was."""
    if bound is None:
        return True
    return run.start >= bound if isinstance(bound, datetime) else run.day >= bound
