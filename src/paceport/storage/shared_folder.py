"""Folders for what is shared between processes, closed to other users from birth."""

from __future__ import annotations

from pathlib import Path


def make_owner_only_folder(path: Path) -> None:
    """Make sure that a folder is there; it and every parent that was missing are open to this user alone.

    `mkdir(parents=True)` would leave the parents open to all, and the folder of the logins may be one of them: it is
    refused from then on. Raises OSError.
    """
    if not path.is_dir():
        make_owner_only_folder(path.parent)
        path.mkdir(mode=0o700, exist_ok=True)
