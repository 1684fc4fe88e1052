"""`init`: the app's client id and secret, asked for once, checked, kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import click

from paceport.cli.invocation import Invocation, pass_invocation
from paceport.cli.output import Output
from paceport.errors import AppCredentialsWrong, AppMismatch, PaceportError, UsageError
from paceport.oauth.protocol.app_credentials import check_client_id, check_client_secret
from paceport.oauth.token_store.base import App
from paceport.profile.app_setup import has_login_of_other_app, store_app, stored_app, try_app
from paceport.profile.profile import Profile
from paceport.profile.settings_template import write_settings_template

# How often a person is asked for the same thing.
_ROUNDS = 3
_Checked = TypeVar("_Checked")

HOW_TO_GET_AN_APP = """\
Everybody can register their own app at Strava; yours belongs only to you.

  1. Open https://www.strava.com/settings/api and create an app. You can choose any name, category and website.
  2. Set "Authorization Callback Domain" to: localhost
     (just that word: no http://, no port, no path)
  3. The page then shows a Client ID (a number) and a Client Secret (40 letters and digits).

Since 30 June 2026 the owner of an app needs a paid Strava subscription; without one every call answers 403.
Two commands work without a subscription and without an app:  paceport demo  and  paceport import export.zip
"""


@click.command("init")
@click.option("--client-id", metavar="NUMBER", help="The app's client id; you are asked if you leave it out.")
@click.option("--secret-stdin", is_flag=True, help="Read the client secret from stdin, one line.")
@click.option("--force", is_flag=True, help="Replace an app that is already stored.")
@pass_invocation
def init_command(invocation: Invocation, *, client_id: str | None, secret_stdin: bool, force: bool) -> None:
    """Tell Paceport about your Strava app: client id and client secret.

    You are asked for the secret without it being shown, or it is read from --secret-stdin or STRAVA_CLIENT_SECRET. No
    option takes it, because it would then show in the shell's history and in the process list.
    """
    profile = invocation.profile()
    settings_file = profile.settings.directories.config / "config.toml"
    if write_settings_template(settings_file):
        invocation.output.say(f"Wrote a commented settings file: {settings_file}")
    if profile.settings.vault.startswith("keyring"):
        from paceport.oauth.token_store.keyring_items import probe_keyring

        invocation.output.say(f"Logins are stored in the keyring {probe_keyring()}.")
    stored = stored_app(profile)
    if stored is not None and not force and client_id in (None, stored.client_id):
        invocation.output.say(f"The app {stored.client_id} is already set up; --force replaces its secret.")
        invocation.output.say(f"Next: {profile.command('login')}")
        return
    app = ask_for_app(invocation, client_id=client_id, secret_stdin=secret_stdin)
    if has_login_of_other_app(profile, app):
        invocation.output.say("This profile's login belongs to another app and is used until it is ended.")
        invocation.output.say(f"Next: {profile.command('logout')}, then: {profile.command('login')}")
    else:
        invocation.output.say(f"Next: {profile.command('login')}")
    invocation.output.result(f"App {app.client_id} is set up.")


def ask_for_app(invocation: Invocation, *, client_id: str | None = None, secret_stdin: bool = False) -> App:
    """The app as environment, stdin or a person give it, checked and stored. Raises UsageError."""
    profile = invocation.profile()
    settings = profile.settings
    if client_id:
        client_id = check_client_id(client_id)
    if client_id and settings.client_id and client_id != settings.client_id:
        # The secret beside it is that other app's.
        raise AppMismatch(stored=client_id, wanted=settings.client_id)
    given_id = client_id or settings.client_id
    if given_id and secret_stdin:
        secret = check_client_secret(invocation.stdin.readline(1000))
    elif given_id and settings.client_secret is not None:
        secret = check_client_secret(settings.client_secret.reveal())
    else:
        return store_app(profile, _ask_until_accepted(invocation, profile, given_id, secret_stdin=secret_stdin))
    app = App(oauth_url=settings.oauth_url, client_id=check_client_id(given_id), client_secret=secret)
    return store_app(profile, app)


def _ask_until_accepted(invocation: Invocation, profile: Profile, client_id: str | None, *, secret_stdin: bool) -> App:
    """The app as a person types it, asked for again while the service refuses it. Raises UsageError, AuthError."""
    _need_terminal(invocation, secret_stdin=secret_stdin)
    invocation.output.say(HOW_TO_GET_AN_APP)
    known = check_client_id(client_id) if client_id else None
    given_secret = profile.settings.client_secret.reveal() if profile.settings.client_secret else ""
    for round_left in reversed(range(_ROUNDS)):
        typed_id = known or _ask_checked(invocation, lambda: check_client_id(_ask(invocation, "Client ID: ")))
        secret = _ask_checked(invocation, lambda: check_client_secret(given_secret or _ask_secret(invocation.output)))
        app = App(oauth_url=profile.settings.oauth_url, client_id=typed_id, client_secret=secret)
        try:
            try_app(profile, app)
        except AppCredentialsWrong as error:
            if not round_left:
                raise
            _say_again(invocation.output, error)
            known = None
            continue
        return app
    raise AssertionError("the last round returns or raises")


def _need_terminal(invocation: Invocation, *, secret_stdin: bool) -> None:
    if invocation.stdin_is_terminal and not secret_stdin:
        return
    raise UsageError(
        what="The app's client id and secret are not known",
        why="the environment does not name them, and stdin is not a terminal, so you cannot be asked",
        fix="set STRAVA_CLIENT_ID and STRAVA_CLIENT_SECRET, or: paceport init --client-id NUMBER --secret-stdin < file",
    )


def _ask_checked(invocation: Invocation, ask: Callable[[], _Checked]) -> _Checked:
    """What `ask` gives, asked again on a slip: a person has just copied three things out of a page."""
    for round_left in reversed(range(_ROUNDS)):
        try:
            return ask()
        except UsageError as error:
            if not round_left:
                raise
            _say_again(invocation.output, error)
    raise AssertionError("the last round returns or raises")


def _say_again(output: Output, error: PaceportError) -> None:
    output.say_always(f"{error.what}: {error.why}. Please try again.")


def _ask(invocation: Invocation, question: str) -> str:
    invocation.output.ask(question)
    line = invocation.stdin.readline(1000)
    if not line:
        raise click.Abort
    return line.strip()


def _ask_secret(output: Output) -> str:
    try:
        return output.ask_secret("Client Secret (not shown): ")
    except EOFError as error:
        raise click.Abort from error
