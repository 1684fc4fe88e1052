"""What a token can do, found out by asking for three harmless things."""

from __future__ import annotations

import json
from typing import Any

from paceport.error_body import read_error_body
from paceport.errors import GatewayAnswer, NetworkError
from paceport.http_message import Request, Response, Send
from paceport.lazy_dataclass import dataclass
from paceport.oauth.protocol.token_endpoint import read_athlete_id
from paceport.scopes import Scopes
from paceport.secret import Secret
from paceport.text import clean

_PRIVATE = {"only_me"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeResult:
    """What three reading calls have shown.

    `scopes` are the ones that work at least (whether it may write cannot be tried without writing); None where the
    service did not answer. `is_alive` is None then too. `trouble` says why, in words.
    """

    is_alive: bool | None
    scopes: Scopes | None = None
    athlete_id: int | None = None
    athlete_name: str = ""
    trouble: str = ""

    @property
    def sees_profile_only(self) -> bool:
        """Whether it sees what is public and nothing else, as the token on the settings page does."""
        return self.scopes is not None and self.scopes.words == {"read"}


def probe_scopes(access_token: Secret, *, api_url: str, send: Send) -> ProbeResult:
    """Ask for the athlete, the activities and the zones. Three requests at the most; never raises NetworkError."""
    headers = {"authorization": f"Bearer {access_token.reveal()}"}

    def ask(path: str) -> Response:
        return send(Request(method="GET", url=f"{api_url.rstrip('/')}{path}", headers=headers), timeout_s=10.0)

    try:
        who = ask("/athlete")
        if who.status != 200 or not _object(who):
            return _not_answered(who)
        words = {"read"}
        activities = ask("/athlete/activities?per_page=200")
        zones = ask("/athlete/zones")
    except NetworkError as error:
        return ProbeResult(is_alive=None, trouble=f"{error.what}: {error.why}")
    if activities.status == 200 and _is_clear(activities):
        words.add("activity:read_all" if _holds_private(activities) else "activity:read")
    if zones.status == 200 and _is_clear(zones):
        words.add("profile:read_all")
    athlete = _object(who)
    unclear = next((answer for answer in (activities, zones) if not _is_clear(answer)), None)
    return ProbeResult(
        is_alive=True,
        scopes=Scopes(frozenset(words)) if unclear is None else None,
        athlete_id=read_athlete_id(athlete.get("id")),
        athlete_name=_name(athlete),
        trouble="" if unclear is None else f"the service answered {unclear.status}",
    )


def _not_answered(answer: Response) -> ProbeResult:
    fault = read_error_body(answer.status, answer.body)
    if answer.status < 500 and not fault.is_from_strava:
        return ProbeResult(is_alive=None, trouble=GatewayAnswer(status=answer.status).what)
    if answer.status == 401 and fault.has_detail("AccessToken"):
        # What is missed in a token is a token: this one lives.
        return ProbeResult(is_alive=True, trouble="the token works, but lacks the permission to read whose it is")
    if answer.status == 401:
        return ProbeResult(is_alive=False, trouble="the access token is not accepted")
    if fault.has_detail("Application", "Status", "Inactive"):
        return ProbeResult(is_alive=None, trouble="the app is inactive, because its owner has no subscription")
    return ProbeResult(is_alive=None, trouble=f"the service answered {answer.status}")


def _is_clear(answer: Response) -> bool:
    """Whether this is the service's own yes or no: a gateway's says nothing of the token."""
    if answer.status == 200:
        return answer.body.lstrip()[:1] in (b"{", b"[")
    return answer.status in (401, 403) and (
        not answer.body or read_error_body(answer.status, answer.body).is_from_strava
    )


def _holds_private(answer: Response) -> bool:
    try:
        rows = json.loads(answer.body)
    except (ValueError, RecursionError):
        return False
    return isinstance(rows, list) and any(
        isinstance(row, dict) and (row.get("private") is True or row.get("visibility") in _PRIVATE) for row in rows
    )


def _object(answer: Response) -> dict[str, Any]:
    try:
        value = json.loads(answer.body)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _name(athlete: dict[str, Any]) -> str:
    parts = (athlete.get("firstname"), athlete.get("lastname"))
    return " ".join(clean(part).strip() for part in parts if isinstance(part, str) and part.strip())[:100]
