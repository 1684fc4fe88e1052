"""What commands have chosen for the user: which profile is in use, which app belongs to which profile.

`choices.json` in the state directory; `quick.py` reads its `profile` too, so that name and place are fixed.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import field, replace
from pathlib import Path

from paceport.clock import Clock
from paceport.errors import StoreTooNew, StoreUnreadable
from paceport.lazy_dataclass import dataclass
from paceport.storage.private_files import read_plain, replace_private
from paceport.storage.process_lock import hold_lock

SCHEMA = 1
_NAME = "choices.json"
_LOCK_TIMEOUT_S = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """`profile` is the one `use` chose, or None; `apps` maps "profile@origin" to a client id.

    `api_data` says whether API data may be kept for up to seven days; None where it was never answered.
    """

    profile: str | None = None
    apps: dict[str, str] = field(default_factory=dict)
    api_data: bool | None = None

    def client_id(self, profile: str, origin: str) -> str | None:
        """The app that `init` tied to this profile at this server."""
        return self.apps.get(f"{profile}@{origin}")

    def with_app(self, profile: str, origin: str, client_id: str) -> Choices:
        return replace(self, apps={**self.apps, f"{profile}@{origin}": client_id})


def read_choices(state: Path) -> Choices:
    """The choices made so far; none where the file is missing. Raises StoreUnreadable, StoreTooNew."""
    path = state / _NAME
    content = read_plain(path)
    if content is None:
        return Choices()
    try:
        record = json.loads(content)
        if not isinstance(record, dict):
            raise TypeError("it is JSON, but no object")
        schema = record.get("schema")
        if type(schema) is not int:
            raise TypeError("its schema is no number")
        if schema > SCHEMA:
            raise StoreTooNew(path=str(path), found=schema, know=SCHEMA)
        return _choices(record)
    except (ValueError, TypeError, RecursionError) as error:
        raise StoreUnreadable(
            path=str(path), why=f"it does not contain choices ({error})", fix="delete it; it does not contain a login"
        ) from error


def _choices(record: dict[str, object]) -> Choices:
    """The choices of a record of today's schema. Raises TypeError for what is of another kind."""
    profile, apps, api_data = (record.get(name) for name in ("profile", "apps", "api_data"))
    if not isinstance(profile, str | None):
        raise TypeError("its profile is no text")
    known = apps if apps is not None else {}
    if not isinstance(known, dict) or not all(type(client_id) in (str, int) for client_id in known.values()):
        raise TypeError("its apps are no table of client ids")
    return Choices(
        profile=profile or None,
        apps={name: str(client_id) for name, client_id in known.items()},
        # An answer that this version does not know is none.
        api_data=api_data == "on" if api_data in ("on", "off") else None,
    )


def change_choices(state: Path, change: Callable[[Choices], Choices], *, clock: Clock) -> None:
    """Replace the choices by what `change` makes of those that are there now; other processes wait meanwhile.

    Nothing is written where nothing changes. Raises Busy, StoreUnreadable, StoreUnwritable, StoreUnsafe; the old ones
    then stay.
    """
    with hold_lock(state / "choices.lock", timeout_s=_LOCK_TIMEOUT_S, clock=clock, what="the list of choices"):
        before = read_choices(state)
        after = change(before)
        if after == before:
            return
        record: dict[str, object] = {"schema": SCHEMA, "profile": after.profile, "apps": after.apps}
        if after.api_data is not None:
            record["api_data"] = "on" if after.api_data else "off"
        replace_private(state / _NAME, json.dumps(record, indent=1).encode())
