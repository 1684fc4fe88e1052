"""A login that was started and waits for its address: one small file, readable by this user alone, for ten minutes."""

from __future__ import annotations

import json
from dataclasses import field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from secrets import token_hex
from typing import Any

from paceport.errors import LoginTimeout, StoreTooNew, StoreUnreadable, StoreUnsafe
from paceport.lazy_dataclass import dataclass
from paceport.scopes import Scopes, parse_granted
from paceport.storage.private_files import make_owner_folder, read_private, remove_private, replace_private

LIFETIME = timedelta(minutes=10)

_SCHEMA = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class StartedLogin:
    """What the answer to a started login must match, and what is to be done with it."""

    state: str = field(repr=False)
    oauth_url: str
    api_url: str
    client_id: str
    profile: str
    requested_scopes: Scopes
    is_strict: bool
    replaces_athlete: bool
    only_athlete_id: int | None
    started_at: datetime


def save_started_login(path: Path, pending: StartedLogin) -> None:
    """Write a started login in place of an earlier one. Raises StoreUnsafe, StoreUnwritable."""
    record = {
        "schema": _SCHEMA,
        "state": pending.state,
        "oauth_url": pending.oauth_url,
        "api_url": pending.api_url,
        "client_id": pending.client_id,
        "profile": pending.profile,
        "asked": str(pending.requested_scopes),
        "is_strict": pending.is_strict,
        "replaces_athlete": pending.replaces_athlete,
        "only_athlete_id": pending.only_athlete_id,
        "started_at": int(pending.started_at.timestamp()),
    }
    make_owner_folder(path.parent)
    # Another terminal may start one at the same moment: the later one counts, and each has a draft of its own.
    replace_private(path, json.dumps(record).encode(), draft=path.with_name(f"{path.name}.{token_hex(4)}.new"))


def load_started_login(path: Path, *, now: datetime, start_again: str = "paceport login --start") -> StartedLogin:
    """The started login; `start_again` is the command that the errors name.

    Raises LoginTimeout where there is none younger than ten minutes, and StoreErrors."""
    content = _read(path, start_again)
    if content is None:
        raise LoginTimeout(
            what="No login was started here",
            why="no started login is waiting for its address; each accepts one answer",
            fix=start_again,
        )
    pending = _parse(path, content, start_again)
    if not timedelta(minutes=-1) < now - pending.started_at < LIFETIME:
        remove_started_login(path)
        raise LoginTimeout(
            what="The started login is too old",
            why="its address must be given within ten minutes",
            fix=start_again,
        )
    return pending


def remove_started_login(path: Path) -> None:
    """Forget a started login. Nothing happens where there is none. Raises StoreUnwritable."""
    remove_private(path)


def _read(path: Path, start_again: str) -> bytes | None:
    try:
        return read_private(path)
    except StoreUnsafe as error:
        why = f"others can read or replace it, so its answer cannot be trusted ({error.why})"
        raise StoreUnsafe(path=str(path), why=why, fix=f"remove it, then: {start_again}") from error
    except StoreUnreadable as error:
        raise StoreUnreadable(path=str(path), why=error.why, fix=f"remove it, then: {start_again}") from error


def _parse(path: Path, content: bytes, start_again: str) -> StartedLogin:
    try:
        record: dict[str, Any] = json.loads(content)
        if record["schema"] > _SCHEMA:
            raise StoreTooNew(path=str(path), found=int(record["schema"]), know=_SCHEMA)
        athlete_id = record["only_athlete_id"]
        return StartedLogin(
            state=_text(record, "state"),
            oauth_url=_text(record, "oauth_url"),
            api_url=_text(record, "api_url"),
            client_id=_text(record, "client_id"),
            profile=_text(record, "profile"),
            requested_scopes=parse_granted(_text(record, "asked")),
            is_strict=bool(record["is_strict"]),
            replaces_athlete=bool(record["replaces_athlete"]),
            only_athlete_id=None if athlete_id is None else int(athlete_id),
            started_at=datetime.fromtimestamp(record["started_at"], UTC),
        )
    except (ValueError, TypeError, KeyError, OverflowError, OSError, RecursionError) as error:
        raise StoreUnreadable(
            path=str(path), why="it is not a started login, or is incomplete", fix=f"remove it, then: {start_again}"
        ) from error


def _text(record: dict[str, Any], name: str) -> str:
    value = record[name]
    if not isinstance(value, str) or not value:
        raise ValueError(name)
    return value
