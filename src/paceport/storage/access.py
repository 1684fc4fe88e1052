"""Whether a path may be looked at, read or written by this user, and if not, why; and a relative path made whole."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from paceport.errors import StoreUnreadable, UsageError


def is_there(path: Path) -> bool:
    """Whether something is at a path; a link to nothing is nothing.

    `Path.exists` raises where a folder on the way may not be entered. Raises StoreUnreadable instead, which names it.
    """
    try:
        return path.exists()
    except OSError as error:
        raise StoreUnreadable(
            path=str(path), why=denial(path) or (error.strerror or str(error)).lower(), fix=_FIX
        ) from error


def absolute(path: Path) -> Path:
    """A path from the root. Raises UsageError for a relative one if the current folder has been deleted meanwhile."""
    try:
        return path.absolute()
    except FileNotFoundError as error:
        raise UsageError(
            what=f"{path} is relative to a folder that was deleted",
            why="the command was started in a folder that is no longer there",
            fix="change to another folder with cd, or give the whole path",
        ) from error


def denial(path: Path, *, write: bool = False) -> str:
    """Why this user may not read (or write) a path, naming the folder or owner that stands in the way; "" if they may.

    A path that does not exist may be read; whether it may be written is up to the nearest folder that exists.
    """
    for place in (*reversed(path.parents), path):
        try:
            place.stat()
        except PermissionError:
            return f"the folder {place.parent} may not be entered{_owner(place.parent)}"
        except OSError:
            return denial(place.parent, write=True) if write and place.parent != place else ""
        if place != path and not os.access(place, os.X_OK):
            return f"the folder {place} may not be entered{_owner(place)}"
        if place == path and not os.access(place, os.R_OK):
            return f"{place} may not be read{_owner(place)}"
    if write and not os.access(path, os.W_OK):
        return f"it may only be read{_owner(path)}"
    if write and not path.is_dir() and not os.access(path.parent, os.W_OK):
        return f"its folder {path.parent} may only be read{_owner(path.parent)}"
    return ""


_FIX = "run as its owner, or make it readable for you"


def _owner(path: Path) -> str:
    if sys.platform == "win32":
        return ""
    try:
        uid = path.stat().st_uid
    except OSError:
        return ""
    return f" (it belongs to uid {uid}, you are {os.geteuid()})" if uid != os.geteuid() else ""
