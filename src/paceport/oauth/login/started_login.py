"""A login that was started and waits for its address: one small file, readable by this user alone, for ten minutes."""

from __future__ import annotations

import json
import os
import stat
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from paceport.errors import LoginTimeout, StoreTooNew, StoreUnreadable, StoreUnsafe, StoreUnwritable
from paceport.scopes import Scopes, parse_granted

LIFETIME = timedelta(minutes=10)

_SCHEMA = 1
_LARGEST = 64 * 1024
# Windows has neither; there the folder's access list protects the file.
_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)


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
    """Write a started login in place of an earlier one. Raises StoreUnwritable."""
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
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Removed and made anew: whatever lay there, a link among it, is not written through.
        path.unlink(missing_ok=True)
        fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_FOLLOW, 0o600)
        with os.fdopen(fd, "w", encoding="utf-8") as file:
            json.dump(record, file)
    except OSError as error:
        raise StoreUnwritable(path=str(path), why=error.strerror or str(error)) from error


def load_started_login(path: Path, *, now: datetime) -> StartedLogin:
    """The started login. Raises LoginTimeout where there is none younger than ten minutes, and StoreErrors."""
    text = _read(path)
    if text is None:
        raise LoginTimeout(
            what="No login was started here",
            why="there is none that waits for its address; each is good for one answer",
            fix="paceport login --start",
        )
    pending = _parse(path, text)
    if not timedelta(minutes=-1) < now - pending.started_at < LIFETIME:
        remove_started_login(path)
        raise LoginTimeout(
            what="The started login is too old",
            why="its address must come back within ten minutes",
            fix="paceport login --start",
        )
    return pending


def remove_started_login(path: Path) -> None:
    """Forget a started login. Nothing happens where there is none. Raises StoreUnwritable."""
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise StoreUnwritable(path=str(path), why=error.strerror or str(error)) from error


def _read(path: Path) -> str | None:
    try:
        fd = os.open(path, os.O_RDONLY | _NO_FOLLOW | getattr(os, "O_NONBLOCK", 0))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StoreUnreadable(
            path=str(path), why=error.strerror or str(error), fix="remove it, then: paceport login --start"
        ) from error
    with os.fdopen(fd, "rb") as file:
        status = os.fstat(fd)
        is_own = os.name != "posix" or (status.st_uid == os.geteuid() and not stat.S_IMODE(status.st_mode) & 0o077)
        if not stat.S_ISREG(status.st_mode) or not is_own or status.st_nlink > 1:
            raise StoreUnsafe(
                path=str(path),
                why="others can read or replace it, so its answer cannot be trusted",
                fix="remove it, then: paceport login --start",
            )
        return file.read(_LARGEST).decode("utf-8", "replace")


def _parse(path: Path, text: str) -> StartedLogin:
    try:
        record: dict[str, Any] = json.loads(text)
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
            path=str(path), why="it is not a started login, or not whole", fix="remove it, then: paceport login --start"
        ) from error


def _text(record: dict[str, Any], name: str) -> str:
    value = record[name]
    if not isinstance(value, str) or not value:
        raise ValueError(name)
    return value
