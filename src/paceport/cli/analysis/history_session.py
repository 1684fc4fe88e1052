"""What every analysis command begins with: the logbook opened, what is missing computed, the history read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

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
    from paceport.training.history.history import CacheShare, History

_MOST_NAMED = 5


class RunOnDay(Protocol):
    """What is named of a run."""

    @property
    def id(self) -> int:
        """Its id."""

    @property
    def day(self) -> date:
        """The local day it began."""


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
    with open_computed(invocation) as store:
        from paceport.profile.athlete_facts import facts_from_settings
        from paceport.training.history.history import read_history

        history = read_history(
            store,
            now=invocation.clock.now(),
            given=facts_from_settings(profile.settings.athlete),
            timezone=profile.settings.timezone,
            own_only=own_only,
            not_records=profile.settings.athlete.not_records,
            with_routes=with_routes,
            with_efforts=with_efforts,
        )
        if not with_later:
            history = _up_to_today(invocation, history)
        if not history.runs:
            raise empty_logbook(profile, own_only=own_only, others=store.run_rows.sports(own_only=own_only))
        is_in_miles = history.facts.prefers_miles
        chosen = choose_units(profile.settings.units, invocation.environ, flag=units, prefers_miles=is_in_miles)
        yield HistorySession(store=store, history=history, units=chosen, output=invocation.output)


@contextmanager
def open_computed(invocation: Invocation, *, change: Callable[[Store], None] | None = None) -> Iterator[Store]:
    """Open the profile's logbook, let `change` change something, and compute what is missing then.

    An error where there is no logbook yet.
    """
    profile = invocation.profile()
    if not is_there(profile.data / "own.db") and not is_there(profile.cache / "cache.db"):
        raise empty_logbook(profile)
    with profile.logbook() as store:
        if change is not None:
            change(store)
        compute_missing(invocation, store)
        yield store


def _up_to_today(invocation: Invocation, history: History) -> History:
    past, later = history.split_by_today()
    name_later_runs(invocation, later, are_all=not past.runs)
    return past


def name_later_runs(invocation: Invocation, later: Sequence[RunOnDay], *, are_all: bool) -> None:
    """Name the runs that are dated in the future. An error where they are all there are."""
    for run in later[:_MOST_NAMED]:
        invocation.output.warn(
            f"run {run.id} is dated {run.day}, in the future, and is left out: a clock was wrong when it was recorded, "
            "or is wrong here"
        )
    if len(later) > _MOST_NAMED:
        invocation.output.warn(f"{len(later) - _MOST_NAMED} more runs are dated in the future and are left out")
    if later and are_all:
        raise PaceportError(
            what="Every run in the logbook is dated in the future",
            why="a clock was wrong when they were recorded, or is wrong here",
            fix=f"check the date of this machine; the runs are listed by: {invocation.profile().command('runs')}",
        )


def say_cache_share(opened: HistorySession) -> None:
    """How much of the answer comes from the API, and until when it may be kept."""
    say_share(opened.output, opened.history.cache_share(), runs=len(opened.history.runs))


def say_share(output: Output, share: CacheShare, *, runs: int) -> None:
    """The same for a share that is known, of so many runs."""
    if share.runs and share.first_expiry is not None and share.last_expiry is not None:
        first, last = _moment(share.first_expiry), _moment(share.last_expiry)
        until = f"on {first}" if first == last else f"between {first} and {last}"
        output.say(
            f"{share.runs:,} of {runs:,} runs come from Strava's API and expire {until}. "
            "Your own export keeps them: paceport import export.zip"
        )


def cache_share_as_json(history: History) -> dict[str, object]:
    """The same for programs."""
    return share_as_json(history.cache_share())


def share_as_json(share: CacheShare) -> dict[str, object]:
    """The same for a share that is known."""
    return {"runs": share.runs, "first_expiry": share.first_expiry, "last_expiry": share.last_expiry}


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def empty_logbook(profile: Profile, *, own_only: bool = False, others: dict[str, int] | None = None) -> PaceportError:
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
