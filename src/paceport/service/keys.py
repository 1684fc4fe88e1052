"""Makes keys of the broker."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence

from paceport.clock import Clock
from paceport.errors import UsageError
from paceport.scopes import Scopes
from paceport.secret import Secret
from paceport.service.broker import PREFIX
from paceport.storage.postgres.api_keys import ApiKeys

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


def add_key(keys: ApiKeys, name: str, *, scopes: Scopes, athletes: Sequence[int] | None, clock: Clock) -> Secret:
    """A new key, to be shown once: only its digest is stored. Raises UsageError and StoreErrors."""
    if not _NAME.fullmatch(name):
        raise UsageError(
            what="A key needs a name",
            why="at most 64 letters, digits, dots, dashes and underscores",
            fix="paceport service keys add dashboard",
        )
    key = Secret(PREFIX + secrets.token_urlsafe(32))
    if not keys.add(name, key.reveal(), scopes=str(scopes), athletes=athletes, now=clock.now()):
        raise UsageError(
            what=f"There is a key called {name} already",
            why="a name belongs to one key, so that it can be removed by it",
            fix=f"choose another, or first: paceport service keys remove {name}",
        )
    return key
