"""Tokens in all the formats they come in: an answer of the token endpoint, a token file, a `.env`, a configuration.

The files of other tools, as read in their public sources in November 2026: strava-offline keeps the OAuth library's
own JSON (`token_type`, `access_token`, `refresh_token`, `expires_in`, `expires_at` with a fraction, `scope` as a list
or a text); stravalib's guides keep `access_token`, `refresh_token`, `expires_at` as JSON (or a pair of that and the
athlete), or as a pickle, and id and secret in a `.env`, where people put their tokens too, under varying names;
strava-mcp keeps `clientId`, `clientSecret`, `accessToken`, `refreshToken`, `expiresAt` in its config.json;
strava-ruby-client shows `refresh_token: …` in a page and reads a `.env`.

The refresh token alone suffices: whatever else is missing, odd or malformed is left out, and an expiry that is not
known for sure means that the first use refreshes.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import NoReturn

from paceport.errors import FileError
from paceport.lazy_dataclass import dataclass
from paceport.oauth.import_tokens.token_fields import distinct, is_placeholder, nearest, refresh_tokens, role_of
from paceport.oauth.import_tokens.token_shapes import Flat, Path, flatten_text
from paceport.scopes import Scopes, parse_granted
from paceport.secret import Secret
from paceport.text import clean

LARGEST = 512 * 1024

_TOKEN = re.compile(r"[!-~]{8,1024}")
_CLIENT_ID = re.compile(r"\d{1,19}")
_CLIENT_SECRET = re.compile(r"[0-9a-fA-F]{40}")
# As Ruby prints a moment, and others.
_ZONED = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d(?:\.\d+)?)\s?(Z|UTC|GMT|[+-]\d\d:?\d\d)")
# Before 2009 there was no Strava; a moment beyond 2100 is in milliseconds, or worse.
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
        _refuse(name, "it is much larger than a token")
    has_access = False
    for values in flatten_text(text):
        found = refresh_tokens(_joined_pair(values))
        if found:
            return _imported(_joined_pair(values), _the_only(found, name), name)
        has_access = has_access or any(role_of(path) == "access_token" for path, _ in values)
    if not has_access:
        _refuse(name, "it contains neither an access token nor a refresh token")
    raise FileError(
        path=name,
        why="it contains no refresh token, and an access token alone expires within six hours",
        fix="until then use it with: export STRAVA_ACCESS_TOKEN=…; permanently: paceport login",
    )


def _the_only(found: list[tuple[Path, object]], name: str) -> tuple[Path, object]:
    given = [one for one in found if not is_placeholder(one[1])]
    if not given:
        _refuse(name, "it contains a placeholder in place of the refresh token")
    tokens = [one for one in given if isinstance(one[1], str) and _TOKEN.fullmatch(one[1].strip())]
    if not tokens:
        _refuse(name, "what it calls a token is not one")
    different = distinct(tokens)
    if len(different) > 1:
        _refuse(
            name,
            f"it holds {len(different)} different refresh tokens",
            fix="give the part of one login alone, for example on stdin: paceport adopt < FILE",
        )
    return different[0]


def _imported(values: Flat, found: tuple[Path, object], name: str) -> ImportedTokens:
    path, refresh_token = found
    access_token = nearest("access_token", path, values)
    client_id = _whole_number(nearest("client_id", path, values, is_everywhere=True))
    secret = str(nearest("client_secret", path, values, is_everywhere=True) or "").strip()
    athlete_id = _whole_number(nearest("athlete_id", path, values))
    names = [nearest(part, path, values) for part in ("firstname", "lastname")]
    return ImportedTokens(
        refresh_token=_token(refresh_token) or _refuse(name, "what it calls a token is not one"),
        access_token=_token(access_token),
        expires_at=_moment(nearest("expires_at", path, values)),
        scopes=_scopes(nearest("scope", path, values)),
        athlete_id=int(athlete_id) if athlete_id and 0 < int(athlete_id) < 2**63 else None,
        athlete_name=" ".join(clean(part).strip() for part in names if isinstance(part, str) and part.strip())[:100],
        client_id=client_id,
        client_secret=Secret(secret) if _CLIENT_SECRET.fullmatch(secret) else None,
    )


def _joined_pair(values: Flat) -> Flat:
    """stravalib gives the pair (token, athlete) where the athlete was asked for: the athlete goes into the token."""
    heads = {path[0] for path, _ in values if path}
    if heads != {"[0]", "[1]"} or any(path[0] == "[1]" and role_of(path) for path, _ in values):
        return values
    return [(path[1:] if path[0] == "[0]" else ("athlete", *path[1:]), value) for path, value in values]


def _token(value: object) -> Secret | None:
    text = value.strip() if isinstance(value, str) else ""
    return Secret(text) if _TOKEN.fullmatch(text) and not is_placeholder(text) else None


def _whole_number(value: object) -> str | None:
    text = str(value).strip().removesuffix(".0")
    return text if _CLIENT_ID.fullmatch(text) else None


def _moment(value: object) -> datetime | None:
    """Epoch seconds or their thousandths, with a fraction or as a text, or a date with its zone; else None."""
    text = str(value).strip() if isinstance(value, str | int | float) else ""
    if isinstance(value, datetime):
        return value.astimezone(UTC) if value.tzinfo is not None else None
    try:
        if re.fullmatch(r"\d{1,17}(\.\d*)?", text):
            return _epoch(float(text))
        zoned = _ZONED.fullmatch(text)
        if zoned is None:
            return None
        zone = "+00:00" if zoned[3] in {"Z", "UTC", "GMT"} else zoned[3]
        return datetime.fromisoformat(f"{zoned[1]}T{zoned[2]}{zone}").astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _epoch(number: float) -> datetime | None:
    # JavaScript counts milliseconds.
    seconds = number / 1000 if number > _LATEST_S else number
    return datetime.fromtimestamp(seconds, UTC) if _EARLIEST_S <= seconds <= _LATEST_S else None


def _scopes(value: object) -> Scopes | None:
    if isinstance(value, list):
        value = ",".join(part for part in value if isinstance(part, str))
    scopes = parse_granted(value) if isinstance(value, str) and value.strip() else None
    return scopes if scopes is not None and scopes.words else None


def _refuse(name: str, why: str, *, fix: str = "") -> NoReturn:
    raise FileError(
        path=name,
        why=why,
        fix=fix or "give the JSON answer of a token exchange, a token file, or a .env: paceport adopt FILE",
    )
