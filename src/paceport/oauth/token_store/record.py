"""Grants and apps as JSON and back. Reading checks every field; unknown fields are ignored, as newer versions need."""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any, cast, get_args
from urllib.parse import urlsplit

from paceport.errors import StoreTooNew, StoreUnreadable
from paceport.http_message import origin_of
from paceport.oauth.token_store.base import App, Grant, GrantKey, GrantStatus, ScopesKnownBy
from paceport.scopes import Scopes, parse_granted
from paceport.secret import Secret

SCHEMA = 1


def grant_slug(key: GrantKey) -> str:
    """The name of a grant's files: readable, and different for every key. Public contract: the lock's path has it."""
    athlete = "unknown" if key.athlete_id is None else str(key.athlete_id)
    return _slug(key.oauth_origin, key.client_id, athlete)


def app_slug(oauth_url: str, client_id: str) -> str:
    """The name of an app's file."""
    return _slug(origin_of(oauth_url), client_id)


def write_grant(grant: Grant, *, rests_at: str) -> bytes:
    """The record as JSON. `rests_at` says where it is saved, so that a copy can be told from the original."""
    record = {
        "schema": SCHEMA,
        "profile": grant.profile,
        "oauth_url": grant.oauth_url,
        "api_url": grant.api_url,
        "client_id": grant.client_id,
        "athlete_id": grant.athlete_id,
        "athlete_name": grant.athlete_name,
        "generation": grant.generation,
        "access_token": grant.access_token.reveal(),
        "refresh_token": grant.refresh_token.reveal(),
        "expires_at": _seconds(grant.expires_at),
        "received_at": _seconds(grant.received_at),
        "expires_in": grant.expires_in_s,
        "clock_offset_s": grant.clock_offset_s,
        "scopes": None if grant.scopes is None else list(grant.scopes),
        "scopes_known_by": grant.scopes_known_by,
        "status": grant.status,
        "status_reason": grant.status_reason,
        "rests_at": rests_at,
    }
    return _encode(record)


def read_grant(content: bytes, *, path: str, rests_at: str) -> Grant:
    """The grant in a record that lies at `path`. Raises StoreUnreadable or StoreTooNew, naming it."""
    record = _Fields(content, path=path)
    saved_at = record.text("rests_at", default="")
    return Grant(
        profile=record.text("profile"),
        oauth_url=record.url("oauth_url"),
        api_url=record.url("api_url"),
        client_id=record.text("client_id"),
        athlete_id=record.whole_or_none("athlete_id"),
        athlete_name=record.text("athlete_name", default=""),
        generation=record.whole("generation"),
        access_token=Secret(record.text("access_token")),
        refresh_token=Secret(record.text("refresh_token")),
        expires_at=record.moment("expires_at"),
        received_at=record.moment("received_at"),
        expires_in_s=record.whole("expires_in"),
        clock_offset_s=record.number("clock_offset_s"),
        scopes=record.scopes(),
        scopes_known_by=cast("ScopesKnownBy", record.one_of("scopes_known_by", get_args(ScopesKnownBy))),
        status=cast("GrantStatus", record.one_of("status", get_args(GrantStatus))),
        status_reason=record.text("status_reason", default=""),
        copied_from=saved_at if saved_at != rests_at else "",
    )


def profile_in(content: bytes) -> str:
    """The profile that a damaged record names, as far as it can be seen; "" where it cannot."""
    found = re.search(rb'"profile": ?"([A-Za-z0-9._-]{1,64})"', content)
    return found[1].decode() if found else ""


def distinct(grants: Iterable[Grant]) -> list[Grant]:
    """The grants, ordered by profile and key; of two with one refresh token the one that names its athlete."""
    found = list(grants)
    named = {_token_of(grant) for grant in found if grant.athlete_id is not None and grant.refresh_token}
    kept = [grant for grant in found if grant.athlete_id is not None or _token_of(grant) not in named]
    return sorted(kept, key=_order)


def _token_of(grant: Grant) -> tuple[str, str, str]:
    return grant.key.oauth_origin, grant.client_id, grant.refresh_token.digest()


