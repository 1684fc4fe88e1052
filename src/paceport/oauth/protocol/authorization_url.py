"""The browser's half of OAuth: the address that asks, and what the redirect that answers means.

Source: https://developers.strava.com/docs/authentication/, read 2026-11-22.
"""

from __future__ import annotations

from urllib.parse import urlencode

from paceport.error_body import ErrorBody
from paceport.errors import (
    AppCredentialsWrong,
    BadRequest,
    PaceportError,
    UnexpectedAnswer,
)
from paceport.oauth.protocol.error_answers import general_error
from paceport.scopes import Scopes


def authorize_url(
    *, oauth_url: str, client_id: str, redirect_uri: str, scopes: Scopes, state: str, force: bool = False
) -> str:
    """The address of the consent page. `force` shows the page even to an athlete who has agreed before."""
    query = {
        "client_id": client_id,
        "response_type": "code",
        "redirect_uri": redirect_uri,
        "approval_prompt": "force" if force else "auto",
        "scope": str(scopes),
        "state": state,
    }
    # Commas and colons are left as they are: they are legal in a query, and people read and copy this address.
    return f"{oauth_url.rstrip('/')}/oauth/authorize?{urlencode(query, safe=',:')}"


def authorize_error(fault: ErrorBody) -> PaceportError:
    """What the JSON page means that the browser shows instead of the consent page; returned, not raised."""
    general = general_error(fault)
    if general is not None:
        return general
    if fault.has_detail("Application", "client_id"):
        return AppCredentialsWrong(
            part="client id",
            why="Strava knows no app with that number; an e-mail address, a space or the client secret "
            "there causes the same error",
        )
    if fault.has_detail("Application", "redirect_uri"):
        return BadRequest(
            what="Strava refuses the address this login returns to",
            why="the app's Authorization Callback Domain does not allow it",
            fix="set Authorization Callback Domain to localhost (no http://, no port) on "
            "https://www.strava.com/settings/api",
            fault=fault,
        )
    if fault.has_detail("Authorize", "scope"):
        return BadRequest(
            what="Strava refuses a scope of this login",
            why="one of the scopes no longer exists; those of 2017 (public, write, view_private) were removed",
            fix="paceport login --for runs",
            fault=fault,
        )
    return UnexpectedAnswer(
        what="The consent page gave an answer that is not in the documentation",
        why=str(fault),
        fix="try again; if it happens again: paceport doctor",
        fault=fault,
    )
