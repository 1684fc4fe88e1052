"""What every analysis command begins with: the logbook opened, what is missing computed, the history read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

import click

from paceport.cli.compute_missing import compute_missing
from paceport.cli.invocation import Invocation
from paceport.cli.output import Output
from paceport.errors import PaceportError
from paceport.profile.profile import Profile
from paceport.storage.access import is_there
from paceport.units import Units, choose_units

if TYPE_CHECKING:
    from paceport.logbook.database.store import Store
    from paceport.training.history.history import History

_MOST_NAMED = 5

Command = TypeVar("Command", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True, kw_only=True)
class HistorySession:
    """The open store, the history read from it, and how lengths are to be written."""

    store: Store
    history: History
    units: Units
    output: Output


def shared_options(command: Command) -> Command:
    """The options that all of them take: `--own-only`, `--units`, `--json`."""
    for option in (
        click.option("--json", "as_json", is_flag=True, help="The same as JSON; metres, seconds, m/s."),
        click.option("--units", "units", type=click.Choice(["km", "mi"]), help="Kilometres or miles."),
        click.option("--own-only", is_flag=True, help="Use only your own data, nothing from the API."),
    ):
        command = option(command)
    return command


@contextmanager
def open_history(
    invocation: Invocation,
    *,
    own_only: bool,
    units: str | None = None,
    with_routes: bool = False,
    with_efforts: bool = False,
    with_later: bool = False,
) -> Iterator[HistorySession]:
    """Open the profile's logbook, derive what is missing, read the history. An error where there are no runs.

    Runs that are dated in the future are named and left out, unless `with_later`.
    """
    profile = invocation.profile()
    if not is_there(profile.data / "own.db") and not is_there(profile.cache / "cache.db"):
        raise _empty(profile)
    with profile.logbook() as store:
        from paceport.profile.athlete_facts import facts_from_settings
        from paceport.training.history.history import read_history

        given = facts_from_settings(profile.settings.athlete)
        compute_missing(invocation, store)
        history = read_history(
            store,
            now=invocation.clock.now(),
            given=given,
            timezone=profile.settings.timezone,
            own_only=own_only,
            not_records=profile.settings.athlete.not_records,
            with_routes=with_routes,
            with_efforts=with_efforts,
        )
        if not with_later:
            history = _up_to_today(invocation, history)
        if not history.runs:
            raise _empty(profile, own_only=own_only, others=store.run_rows.sports(own_only=own_only))
        is_in_miles = history.facts.prefers_miles
        chosen = choose_units(profile.settings.units, invocation.environ, flag=units, prefers_miles=is_in_miles)
        yield HistorySession(store=store, history=history, units=chosen, output=invocation.output)


def _up_to_today(invocation: Invocation, history: History) -> History:
    past, later = history.split_by_today()
    for run in later[:_MOST_NAMED]:
        invocation.output.warn(
            f"run {run.id} is dated {run.day}, in the future, and is left out: a clock was wrong when it was recorded, "
            "or is wrong here"
        )
    if len(later) > _MOST_NAMED:
        invocation.output.warn(f"{len(later) - _MOST_NAMED} more runs are dated in the future and are left out")
    if later and not past.runs:
        raise PaceportError(
            what="Every run in the logbook is dated in the future",
            why="a clock was wrong when they were recorded, or is wrong here",
            fix=f"check the date of this machine; the runs are listed by: {invocation.profile().command('runs')}",
        )
    return past


def say_cache_share(opened: HistorySession) -> None:
    """How much of the answer comes from the API, and until when it may be kept."""
    share = opened.history.cache_share()
    if share.runs and share.first_expiry is not None and share.last_expiry is not None:
        first, last = _moment(share.first_expiry), _moment(share.last_expiry)
        until = f"on {first}" if first == last else f"between {first} and {last}"
        opened.output.say(
            f"{share.runs:,} of {len(opened.history.runs):,} runs come from Strava's API and expire {until}. "
            "Your own export keeps them: paceport import export.zip"
        )


def cache_share_as_json(history: History) -> dict[str, object]:
    """The same for programs."""
    share = history.cache_share()
    return {"runs": share.runs, "first_expiry": share.first_expiry, "last_expiry": share.last_expiry}


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def _empty(profile: Profile, *, own_only: bool = False, others: dict[str, int] | None = None) -> PaceportError:
    if others:
        counts = ", ".join(f"{count:,} {sport}" for sport, count in others.items())
        return PaceportError(
            what="The logbook has activities, but no runs",
            why=f"it has: {counts}. If a file does not name its sport, the sport is guessed from its speeds",
            fix=f"if they are runs, import their files again with: {profile.command('import --sport Run FILE')}",
        )
    fix = f"{profile.command('import export.zip')} (your bulk export, no API), or: {profile.command('sync')}"
    if own_only:
        return PaceportError(
            what="The logbook has no runs of your own",
            why="--own-only leaves out data from the API",
            fix=fix,
        )
    return PaceportError(what="The logbook has no runs yet", why="nothing has been imported or synced yet", fix=fix)
