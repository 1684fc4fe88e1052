"""`init`: the app's client id and secret, asked for once, checked, kept."""

from __future__ import annotations

import click

from paceport.cli.invocation import Invocation, pass_invocation
from paceport.cli.output import Output
from paceport.errors import AppMismatch, PaceportError, UsageError
from paceport.http_message import origin_of
from paceport.oauth.protocol.app_credentials import check_client_id, check_client_secret
from paceport.oauth.token_store.base import App
from paceport.profile.profile import Profile
from paceport.profile.settings_template import write_settings_template
from paceport.secret import Secret

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
    stored = _stored(profile)
    if stored is not None and not force and client_id in (None, stored.client_id):
        invocation.output.say(f"The app {stored.client_id} is already set up; --force replaces its secret.")
        invocation.output.say(f"Next: {profile.command('login')}")
        return
    app = ask_for_app(invocation, client_id=client_id, secret_stdin=secret_stdin)
    invocation.output.say(f"Next: {profile.command('login')}")
    invocation.output.result(f"App {app.client_id} is set up.")


def ask_for_app(invocation: Invocation, *, client_id: str | None = None, secret_stdin: bool = False) -> App:
    """The app as environment, stdin or a person give it, checked and stored. Raises UsageError."""
    profile = invocation.profile()
    settings = profile.settings
    is_explained = False
    if client_id:
        client_id = check_client_id(client_id)
    if client_id and settings.client_id and client_id != settings.client_id:
        # The secret beside it is that other app's.
        raise AppMismatch(stored=client_id, wanted=settings.client_id)
    given_id = client_id or settings.client_id
    if not given_id or not (settings.client_secret or secret_stdin):
        _need_terminal(invocation, secret_stdin=secret_stdin, has_id=bool(given_id))
    if not given_id:
        invocation.output.say(HOW_TO_GET_AN_APP)
        is_explained = True
        given_id = _ask(invocation, "Client ID: ")
    checked_id = check_client_id(given_id)
    if secret_stdin:
        secret = check_client_secret(invocation.stdin.readline(1000))
    elif settings.client_secret is not None:
        secret = check_client_secret(settings.client_secret.reveal())
    else:
        if not is_explained:
            invocation.output.say(HOW_TO_GET_AN_APP)
        secret = _ask_for_secret(invocation.output)
    return store_app(profile, App(oauth_url=settings.oauth_url, client_id=checked_id, client_secret=secret))


def store_app(profile: Profile, app: App) -> App:
    """Keep an app and tie it to the profile."""
    profile.token_store.save_app(app)
    origin = origin_of(app.oauth_url)
    name = profile.name
    profile.update_choices(lambda choices: choices.with_app(name, origin, app.client_id))
    return app


def _stored(profile: Profile) -> App | None:
    client_id = profile.settings.client_id or profile.choices().client_id(profile.name, profile.origin)
    return profile.token_store.app(profile.settings.oauth_url, client_id) if client_id else None


def _need_terminal(invocation: Invocation, *, secret_stdin: bool, has_id: bool) -> None:
    if invocation.stdin_is_terminal and not secret_stdin:
        return
    if secret_stdin and has_id:
        return
    raise UsageError(
        what="The app's client id and secret are not known",
        why="the environment does not name them, and stdin is not a terminal on which to ask you",
        fix="set STRAVA_CLIENT_ID and STRAVA_CLIENT_SECRET, or: paceport init --client-id NUMBER --secret-stdin < file",
    )


def _ask(invocation: Invocation, question: str) -> str:
    invocation.output.ask(question)
    line = invocation.stdin.readline(1000)
    if not line:
        raise click.Abort
    return line.strip()


def _ask_for_secret(output: Output) -> Secret:
    # Asked again on a slip: a person has just copied three things out of a page.
    problem: PaceportError | None = None
    for _ in range(3):
        try:
            return check_client_secret(output.ask_secret("Client Secret (not shown): "))
        except EOFError as error:
            raise click.Abort from error
        except UsageError as error:
            problem = error
            output.say_always(f"{error.what}: {error.why}. Please try again.")
    assert problem is not None
    raise problem
