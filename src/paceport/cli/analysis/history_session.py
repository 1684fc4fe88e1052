"""What every analysis command begins with: the logbook opened, what is missing computed, the history read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import click

from paceport.cli.analysis.sport_choice import group_word, no_runs, only_group
from paceport.cli.compute_missing import compute_missing
from paceport.cli.invocation import Invocation
from paceport.cli.output import Output
from paceport.errors import PaceportError
from paceport.lazy_dataclass import dataclass
from paceport.profile.profile import Profile
from paceport.storage.access import is_there
from paceport.training.history.sport_choice import chosen_sports
from paceport.training.history.sport_figures import counted_sports
from paceport.units import Units, choose_units

if TYPE_CHECKING:
    from paceport.logbook.database.store import Store
    from paceport.training.history.cache_share import CacheShare
    from paceport.training.history.coverage import Coverage
    from paceport.training.history.history import History

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

    def noun(self, count: int = 2) -> str:
        """What the activities are called that the command tells of."""
        from paceport.training.history.sport_figures import noun

        return noun(self.history.sports, count)


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
    sport: str | None = None,
    with_all_sports: bool = False,
    needs: str | None = None,
    newest: int | None = None,
) -> Iterator[HistorySession]:
    """Open the profile's logbook, derive what is missing, read the history. An error where there are no runs.

    Runs dated in the future are left out with a note, unless `with_later`. Without `sport` (`--sport`), a logbook
    of other sports alone is shown with all, or refused if the command `needs` runs (why). `newest`: so many are enough.
    """
    profile = invocation.profile()
    parts = {"with_routes": with_routes, "with_efforts": with_efforts, "with_all_sports": with_all_sports}
    with open_computed(invocation) as store:

        def read(sports: tuple[str, ...] | None) -> History:
            form_sports = profile.settings.athlete.form_sports if sport is None else sports or ()
            choices = {"own_only": own_only, "sports": sports, "form_sports": form_sports, "newest": newest}
            history = _read(invocation, store, **choices, **parts)
            return history if with_later else _up_to_today(invocation, history)

        history = read(chosen_sports(sport, lambda: store.run_rows.sports(own_only=own_only)))
        if not history.runs:
            others = store.run_rows.sports(own_only=own_only)
            if not others or sport is not None:
                raise empty_logbook(profile, own_only=own_only, sport=sport, others=others)
            if needs is not None:
                raise no_runs(profile, others, needs=needs)
            invocation.output.say(_no_runs_note(profile, others))
            history = read(only_group(others))
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


def _read(invocation: Invocation, store: Store, **choices: Any) -> History:
    """The history, with the settings of the profile; the choices are those of `read_history`."""
    from paceport.profile.athlete_facts import facts_from_settings
    from paceport.training.history.history import read_history

    settings = invocation.profile().settings
    return read_history(
        store,
        now=invocation.clock.now(),
        given=facts_from_settings(settings.athlete),
        timezone=settings.timezone,
        not_records=settings.athlete.not_records,
        **choices,
    )


def _no_runs_note(profile: Profile, others: dict[str, int]) -> str:
    note = f"The logbook has no runs. It holds {counted_sports(others)}, which are shown"
    if only_group(others) is not None:
        return f"{note}."
    return f"{note}; one sport alone: {profile.command(f'runs --sport {group_word(others)}')}"


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
    say_share(opened.output, opened.history.cache_share(), runs=len(opened.history.runs), what=opened.noun())


def say_share(output: Output, share: CacheShare, *, runs: int, what: str = "runs") -> None:
    """The same for a share that is known, of so many runs."""
    if share.runs and share.first_expiry is not None and share.last_expiry is not None:
        first, last = _moment(share.first_expiry), _moment(share.last_expiry)
        until = f"on {first}" if first == last else f"between {first} and {last}"
        output.say(
            f"{share.runs:,} of {runs:,} {what} come from Strava's API and expire {until}. "
            "Your own export keeps them: paceport import export.zip"
        )


def coverage_text(opened: HistorySession, covered: Coverage, which: str = "") -> str:
    """A coverage in words, with what the activities are called."""
    return covered.text(which, one=opened.noun(1), several=opened.noun())


def cache_share_as_json(history: History) -> dict[str, object]:
    """The same for programs."""
    return share_as_json(history.cache_share())


def share_as_json(share: CacheShare) -> dict[str, object]:
    """The same for a share that is known."""
    return {"runs": share.runs, "first_expiry": share.first_expiry, "last_expiry": share.last_expiry}


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def empty_logbook(
    profile: Profile, *, own_only: bool = False, sport: str | None = None, others: Mapping[str, int] | None = None
) -> PaceportError:
    if others:
        return PaceportError(
            what=f"The logbook has no activity of the sport {(sport or '')[:40]!r}",
            why=f"it holds {counted_sports(others)}",
            fix=f"all of them: {profile.command('runs --sport all')}",
        )
    fix = f"{profile.command('import export.zip')} (your bulk export, no API), or: {profile.command('sync')}"
    if own_only:
        return PaceportError(
            what="The logbook has no runs of your own",
            why="--own-only leaves out data from the API",
            fix=fix,
        )
    return PaceportError(what="The logbook has no runs yet", why="nothing has been imported or synced yet", fix=fix)
