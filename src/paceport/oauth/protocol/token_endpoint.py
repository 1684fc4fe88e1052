"""The token endpoint's half of OAuth: the forms that are sent, and what their answers mean.

Source: https://developers.strava.com/docs/authentication/, read 2026-11-22; the faults as probed and recorded in
public, see docs/reference/errors.md.
"""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NoReturn
from urllib.parse import urlencode

from paceport.error_body import ErrorBody, read_error_body
from paceport.errors import (
    AnswerLost,
    AppCredentialsWrong,
    CodeRefused,
    LoginNeeded,
    PaceportError,
    UnexpectedAnswer,
)
from paceport.http_message import Request, Response
from paceport.oauth.protocol.error_answers import general_error
from paceport.scopes import Scopes, parse_granted
from paceport.secret import Secret, mask_secrets
from paceport.text import clean

_LARGEST_ANSWER = 256 * 1024
_LONGEST_NAME = 100
_LONGEST_LIFE_S = 10 * 366 * 86_400
_LARGEST_ID = 2**63 - 1
# What may stand in an HTTP header as one word.
_TOKEN = re.compile(r"[!-~]{1,1024}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A validated answer of the token endpoint.

    `expires_at` is in server time, `expires_in_s` what the server said was left. `scopes` is None unless the answer
    named them; `athlete_id` is None and `athlete_name` empty in the answer to a refresh.
    """

    access_token: Secret
    refresh_token: Secret
    expires_at: datetime
    expires_in_s: int
    scopes: Scopes | None
    athlete_id: int | None
    athlete_name: str

    def expires_within(self, now: datetime, leeway_s: float) -> bool:
        """Whether less than `leeway_s` seconds are left at `now`, which is server time."""
        return self.expires_at - now <= timedelta(seconds=leeway_s)


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
    """The token in an answer of the token endpoint.

    Raises what `token_error` says for a refusal, AnswerLost for a 200 whose body is no whole JSON (a gateway's page, a
    body cut short: the server may have acted), and UnexpectedAnswer for values that are not what they must be.
    `now` is used where the answer leaves out how much is left.
    """
    if response.status != 200:
        raise token_error(read_error_body(response.status, response.body[:_LARGEST_ANSWER]))
    answer = _json_object(response.body)
    if str(answer.get("token_type", "bearer")).casefold() != "bearer":
        _unexpected("its token is not of the type Bearer")
    expires_at = _moment(answer.get("expires_at"))
    left_s = answer.get("expires_in", max(0, round((expires_at - now).total_seconds())))
    athlete_id, athlete_name = _athlete(answer.get("athlete"))
    scope = answer.get("scope")
    if scope is not None and not isinstance(scope, str):
        _unexpected("its scope is not a text")
    return Token(
        access_token=_secret(answer, "access_token"),
        refresh_token=_secret(answer, "refresh_token"),
        expires_at=expires_at,
        expires_in_s=_whole(left_s, "expires_in", most=_LONGEST_LIFE_S),
        scopes=None if scope is None else parse_granted(scope),
        athlete_id=athlete_id,
        athlete_name=athlete_name,
    )


def token_error(fault: ErrorBody) -> PaceportError:
    """What a refusal of the token endpoint means. The error is returned, not raised.

    The tuples are told apart by resource and field, not by the status: a dead refresh token and a wrong client id are
    both a 400 and have different repairs.
    """
    general = general_error(fault)
    if general is not None:
        return general
    if fault.has_detail("Application", "client_id"):
        return AppCredentialsWrong(part="client id", why="Strava knows no app of that number")
    if fault.has_detail("Application", "client_secret") or (
        fault.status in {0, 401} and fault.has_detail("Application", "")
    ):
        return AppCredentialsWrong(part="client secret", why="the app exists, and its secret is another one")
    if fault.has_detail("AuthorizationCode", None, "expired"):
        return CodeRefused(expired=True)
    # RequestToken is what the same fault was called in 2018.
    if fault.has_detail("AuthorizationCode") or fault.has_detail("RequestToken"):
        return CodeRefused()
    if fault.has_detail("RefreshToken"):
        return LoginNeeded(
            what="Strava no longer accepts the stored login",
            why="its refresh token was revoked, or replaced by a newer one that was not stored here",
        )
    return _undocumented(fault)


def _undocumented(fault: ErrorBody) -> UnexpectedAnswer:
    return UnexpectedAnswer(
        what="Strava's token endpoint gave an answer that is not in the documentation",
        why=mask_secrets(str(fault)),
        fix="try again; if it stays: paceport doctor",
        fault=fault,
    )


def _token_form(oauth_url: str, client_id: str, client_secret: Secret, fields: dict[str, str]) -> Request:
    return _form(
        f"{oauth_url.rstrip('/')}/oauth/token",
        {"client_id": client_id, "client_secret": client_secret.reveal(), **fields},
    )


def _form(url: str, fields: dict[str, str], **headers: str) -> Request:
    headers["content-type"] = "application/x-www-form-urlencoded"
    return Request(method="POST", url=url, headers=headers, body=urlencode(fields).encode())


def _json_object(body: bytes) -> dict[str, Any]:
    if len(body) > _LARGEST_ANSWER:
        _unexpected("it is far larger than a token")
    try:
        answer = json.loads(body, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise AnswerLost(host="Strava's token endpoint", why="the answer is no JSON, or was cut short") from error
    if not isinstance(answer, dict):
        _unexpected("it is not a JSON object")
    return answer


def _no_constant(word: str) -> NoReturn:
    raise ValueError(word)


def _secret(answer: dict[str, Any], field: str) -> Secret:
    value = answer.get(field)
    if not isinstance(value, str) or not _TOKEN.fullmatch(value):
        _unexpected(f"its {field} is missing or malformed")
    return Secret(value)


def _whole(value: object, field: str, *, most: int) -> int:
    # JSON's true is an int to Python; 21600.0 is not what the documentation promises.
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
        _unexpected(f"its {field} is not a sensible whole number")
    return value


def _moment(value: object) -> datetime:
    # Before 2009 there was no Strava; a moment beyond 2100 is milliseconds or worse.
    seconds = _whole(value, "expires_at", most=4_102_444_800)
    if seconds < 1_230_768_000:
        _unexpected("its expires_at lies before Strava was founded")
    return datetime.fromtimestamp(seconds, UTC)


def _athlete(value: object) -> tuple[int | None, str]:
    if value is None:
        return None, ""
    if not isinstance(value, dict):
        _unexpected("its athlete is not an object")
    names = [value.get("firstname"), value.get("lastname")]
    name = " ".join(clean(part).strip() for part in names if isinstance(part, str) and clean(part).strip())
    athlete_id = _whole(value.get("id"), "athlete id", most=_LARGEST_ID)
    return athlete_id, name[:_LONGEST_NAME]


def _unexpected(why: str) -> NoReturn:
    raise UnexpectedAnswer(
        what="Strava's token endpoint gave an answer that is not in the documentation",
        why=why,
        fix="try again; if it stays: paceport doctor",
    )
