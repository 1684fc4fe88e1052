"""Tokens in the shapes they lie around in: an answer of the token endpoint, a token file, a `.env`.

The files of other tools, as read in their public sources in November 2026: strava-offline keeps the OAuth library's
own JSON (`token_type`, `access_token`, `refresh_token`, `expires_in`, `expires_at` with a fraction, `scope` as a list
or a text); stravalib's guides keep `access_token`, `refresh_token`, `expires_at` as JSON (or a pair of that and the
athlete), and id and secret in a `.env`, where people put their tokens too, under varying names.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NoReturn

from paceport.errors import FileError
from paceport.scopes import Scopes, parse_granted
from paceport.secret import Secret
from paceport.text import clean

LARGEST = 64 * 1024

_TOKEN = re.compile(r"[!-~]{8,1024}")
_LINE = re.compile(r"\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*?)\s*$")
_NAMES = {
    "access_token": ("access_token",),
    "refresh_token": ("refresh_token",),
    "expires_at": ("expires_at", "token_expires", "token_expires_at", "access_token_expires_at"),
    "scope": ("scope", "scopes"),
    "client_id": ("client_id",),
    "client_secret": ("client_secret",),
}
# Before 2009 there was no Strava; a moment beyond 2100 is milliseconds or worse.
_EARLIEST_S, _LATEST_S = 1_230_768_000, 4_102_444_800


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedTokens:
    """What a text held. `access_token` is None where it named the refresh token alone, `expires_at` where unsaid.

    `scopes` is what the text itself claims, None where it claims nothing.
    """

    refresh_token: Secret
    access_token: Secret | None = None
    expires_at: datetime | None = None
    scopes: Scopes | None = None
    athlete_id: int | None = None
    athlete_name: str = ""
    client_id: str | None = None
    client_secret: Secret | None = None


def parse_tokens(text: str, *, name: str) -> ImportedTokens:
    """The tokens in a text; `name` says where it came from. Raises FileError, which repeats nothing of the text."""
    if len(text) > LARGEST:
        _refuse(name, "it is far larger than a token")
    fields = _json_fields(text)
    if fields is None:
        fields = _env_fields(text)
    if "refresh_token" not in fields and "access_token" not in fields:
        _refuse(name, "it holds neither an access token nor a refresh token")
    if "refresh_token" not in fields:
        _refuse(
            name,
            "it holds no refresh token, and an access token alone dies within six hours",
            fix="until then it can be lent: export STRAVA_ACCESS_TOKEN=…; for good: paceport login",
        )
    athlete = fields.get("athlete")
    secret = fields.get("client_secret")
    return ImportedTokens(
        refresh_token=_token(fields["refresh_token"], name),
        access_token=_token(fields["access_token"], name) if fields.get("access_token") else None,
        expires_at=_moment(fields.get("expires_at"), name),
        scopes=_scopes(fields.get("scope")),
        athlete_id=_athlete_id(athlete),
        athlete_name=_athlete_name(athlete),
        client_id=str(fields["client_id"]).strip() if fields.get("client_id") else None,
        client_secret=Secret(str(secret).strip()) if secret else None,
    )


def _json_fields(text: str) -> dict[str, Any] | None:
    """The first JSON object in the text (curl -i prints headers before it), or None where there is none."""
    start = min((at for at in (text.find("{"), text.find("[{")) if at >= 0), default=-1)
    if start < 0:
        return None
    try:
        value, _ = json.JSONDecoder().raw_decode(text[start:])
    except (ValueError, RecursionError):
        return None
    if isinstance(value, list):
        # stravalib gives the pair (token, athlete), where the athlete was asked for.
        token, athlete = value[0], value[1] if len(value) > 1 else None
        value = {**token, "athlete": athlete} if isinstance(token, dict) else {}
    return {key: part for key, part in value.items() if part is not None} if isinstance(value, dict) else None


def _env_fields(text: str) -> dict[str, Any]:
    """The lines NAME=value whose names, with or without STRAVA_, are known."""
    given: dict[str, str] = {}
    for line in text.splitlines():
        match = _LINE.match(line)
        if match:
            given[match.group(1).lower().removeprefix("strava_")] = _unquoted(match.group(2))
    return {
        field: given[spelling] for field, spellings in _NAMES.items() for spelling in spellings if given.get(spelling)
    }


def _unquoted(value: str) -> str:
    for quote in ("'", '"'):
        if value.startswith(quote) and value.find(quote, 1) > 0:
            return value[1 : value.find(quote, 1)]
    return re.split(r"\s+#", value, maxsplit=1)[0].strip()


def _token(value: object, name: str) -> Secret:
    if not isinstance(value, str) or not _TOKEN.fullmatch(value.strip()):
        _refuse(name, "what it calls a token cannot be one")
    return Secret(value.strip())


def _moment(value: object, name: str) -> datetime | None:
    """Epoch seconds, with a fraction or as a text, or an ISO date with its zone."""
    if value is None:
        return None
    text = str(value)
    try:
        moment = _epoch(float(text)) if re.fullmatch(r"\d+(\.\d*)?", text) else datetime.fromisoformat(text)
    except (ValueError, OverflowError):
        moment = None
    if moment is None or moment.tzinfo is None:
        _refuse(name, "its moment of expiry is no moment")
    return moment.astimezone(UTC)


def _epoch(seconds: float) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if _EARLIEST_S <= seconds <= _LATEST_S else None


def _scopes(value: object) -> Scopes | None:
    if isinstance(value, list):
        value = ",".join(part for part in value if isinstance(part, str))
    return parse_granted(value) if isinstance(value, str) and value.strip() else None


def _athlete_id(athlete: object) -> int | None:
    found = athlete.get("id") if isinstance(athlete, dict) else None
    return found if isinstance(found, int) and not isinstance(found, bool) and 0 < found < 2**63 else None


def _athlete_name(athlete: object) -> str:
    parts = [athlete.get("firstname"), athlete.get("lastname")] if isinstance(athlete, dict) else []
    return " ".join(clean(part).strip() for part in parts if isinstance(part, str) and part.strip())[:100]


def _refuse(name: str, why: str, *, fix: str = "") -> NoReturn:
    raise FileError(
        path=name,
        why=why,
        fix=fix or "give the JSON answer of a token exchange, a token file, or a .env: paceport adopt FILE",
    )
