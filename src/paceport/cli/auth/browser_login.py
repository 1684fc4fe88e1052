"""What a login by browser needs of this machine, and what is said when it is done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from paceport.cli.auth.status import next_step
from paceport.cli.invocation import Invocation
from paceport.errors import LoginNeeded
from paceport.oauth.login.browser_choice import consent_page_opener
from paceport.oauth.login.login_plan import LoginContext, LoginResult
from paceport.profile.app_setup import store_app
from paceport.profile.login_state import athlete_text
from paceport.profile.profile import Profile


@contextmanager
def opened_browser(
    invocation: Invocation, profile: Profile, *, no_browser: bool
) -> Iterator[Callable[[str], bool] | None]:
    if no_browser:
        yield None
        return
    with consent_page_opener(
        invocation.open_browser,
        invocation.login_environment(),
        environ=invocation.environ,
        folder=profile.settings.directories.state,
    ) as open_address:
        yield open_address


def login_context(invocation: Invocation, profile: Profile, open_browser: Callable[[str], bool] | None) -> LoginContext:
    """The token store, the network and the ways to show and to answer the consent page."""
    return LoginContext(
        token_store=profile.token_store,
        send=profile.send,
        clock=invocation.clock,
        # Where no browser is opened the address must be shown, or nobody could answer.
        say=invocation.output.say_always
        if open_browser is None or not invocation.login_environment().opens_browser
        else invocation.output.say,
        open_browser=open_browser,
        paste_fd=_paste_fd(invocation),
        environment=invocation.login_environment(),
    )


def show_login_result(invocation: Invocation, profile: Profile, result: LoginResult) -> None:
    """Say who is logged in, with which scopes, and what comes next.

    Raises LoginNeeded where the login went to another profile than the one that was named: that one has none yet.
    """
    app = profile.find_app()
    if app is not None:
        # A secret that came from the environment is needed by every refresh, also in other shells.
        store_app(profile, app)
    grant = result.grant
    output = invocation.output
    output.success(f"Logged in as {athlete_text(grant)}, profile {grant.profile!r}.")
    output.say(f"  Granted: {grant.scopes if grant.scopes is not None else 'not known'}")
    for note in result.notes:
        output.warn(note)
    if grant.profile != profile.name:
        raise LoginNeeded(
            what=f"Profile {profile.name!r} was not logged in",
            why=f"the browser is signed in as {athlete_text(grant)}, whose login is profile {grant.profile!r}; "
            "that login was renewed",
            fix=f"log out of Strava in that browser, sign in as the other athlete, then: {profile.command('login')}",
        )
    output.say(f"Next: {next_step(profile, grant)}")


def _paste_fd(invocation: Invocation) -> int | None:
    # Only a terminal has somebody who pastes; reading a pipe would steal what is meant for somebody else.
    return invocation.stdin.fileno() if invocation.stdin_is_terminal else None