def _order(grant: Grant) -> tuple[str, str, str, int]:
    return grant.profile, grant.key.oauth_origin, grant.client_id, grant.athlete_id or 0


def write_app(app: App) -> bytes:
    """The app as JSON."""
    return _encode(
        {
            "schema": SCHEMA,
            "oauth_url": app.oauth_url,
            "client_id": app.client_id,
            "client_secret": app.client_secret.reveal(),
        }
    )


def read_app(content: bytes, *, path: str) -> App:
    """The app in a record that lies at `path`. Raises StoreUnreadable or StoreTooNew, naming it."""
    record = _Fields(content, path=path)
    return App(
        oauth_url=record.url("oauth_url"),
        client_id=record.text("client_id"),
        client_secret=Secret(record.text("client_secret")),
    )


def _slug(origin: str, *parts: str) -> str:
    host = urlsplit(origin).netloc
    shown = "-".join(re.sub(r"[^A-Za-z0-9._]+", "_", part)[:60] for part in (host, *parts))
    digest = hashlib.sha256("\n".join((origin, *parts)).encode()).hexdigest()[:8]
    return f"{shown}-{digest}"


def _encode(record: dict[str, object]) -> bytes:
    return json.dumps(record, indent=1, ensure_ascii=True, allow_nan=False).encode() + b"\n"


def _seconds(moment: datetime) -> int | float:
    seconds = moment.timestamp()
    return int(seconds) if seconds.is_integer() else seconds


class _Fields:
    """The fields of a JSON record, each asked for by name and kind; anything else is an error that names the file."""

    def __init__(self, content: bytes, *, path: str) -> None:
        self._path = path
        try:
            record: Any = json.loads(content)
        except (ValueError, RecursionError) as error:
            raise self._bad("it is incomplete JSON: half written, or from another program") from error
        if not isinstance(record, dict):
            raise self._bad("it is JSON, but not a Paceport record")
        self._record: dict[str, Any] = record
        schema = self.whole("schema")
        if schema > SCHEMA:
            raise StoreTooNew(path=path, found=schema, know=SCHEMA)

    def text(self, name: str, *, default: str | None = None) -> str:
        return cast("str", self._get(name, lambda value: isinstance(value, str), "a text", default))

    def url(self, name: str) -> str:
        text = self.text(name)
        try:
            origin_of(text)
        except ValueError as error:
            raise self._bad(f"its field {name!r} is not a URL") from error
        return text

    def whole(self, name: str) -> int:
        return cast("int", self._get(name, _is_whole, "a whole number"))

    def whole_or_none(self, name: str) -> int | None:
        return cast("int | None", self._get(name, lambda value: value is None or _is_whole(value), "a whole number"))

    def number(self, name: str) -> float:
        return float(cast("float", self._get(name, _is_number, "a number")))

    def moment(self, name: str) -> datetime:
        seconds = self.number(name)
        try:
            return datetime.fromtimestamp(seconds, UTC)
        except (OverflowError, ValueError, OSError) as error:
            raise self._bad(f"its field {name!r} is no time") from error

    def one_of(self, name: str, words: tuple[str, ...]) -> str:
        return cast("str", self._get(name, lambda value: value in words, f"one of {', '.join(words)}"))

    def scopes(self) -> Scopes | None:
        words = self._get("scopes", _is_words, "a list of scopes")
        return None if words is None else parse_granted(",".join(cast("list[str]", words)))

    def _get(self, name: str, is_right: Callable[[Any], bool], kind: str, default: object = None) -> object:
        value = self._record.get(name, default)
        if not is_right(value):
            raise self._bad(f"its field {name!r} is not {kind}")
        return value

    def _bad(self, why: str) -> StoreUnreadable:
        return StoreUnreadable(path=self._path, why=why)


def _is_whole(value: Any) -> bool:  # noqa: ANN401  # anything a JSON file may hold
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63


def _is_number(value: Any) -> bool:  # noqa: ANN401  # anything a JSON file may hold
    return _is_whole(value) or (isinstance(value, float) and math.isfinite(value))


def _is_words(value: Any) -> bool:  # noqa: ANN401  # anything a JSON file may hold
    return value is None or (isinstance(value, list) and all(isinstance(word, str) for word in value))
