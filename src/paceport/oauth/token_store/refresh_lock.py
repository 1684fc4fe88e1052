"""The refresh lock: one process at a time may refresh a grant, replace it or forget it."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path

from paceport.clock import Clock
from paceport.oauth.token_store.base import GrantKey
from paceport.oauth.token_store.record import grant_slug
from paceport.storage import process_lock


def hold_refresh_lock(path: Path, key: GrantKey, *, timeout_s: float, clock: Clock) -> AbstractContextManager[None]:
    """Hold the lock file of a grant for the block. Raises Busy, naming the holder, after `timeout_s` seconds."""
    return process_lock.hold_lock(path, timeout_s=timeout_s, clock=clock, what=f"the login {grant_slug(key)}")
