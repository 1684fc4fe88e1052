"""Grants and apps as JSON and back. msgspec checks every field; unknown fields are ignored, as newer versions need."""

from __future__ import annotations

import hashlib
import json
import re
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar, get_args
from urllib.parse import urlsplit

import msgspec

from paceport.errors import StoreTooNew, StoreUnreadable
from paceport.http_message import origin_of
from paceport.oauth.token_store.base import App, Grant, GrantKey, GrantStatus, ScopesKnownBy
from paceport.scopes import parse_granted
from paceport.secret import Secret

SCHEMA = 1
_PLACE = re.compile(r"missing required field `(\w+)`|at `\$\.(\w+)")
_LARGEST = sys.float_info.max
_Whole = Annotated[int, msgspec.Meta(ge=1 - 2**63, le=2**63 - 1)]
_Number = Annotated[float, msgspec.Meta(ge=-_LARGEST, le=_LARGEST)]


class _Schema(msgspec.Struct, frozen=True):
    schema: _Whole


class _AppRecord(msgspec.Struct, frozen=True, kw_only=True):
    oauth_url: str
    client_id: str
    client_secret: Secret


class _GrantRecord(msgspec.Struct, frozen=True, kw_only=True):
    profile: str
    oauth_url: str
    api_url: str
    client_id: str
    athlete_id: _Whole | None = None
    athlete_name: str = ""
    generation: _Whole
    access_token: Secret
    refresh_token: Secret
    expires_at: _Number
    received_at: _Number
    expires_in: _Whole
    clock_offset_s: _Number
    scopes: list[str] | None = None
    scopes_known_by: ScopesKnownBy
    status: GrantStatus
    status_reason: str = ""
    rests_at: str = ""


_Record = TypeVar("_Record", bound=msgspec.Struct)
_MUST_BE = {
    **dict.fromkeys(("profile", "oauth_url", "api_url", "client_id", "client_secret", "athlete_name"), "a text"),
    **dict.fromkeys(("access_token", "refresh_token", "status_reason", "rests_at"), "a text"),
    **dict.fromkeys(("schema", "athlete_id", "generation", "expires_in"), "a whole number"),
    **dict.fromkeys(("expires_at", "received_at", "clock_offset_s"), "a number"),
    "scopes": "a list of scopes",
    "scopes_known_by": f"one of {', '.join(get_args(ScopesKnownBy))}",
    "status": f"one of {', '.join(get_args(GrantStatus))}",
}


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
    record = _decode(content, _GrantRecord, path=path)
    moments = {name: _moment(getattr(record, name), name, path=path) for name in ("expires_at", "received_at")}
    scopes = None if record.scopes is None else parse_granted(",".join(record.scopes))
    return Grant(
        profile=record.profile,
        oauth_url=_url(record.oauth_url, "oauth_url", path=path),
        api_url=_url(record.api_url, "api_url", path=path),
        client_id=record.client_id,
        athlete_id=record.athlete_id,
        athlete_name=record.athlete_name,
        generation=record.generation,
        access_token=record.access_token,
        refresh_token=record.refresh_token,
        expires_in_s=record.expires_in,
        clock_offset_s=record.clock_offset_s,
        scopes=scopes,
        scopes_known_by=record.scopes_known_by,
        status=record.status,
        status_reason=record.status_reason,
        copied_from=record.rests_at if record.rests_at != rests_at else "",
        **moments,
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
    record = _decode(content, _AppRecord, path=path)
    return App(
        oauth_url=_url(record.oauth_url, "oauth_url", path=path),
        client_id=record.client_id,
        client_secret=record.client_secret,
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


def _decode(content: bytes, kind: type[_Record], *, path: str) -> _Record:
    """A record of that kind, every field checked. The standard library parses: texts may hold what UTF-8 cannot."""
    try:
        fields: Any = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise StoreUnreadable(path=path, why="it is incomplete JSON: half written, or from another program") from error
    if not isinstance(fields, dict):
        raise StoreUnreadable(path=path, why="it is JSON, but not a Paceport record")
    schema = _convert({"schema": fields.get("schema")}, _Schema, path=path).schema
    if schema > SCHEMA:
        raise StoreTooNew(path=path, found=schema, know=SCHEMA)
    return _convert({name: fields[name] for name in kind.__struct_fields__ if name in fields}, kind, path=path)


def _convert(fields: dict[str, object], kind: type[_Record], *, path: str) -> _Record:
    try:
        return msgspec.convert(fields, kind, dec_hook=_secret)
    except msgspec.ValidationError as error:
        found = _PLACE.search(str(error))
        name = (found[1] or found[2]) if found else "schema"
    except UnicodeEncodeError:  # a text that UTF-8 cannot hold, where no text may be
        name = next(name for name, value in fields.items() if _MUST_BE[name] != "a text" and _is_broken(value))
    # Outside the handler: what msgspec says may quote a value, and no cause may show it.
    raise StoreUnreadable(path=path, why=f"its field {name!r} is not {_MUST_BE[name]}")


def _is_broken(value: object) -> bool:
    return isinstance(value, str) and any("\ud800" <= char <= "\udfff" for char in value)


def _secret(kind: type, value: object) -> Secret:
    if kind is not Secret or not isinstance(value, str):
        raise TypeError("not a text")
    return Secret(value)


def _url(text: str, name: str, *, path: str) -> str:
    try:
        origin_of(text)
    except ValueError as error:
        raise StoreUnreadable(path=path, why=f"its field {name!r} is not a URL") from error
    return text


def _moment(seconds: float, name: str, *, path: str) -> datetime:
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError) as error:
        raise StoreUnreadable(path=path, why=f"its field {name!r} is no time") from error
