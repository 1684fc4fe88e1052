"""What the pages of the login show, as values: the app, the scopes to choose from, the login and what it lacks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from paceport.errors import AppInactive, PaceportError
from paceport.lazy_dataclass import dataclass
from paceport.oauth.token_store.base import App, Grant
from paceport.profile.app_setup import stored_app
from paceport.profile.login_state import KNOWN_BY, athlete_text, requests_left_text, token_lifetime_text
from paceport.profile.profile import Profile
from paceport.scopes import SCOPES, Scopes, lack, meaning, preset
from paceport.text import clean
from paceport.web.trouble import Trouble, trouble_of

if TYPE_CHECKING:
    from paceport.logbook.database.logbook_summary import LogbookSummary

# What the pages of this application need.
RECOMMENDED = "runs"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopeLine:
    """One scope: its word, what it allows, what does not work without it."""

    word: str
    allows: str
    lacks: str
    is_chosen: bool
    is_recommended: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileLine:
    """One profile that holds a login at this server."""

    name: str
    athlete: str
    is_shown: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountPage:
    """The login of a profile, without any secret.

    `client_id` is that of the app, "" where none is set up. `athlete` is "" where nobody is logged in. `scopes` are
    granted; None where nobody knows them. `missing` are the scopes that the pages need and that are not granted.
    `may_sync`: as far as is known, the login may read activities.
    `trouble` says why the login cannot be read or used.
    """

    profile: str
    server: str
    client_id: str
    has_environment_token: bool
    athlete: str = ""
    scopes: tuple[ScopeLine, ...] | None = None
    scopes_known_by: str = ""
    missing: tuple[ScopeLine, ...] = ()
    token: str = ""
    refreshed: str = ""
    requests: str = ""
    may_sync: bool = False
    trouble: Trouble | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginPage:
    """What is asked before a login. `refused` says why the last one failed."""

    client_id: str
    athlete: str
    recommended: tuple[ScopeLine, ...]
    others: tuple[ScopeLine, ...]
    refused: Trouble | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetupPage:
    """What is asked to set up the app. `stored_id` is the app that is set up, `typed_id` what was typed just now.

    `wrong` says what is the matter with that. `login_id` is the app that the login was made with and uses, where that
    is another one. `kept_in` is the kind of place where the secret is kept. The secret is never among these values.
    """

    server: str
    stored_id: str
    typed_id: str = ""
    wrong: Trouble | None = None
    login_id: str = ""
    state_folder: str
    kept_in: str


def account_page(profile: Profile, *, now: datetime) -> AccountPage:
    """The login of the profile, as far as it can be read."""
    page = AccountPage(
        profile=profile.name,
        server=profile.origin,
        client_id=_client_id(profile),
        has_environment_token=profile.settings.access_token is not None,
    )
    try:
        grant = profile.find_grant()
        return page if grant is None else _with_grant(page, grant, profile, now)
    except PaceportError as error:
        return replace(page, trouble=trouble_of(error))


def profile_lines(profile: Profile) -> tuple[ProfileLine, ...]:
    """The profiles that hold a login at this server; none where they cannot be read."""
    try:
        grants = profile.token_store.grants()
    except PaceportError:
        return ()
    return tuple(
        ProfileLine(name=grant.profile, athlete=athlete_text(grant), is_shown=grant.profile == profile.name)
        for grant in grants
        if grant.key.oauth_origin == profile.origin
    )


def logbook_lines(summary: LogbookSummary) -> tuple[tuple[str, str], ...]:
    """What the logbook holds, as names and texts."""
    by_source = Counter[str]()
    for _, source, count in summary.runs:
        by_source[source] += count
    total = sum(by_source.values())
    lines = [("Runs", f"{total:,}" if total else "none")]
    if by_source["cache"]:
        kept, (day, _) = by_source["cache"], min(summary.expiring, default=("", 0))
        lines.append(("Of these from Strava's API alone", f"{kept:,}{f'; the first expire on {day}' if day else ''}"))
    if others := summary.activities - total:
        lines.append(("Other activities", f"{others:,}"))
    if summary.oldest and summary.newest:
        lines.append(("From", f"{summary.oldest} to {summary.newest}"))
    if summary.quarantined:
        lines.append(("Could not be read", f"{len(summary.quarantined):,}"))
    return tuple(lines)


def login_page(profile: Profile, *, refused: PaceportError | None) -> LoginPage:
    """What a login of the profile may ask for; what is granted already is chosen, and what the pages need."""
    try:
        grant = profile.find_grant()
    except PaceportError:
        grant = None  # another login replaces it, or the page of the account says what is wrong
    granted = grant.scopes if grant is not None and grant.scopes is not None else Scopes()
    needed = preset(RECOMMENDED)
    # What is about runs comes first.
    words = sorted((word for word in SCOPES if word != "read"), key=lambda word: not word.startswith("activity"))
    lines = scope_lines(words, chosen=granted | needed)
    return LoginPage(
        client_id=_client_id(profile),
        athlete=athlete_text(grant) if grant is not None else "",
        recommended=tuple(line for line in lines if line.is_recommended),
        others=tuple(line for line in lines if not line.is_recommended),
        refused=trouble_of(refused) if refused is not None else None,
    )


def setup_page(profile: Profile, *, typed_id: str = "", wrong: PaceportError | None = None) -> SetupPage:
    """What is known of the app, and what was wrong with what was typed."""
    if not typed_id.strip().isdigit():
        typed_id = ""  # perhaps the secret in the wrong place, which no page repeats
    app, login_id = _stored_app(profile), ""
    if app is not None:
        login_id = next((one.client_id for one in profile.grants_here() if one.client_id != app.client_id), "")
    return SetupPage(
        server=profile.origin,
        stored_id=app.client_id if app is not None else _client_id(profile),
        login_id=login_id,
        typed_id=typed_id,
        wrong=trouble_of(wrong) if wrong is not None else None,
        state_folder=str(profile.settings.directories.state),
        kept_in=profile.settings.vault.partition(":")[0],
    )


def scope_lines(words: Sequence[str], *, chosen: Scopes | None = None) -> tuple[ScopeLine, ...]:
    """These scopes in words."""
    needed = preset(RECOMMENDED)
    return tuple(
        ScopeLine(
            word=word,
            allows=meaning(word),
            lacks=lack(word),
            is_chosen=chosen is not None and word in chosen,
            is_recommended=word in needed,
        )
        for word in words
    )


def _with_grant(page: AccountPage, grant: Grant, profile: Profile, now: datetime) -> AccountPage:
    rates, scopes = profile.rates(), grant.scopes
    missing = scopes.missing(preset(RECOMMENDED)) if scopes is not None else Scopes()
    return replace(
        page,
        athlete=athlete_text(grant),
        scopes=scope_lines(list(scopes)) if scopes is not None else None,
        scopes_known_by=KNOWN_BY[grant.scopes_known_by],
        missing=scope_lines(list(missing)),
        token=token_lifetime_text(grant, now),
        refreshed=f"{grant.received_at:%Y-%m-%d %H:%M} UTC",
        requests=requests_left_text(rates) if rates is not None else "",
        may_sync=scopes is None or scopes.covers("activity:read"),
        trouble=_status_trouble(grant),
    )


def _status_trouble(grant: Grant) -> Trouble | None:
    if grant.status == "ok":
        return None
    if grant.status == "app_inactive":
        return trouble_of(AppInactive())
    return Trouble(
        what=f"The login does not work any more: {grant.status.replace('_', ' ')}",
        why=clean(grant.status_reason),
        link="/login",
        link_text="Log in",
    )


def _stored_app(profile: Profile) -> App | None:
    try:
        return stored_app(profile)
    except PaceportError:
        return None


def _client_id(profile: Profile) -> str:
    """The id of the app in force, "" where none is set up or two are named."""
    try:
        app = profile.find_app()
    except PaceportError:
        return ""
    return app.client_id if app is not None else ""
