"""The token endpoint's half of OAuth: the forms that are sent, and what their answers mean.

Source: https://developers.strava.com/docs/authentication/, read 2026-11-22; the faults as probed and recorded in
public, see docs/decisions.md.
"""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from paceport.error_body import ErrorBody, read_error_body
from paceport.errors import (
    AppCredentialsWrong,
    CodeRefused,
    GatewayAnswer,
    LoginNeeded,
    PaceportError,
    UnexpectedAnswer,
)
from paceport.http_message import Request, Response
from paceport.lazy_dataclass import dataclass
from paceport.oauth.protocol.error_answers import general_error
from paceport.oauth.protocol.token_answer import LARGEST_ANSWER, answer_fields, token_text
from paceport.scopes import Scopes, parse_granted
from paceport.secret import Secret, mask_secrets
from paceport.text import clean

_LONGEST_NAME = 100
_LONGEST_LIFE_S = 10 * 366 * 86_400
_LARGEST_ID = 2**63 - 1
# Before 2009 there was no Strava; a moment beyond 2100 is milliseconds or worse.
_EARLIEST_S, _LATEST_S = 1_230_768_000, 4_102_444_800
# Strava makes a new token when an hour or less is left, so each answer's token lives an hour at least.
_LEAST_LIFE_S = 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """An answer of the token endpoint, read leniently: an access token is all it must hold.

    `refresh_token` is empty where the answer left it out: the old one then stays (RFC 6749, section 6). `expires_at` is
    in server time, `expires_in_s` what the server said was left. `scopes` is None unless the answer named them;
    `athlete_id` is None and `athlete_name` empty in the answer to a refresh.
    """

    access_token: Secret
    refresh_token: Secret
    expires_at: datetime
    expires_in_s: int
    scopes: Scopes | None
    athlete_id: int | None
    athlete_name: str


def exchange_request(*, oauth_url: str, client_id: str, client_secret: Secret, code: Secret) -> Request:
    """The form that turns an authorization code into a token."""
    fields = {"grant_type": "authorization_code", "code": code.reveal()}
    return _token_form(oauth_url, client_id, client_secret, fields)


def refresh_request(*, oauth_url: str, client_id: str, client_secret: Secret, refresh_token: Secret) -> Request:
    """The form that turns a refresh token into a living access token."""
    fields = {"grant_type": "refresh_token", "refresh_token": refresh_token.reveal()}
    return _token_form(oauth_url, client_id, client_secret, fields)


def revoke_request(
    *, oauth_url: str, client_id: str, client_secret: Secret, token: Secret, hint: str = "refresh_token"
) -> Request:
    """The form that ends a grant. `hint` is "refresh_token" or "access_token"; the answer to both is empty."""
    credentials = base64.b64encode(f"{client_id}:{client_secret.reveal()}".encode()).decode()
    return _form(
        f"{oauth_url.rstrip('/')}/oauth/revoke",
        {"token": token.reveal(), "token_type_hint": hint},
        authorization=f"Basic {credentials}",
    )


def deauthorize_request(*, oauth_url: str, access_token: Secret) -> Request:
    """The older way to end a grant, by a living access token; announced to be gone from 2027-06-01."""
    return _form(f"{oauth_url.rstrip('/')}/oauth/deauthorize", {}, authorization=f"Bearer {access_token.reveal()}")


def read_token(response: Response, *, now: datetime) -> Token:
    """The token in an answer of the token endpoint; only the access token has to be right, all else may be odd.

    Raises what `token_error` says for a refusal, AnswerLost for a 200 whose body is no whole JSON (a gateway's page, a
    body cut short: the server may have acted), and UnexpectedAnswer for JSON without an access token.
    `now` is used where the answer leaves out when the token expires.
    """
    if not is_success(response.status):
        raise token_error(read_error_body(response.status, response.body[:LARGEST_ANSWER]))
    answer = answer_fields(response.body)
    expires_at, left_s = _lifetime(answer.get("expires_at"), answer.get("expires_in"), now)
    athlete_id, athlete_name = _athlete(answer.get("athlete"))
    return Token(
        access_token=Secret(token_text(answer["access_token"])),
        refresh_token=Secret(token_text(answer.get("refresh_token"))),
        expires_at=expires_at,
        expires_in_s=left_s,
        scopes=_scopes(answer.get("scope")),
        athlete_id=athlete_id,
        athlete_name=athlete_name,
    )


