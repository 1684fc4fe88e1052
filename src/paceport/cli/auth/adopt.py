"""`adopt`: take over tokens that another tool has got."""

from __future__ import annotations

from pathlib import Path

import click

from paceport.cli.auth.init import ask_for_app
from paceport.cli.auth.status import next_step
from paceport.cli.completion import scope_words
from paceport.cli.invocation import Invocation, pass_invocation
from paceport.errors import FileError, PaceportError
from paceport.oauth.import_tokens.scope_probe import ProbeResult
from paceport.oauth.import_tokens.take_over import identify_grant, save_imported_tokens
from paceport.oauth.import_tokens.token_formats import LARGEST, ImportedTokens, parse_tokens
from paceport.oauth.import_tokens.token_text import decode_token_file
from paceport.oauth.protocol.app_credentials import check_client_id, check_client_secret
from paceport.oauth.token_store.base import App, Grant, GrantKey
from paceport.profile.app_setup import store_app
from paceport.profile.profile import Profile
from paceport.scopes import Scopes, parse_asked


@click.command("adopt")
@click.argument("file", required=False, default="-", metavar="[FILE]")
@click.option("--client-id", metavar="NUMBER", help="The app the tokens belong to, if the file does not say.")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    metavar="SCOPE…",
    shell_complete=scope_words,
    help="The scopes they were granted, if you know them.",
)
@click.option("--force", is_flag=True, help="Replace the login of this profile.")
@pass_invocation
def adopt_command(
    invocation: Invocation, *, file: str, client_id: str | None, scopes: tuple[str, ...], force: bool
) -> None:
    """Take over tokens from FILE or stdin: a token endpoint's JSON answer, a .env, or another tool's file.

    JSON, YAML, TOML, shell lines and others are read, in any encoding. The refresh token alone is enough.

    \b
        curl … /oauth/token | paceport adopt
        paceport adopt ~/.config/strava_offline/token.json
        paceport adopt .env

    They are saved first. Three harmless calls then find out whose they are and what they may do.
    """
    profile = invocation.profile()
    name = "the text on stdin" if file == "-" else file
    found = parse_tokens(_text(invocation, file, name=name), name=name)
    declared = _declared_scopes(invocation, scopes)
    app = _app(invocation, profile, found, client_id)
    saved = save_imported_tokens(
        found,
        app=app,
        api_url=profile.settings.api_url,
        profile=profile.name,
        token_store=profile.token_store,
        clock=invocation.clock,
        scopes=declared,
        force=force,
    )
    store_app(profile, app)
    invocation.output.success(f"Adopted into profile {profile.name!r}.")
    invocation.output.warn(
        "the tool it came from may lose its login at our first refresh: Strava may then retire the refresh token both "
        "hold. Let that tool ask here instead: paceport token"
    )
    _identify(invocation, profile, saved.key)


def _declared_scopes(invocation: Invocation, scopes: tuple[str, ...]) -> Scopes | None:
    if not scopes:
        return None
    declared, notes = parse_asked(scopes)
    for note in notes:
        invocation.output.say(note)
    return declared


def _identify(invocation: Invocation, profile: Profile, key: GrantKey) -> None:
    """Ask Strava whose login it is, and say so."""
    try:
        grant, probed = identify_grant(key, token_store=profile.token_store, send=profile.send, clock=invocation.clock)
    except PaceportError as error:
        invocation.output.say(f"What it may do is not known yet ({error.what}).")
        return
    show_imported_login(invocation, profile, grant, probed)


def show_imported_login(invocation: Invocation, profile: Profile, grant: Grant, probed: ProbeResult) -> None:
    """Say whose login it is and what it can do."""
    output = invocation.output
    if grant.athlete_id is not None:
        output.say(f"  Athlete: {grant.athlete_name or 'without a name'} ({grant.athlete_id})")
    if probed.is_alive is False:
        output.warn(f"{probed.trouble}; the refresh token will be tried at the next use")
    elif probed.trouble:
        output.say(f"  Not tried: {probed.trouble}.")
    if grant.scopes is None:
        output.say("  Scopes: unknown")
    elif grant.scopes_known_by == "probed":
        output.say(f"  Scopes that work: {grant.scopes} (whether it may write was not tried)")
    else:
        output.say(f"  Scopes: {grant.scopes} (as declared)")
    if probed.sees_profile_only:
        output.warn(
            "it can read the public profile but no activities (scope read), like the token shown on "
            f"https://www.strava.com/settings/api. For runs: {profile.command('grant +activity:read_all')}"
        )
        return
    output.say(f"Next: {next_step(profile, grant)}")


def _app(invocation: Invocation, profile: Profile, found: ImportedTokens, client_id: str | None) -> App:
    wanted = check_client_id(client_id or found.client_id or "") if client_id or found.client_id else None
    if wanted is not None and found.client_secret is not None and found.client_id in (None, wanted):
        secret = check_client_secret(found.client_secret.reveal())
        return App(oauth_url=profile.settings.oauth_url, client_id=wanted, client_secret=secret)
    stored = profile.token_store.app(profile.settings.oauth_url, wanted) if wanted else profile.find_app()
    return stored or ask_for_app(invocation, client_id=wanted)


def _text(invocation: Invocation, file: str, *, name: str) -> str:
    if file == "-":
        if invocation.stdin_is_terminal:
            invocation.output.say("Paste the JSON answer or the lines of the .env, then press Ctrl-D:")
        buffer = getattr(invocation.stdin, "buffer", None)
        # The bytes, where there are some: a text that another program piped may be in any encoding.
        content = buffer.read(LARGEST + 1) if buffer is not None else invocation.stdin.read(LARGEST + 1)
        return content if isinstance(content, str) else decode_token_file(content, name=name)
    try:
        with Path(file).open("rb") as opened:
            content = opened.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "its name cannot be one"
        raise FileError(path=file, why=reason, fix="check its name; without a name, stdin is read") from error
    return decode_token_file(content, name=name)
