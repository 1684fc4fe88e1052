"""The secret that decides where hidden circles lie, kept beside the athlete's own data, and the circles themselves."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from paceport.errors import StoreUnreadable
from paceport.maps.private_places import FEWEST_RUNS, ShiftKey, find_places, hide_places
from paceport.storage.private_files import read_private, replace_private
from paceport.storage.process_lock import hold_short_lock

if TYPE_CHECKING:
    from paceport.maps.place import HiddenCircle, Place
    from paceport.profile.settings import Settings

FILE_NAME = "private-places.json"
FEW_RUNS = 10
_SECRET_BYTES = 32
_LOCK_WAIT_S = 10.0


class _KeyFile(msgspec.Struct, frozen=True, kw_only=True):
    """The file: a secret in hexadecimal, and marks of squares, which without the secret say nothing."""

    secret: str
    marks: list[str] = []


def hidden_circles(
    settings: Settings, folder: Path, ends_deg: Sequence[Sequence[tuple[float, float]]], *, is_picture: bool
) -> list[HiddenCircle]:
    """The circles that are left out of everything meant for others, for runs with these ends.

    The secret rests in `folder`. `is_picture`: of fewer than ten runs every end counts, since nobody can tell yet
    where many begin. Raises StoreErrors; a key that cannot be kept would give another circle the next time.
    """
    places = list(settings.private_places.values())
    if settings.private_radius_m:
        fewest = 1 if is_picture and len(ends_deg) < FEW_RUNS else FEWEST_RUNS
        places += find_places(ends_deg, radius_m=settings.private_radius_m, fewest=fewest)
    if not places:
        return []
    path = folder / FILE_NAME
    key = _read_key(path)
    circles, grown = hide_places(places, key) if key is not None else ([], None)
    return circles if key is not None and grown == key else _kept_circles(places, path)


def _kept_circles(places: Sequence[Place], path: Path) -> list[HiddenCircle]:
    """The circles of these places, with what decides about them kept: other processes and threads wait meanwhile.

    Two that added to it at the same moment would lose the mark of one, and its circle would move later.
    """
    lock = path.with_suffix(".lock")
    with hold_short_lock(lock, timeout_s=_LOCK_WAIT_S, what="The secret of your private places is in use"):
        key = _read_key(path)
        circles, grown = hide_places(places, key or ShiftKey(secret=secrets.token_bytes(_SECRET_BYTES)))
        if grown != key:
            replace_private(path, _content(grown))
    return circles


def _read_key(path: Path) -> ShiftKey | None:
    """The key; None where there is none yet."""
    content = read_private(path)
    if content is None:
        return None
    try:
        found = msgspec.json.decode(content, type=_KeyFile)
        secret = bytes.fromhex(found.secret)
    except ValueError as error:
        secret, why = b"", str(error)
    else:
        why = "its secret is too short"
    if len(secret) < _SECRET_BYTES:
        raise StoreUnreadable(
            path=str(path),
            why=f"{why}; another secret would move the circles that hide where you live, and so give the place away",
            fix="restore it from a backup; only if no track of yours was ever shown, delete it",
        )
    return ShiftKey(secret=secret, marks=frozenset(found.marks))


def _content(key: ShiftKey) -> bytes:
    return msgspec.json.encode(_KeyFile(secret=key.secret.hex(), marks=sorted(key.marks)))