def is_success(status: int) -> bool:
    """Whether a status says that the server has acted; a proxy that changed the answer makes 203 of a 200."""
    return 200 <= status < 300


def token_error(fault: ErrorBody) -> PaceportError:
    """What a refusal of the token endpoint means. The error is returned, not raised.

    The tuples are told apart by resource and field, not by the status: a dead refresh token and a wrong client id are
    both a 400 and have different repairs.
    """
    general = general_error(fault)
    if general is not None:
        return general
    if fault.status and not fault.is_from_strava:
        return GatewayAnswer(status=fault.status, title="" if fault.is_json else fault.message)
    if fault.has_detail("Application", "client_id"):
        return AppCredentialsWrong(part="client id", why="Strava knows no app with that number")
    if fault.has_detail("Application", "client_secret") or (
        fault.status in {0, 401} and fault.has_detail("Application", "")
    ):
        return AppCredentialsWrong(part="client secret", why="the app exists, but its secret is a different one")
    if fault.has_detail("AuthorizationCode", None, "expired"):
        return CodeRefused(expired=True)
    # RequestToken is what the same fault was called in 2018.
    if fault.has_detail("AuthorizationCode") or fault.has_detail("RequestToken"):
        return CodeRefused()
    if fault.has_detail("RefreshToken"):
        return LoginNeeded(
            what="Strava no longer accepts the stored login",
            why="its refresh token was revoked, or replaced by a newer one that is not stored here",
        )
    return _undocumented(fault)


def _undocumented(fault: ErrorBody) -> UnexpectedAnswer:
    return UnexpectedAnswer(
        what="Strava's token endpoint gave an answer that is not in the documentation",
        why=mask_secrets(str(fault)),
        fix="try again; if it happens again: paceport doctor",
        fault=fault,
    )


def _token_form(oauth_url: str, client_id: str, client_secret: Secret, fields: dict[str, str]) -> Request:
    return _form(
        f"{oauth_url.rstrip('/')}/oauth/token",
        {"client_id": client_id, "client_secret": client_secret.reveal(), **fields},
    )


def _form(url: str, fields: dict[str, str], **headers: str) -> Request:
    headers["content-type"] = "application/x-www-form-urlencoded"
    body = urlencode(fields).encode()
    return Request(method="POST", url=url, headers=headers, body=body, largest_answer=LARGEST_ANSWER)


def _number(value: object) -> float | None:
    """A number, or a text that is one, NaN and infinity among them; JSON's true is an int to Python and is none."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        return float(value)
    except (ValueError, OverflowError):
        return None


def _lifetime(at: object, left: object, now: datetime) -> tuple[datetime, int]:
    """When the token expires, and how many seconds it was given; whichever of the two is odd is made of the other."""
    left_s = _number(left)
    if left_s is None or not 0 < left_s <= _LONGEST_LIFE_S:
        left_s = None
    at_s = _number(at)
    if at_s is not None and at_s > _LATEST_S:
        at_s /= 1000  # milliseconds
    if at_s is not None and _EARLIEST_S <= at_s <= _LATEST_S:
        expires_at = datetime.fromtimestamp(int(at_s), UTC)
        given_s = left_s if left_s is not None else max(0.0, (expires_at - now).total_seconds())
        return expires_at, round(min(given_s, _LONGEST_LIFE_S))
    left_s = left_s if left_s is not None else _LEAST_LIFE_S
    return now + timedelta(seconds=int(left_s)), int(left_s)


def _scopes(value: object) -> Scopes | None:
    words = value if isinstance(value, list) else [value]
    known = [word for word in words if isinstance(word, str) and word.strip()]
    return parse_granted(",".join(known)) if known else None


def _athlete(value: object) -> tuple[int | None, str]:
    if not isinstance(value, dict):
        return None, ""
    names = [value.get("firstname"), value.get("lastname")]
    name = " ".join(clean(part).strip() for part in names if isinstance(part, str) and clean(part).strip())
    return read_athlete_id(value.get("id")), name[:_LONGEST_NAME]


def read_athlete_id(value: object) -> int | None:
    """The athlete's number in a field of an answer; None for anything that is none."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 20:
        value = int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    # 0 stands for an app's logins; it is no athlete's number.
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= _LARGEST_ID else None
