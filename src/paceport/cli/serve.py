"""`serve`: the logbook as a web application on this machine, until Ctrl-C."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, nullcontext
from dataclasses import replace
from importlib.util import find_spec
from typing import TYPE_CHECKING

import click

from paceport.cli.compute_missing import compute_missing, name_bad_rows, say_what_is_left
from paceport.cli.ended_by_signals import ended_by_signals
from paceport.cli.invocation import Invocation, pass_invocation
from paceport.errors import MissingExtra
from paceport.lazy_dataclass import dataclass
from paceport.storage.access import is_there
from paceport.units import choose_units

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from paceport.clock import Clock
    from paceport.profile.profile import Profile
    from paceport.profile.settings import Settings
    from paceport.report.pages.map_page import FindCircles
    from paceport.training.history.shoes import ShoeLimits
    from paceport.units import Units
    from paceport.web.access import Access
    from paceport.web.account.with_profile import OpenProfile
    from paceport.web.importing.uploads import Uploads
    from paceport.web.reader import LogbookReader

DEFAULT_PORT = 8643
_DASH = "\u2013"


@click.command("serve")
@click.option("--port", type=click.IntRange(0, 65535), default=DEFAULT_PORT, show_default=True, help="0: any free one.")
@click.option("--open", "is_to_open", is_flag=True, help="Open it in the browser, if there is a screen.")
@click.option("--own-only", is_flag=True, help="Use only your own data, nothing from the API.")
@click.option("--read-only", is_flag=True, help="Let no page change anything.")
@pass_invocation
def serve_command(invocation: Invocation, *, port: int, is_to_open: bool, own_only: bool, read_only: bool) -> None:
    """Show your runs in the browser: a web application on this machine, for you alone, until Ctrl-C.

    You can set up, log in, sync and import there as well. It prints an address that lets one browser in, once. Press
    Enter for another address. It listens on 127.0.0.1, loads nothing from elsewhere, and answers no other page; it
    talks to Strava only when you ask for it.
    """
    if find_spec("starlette") is None or find_spec("uvicorn") is None or find_spec("jinja2") is None:
        raise MissingExtra(extra="web", needed_for="The web application")
    from paceport.web.access import Access
    from paceport.web.profile_switch import ProfileSwitch
    from paceport.web.running_server import bind, running_server

    options = ServeOptions(own_only=own_only, is_read_only=read_only)
    with ExitStack() as stack:
        listening = bind(port)
        stack.callback(listening.close)
        access = Access(port=listening.getsockname()[1], clock=invocation.clock)

        def choose(name: str) -> None:
            switch.choose(name)

        switch = ProfileSwitch(lambda name: _opened_app(invocation, access, options, name=name, choose=choose))
        stack.callback(switch.close)
        switch.choose(invocation.profile().name)
        try:
            with ended_by_signals(), running_server(switch, listening):
                _talk(invocation, access, is_to_open=is_to_open)
        except KeyboardInterrupt:
            # It is how a server is ended, so it is no failure.
            invocation.output.say("\nNo longer serving. The addresses and the browser's access have ended with it.")


@dataclass(frozen=True, slots=True, kw_only=True)
class ServeOptions:
    """What `serve` was told on its command line of the pages themselves."""

    own_only: bool
    is_read_only: bool


@contextmanager
def _opened_app(
    invocation: Invocation, access: Access, options: ServeOptions, *, name: str, choose: Callable[[str], None]
) -> Iterator[ASGIApp]:
    """The application for one profile, and what belongs to it. It stays this profile, whatever `use` chooses."""
    from paceport.web.app import AppOptions, build_app
    from paceport.web.saved_charts import SavedCharts
    from paceport.web.tasks import Tasks

    open_profile = _profile_opener(invocation, name)
    with ExitStack() as stack:
        profile = stack.enter_context(open_profile())
        reader = stack.enter_context(closing(_open_reader(invocation, profile, options)))
        uploads = None if options.is_read_only else stack.enter_context(closing(_open_uploads(profile)))
        tasks = stack.enter_context(closing(Tasks(clock=invocation.clock)))
        wanted = AppOptions(
            command=profile.command,
            open_profile=open_profile,
            choose_profile=choose,
            is_read_only=options.is_read_only,
            shoe_limits=_shoe_limits(profile.settings),
            saved_charts=SavedCharts(profile.data / "charts.json"),
            find_circles=_find_circles(profile),
            tile_address=profile.settings.map_tiles,
            tasks=tasks,
            uploads=uploads,
        )
        yield build_app(reader, access, wanted)


def _profile_opener(invocation: Invocation, name: str) -> OpenProfile:
    """What opens the profile of that name for one piece of work: threads share none."""
    from paceport.profile.profile import Profile

    given = invocation.profile()
    settings = replace(given.settings, profile=name)

    def open_profile(*, clock: Clock | None = None) -> Profile:
        return Profile(
            settings=settings,
            clock=clock or invocation.clock,
            open_transport=invocation.open_transport,
            warn=given.warn,
        )

    return open_profile


def _shoe_limits(settings: Settings) -> ShoeLimits:
    from paceport.training.history.shoes import ShoeLimits

    return ShoeLimits(every_km=settings.shoe_limit_km, by_name_km=settings.shoe_limits_km)


def _open_uploads(profile: Profile) -> Uploads:
    """Where files wait that are dropped on a page; what a killed server left there is removed."""
    from paceport.web.importing.uploads import Uploads

    uploads = Uploads(profile.data / "uploads", clock=profile.clock)
    uploads.remove_leftovers()
    return uploads


def _find_circles(profile: Profile) -> FindCircles:
    """What says which circles hide private places, by the settings and the secret of the profile."""
    from paceport.profile.private_places import hidden_circles

    return lambda ends: hidden_circles(profile.settings, profile.data, ends, is_picture=True)


def _open_reader(invocation: Invocation, profile: Profile, options: ServeOptions) -> LogbookReader:
    """The reader of the profile's logbook. What is missing is computed while it answers: no page waits for that."""
    from paceport.profile.athlete_facts import facts_from_settings
    from paceport.report.pages.map_page import packed_map
    from paceport.web.page_table import WORK_AHEAD
    from paceport.web.reader import LogbookReader, ReadOptions

    settings, may_write = profile.settings, not options.is_read_only
    if may_write and is_there(profile.data / "own.db"):
        with profile.logbook() as store:
            if store.read_only_because:
                compute_missing(invocation, store)  # nothing is: it says what cannot be saved
            else:
                name_bad_rows(invocation, store)

    def units(prefers_miles: bool | None) -> Units:
        return replace(choose_units(settings.units, invocation.environ, prefers_miles=prefers_miles), unknown=_DASH)

    wanted = ReadOptions(
        open_store=profile.logbook,
        choose_units=units,
        given=facts_from_settings(settings.athlete),
        form_sports=settings.athlete.form_sports,
        timezone=settings.timezone,
        own_only=options.own_only,
        not_records=settings.athlete.not_records,
        may_compute=may_write,
        computed=lambda found: say_what_is_left(invocation.output, found, ""),
        work_ahead=(*WORK_AHEAD, lambda snapshot: packed_map(snapshot, _find_circles(profile), is_whole=False)),
    )
    reader = LogbookReader(wanted, clock=invocation.clock)
    reader.begin()
    return reader


