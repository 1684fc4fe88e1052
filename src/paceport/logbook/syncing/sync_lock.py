"""The lock that a sync holds: one at a time writes to a cache, and none while its login is being ended."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path

from paceport.storage.process_lock import hold_short_lock


def hold_sync_lock(folder: Path, *, timeout_s: float = 0.0, what: str) -> AbstractContextManager[None]:
    """Keep other syncs out of the cache in `folder`. Raises Busy with `what`, StoreUnsafe and StoreUnwritable."""
    return hold_short_lock(folder / "sync.lock", timeout_s=timeout_s, what=what)