def _talk(invocation: Invocation, access: Access, *, is_to_open: bool) -> None:
    """Print the address, and a fresh one at each Enter, until a signal ends it."""
    output = invocation.output
    address = access.new_address()
    output.result(address)
    output.flush()
    output.say(f"Your runs are at {access.origin} until Ctrl-C. The address above lets one browser in, once.")
    if invocation.stdin_is_terminal:
        output.say("Press Enter for another address.")
        threading.Thread(target=_answer_enter, args=(invocation, access.new_address), daemon=True).start()
    with _opened_browser(invocation, access.new_address()) if is_to_open else nullcontext():
        while True:
            invocation.clock.sleep(3600)


def _answer_enter(invocation: Invocation, new_address: Callable[[], str]) -> None:
    for _ in invocation.stdin:
        invocation.output.result(new_address())
        invocation.output.flush()


@contextmanager
def _opened_browser(invocation: Invocation, address: str) -> Iterator[None]:
    """Open the address; a page that keeps it out of the browser's arguments is there until the end of the block."""
    from paceport.oauth.login.browser_choice import consent_page_opener

    environment, folder = invocation.login_environment(), invocation.settings().directories.state
    with consent_page_opener(
        invocation.open_browser, environment, environ=invocation.environ, folder=folder
    ) as open_address:
        if not environment.opens_browser:
            invocation.output.say("There is no screen, so no browser is opened.")
        elif not open_address(address):
            invocation.output.say("No browser could be opened; open the address yourself.")
        yield
