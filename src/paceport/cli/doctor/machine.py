"""What this machine is, and whether the stored files are safe."""

from __future__ import annotations

import os
import shutil
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from paceport.amount_text import size_text
from paceport.cli.doctor.finding import Finding
from paceport.errors import PaceportError, StoreUnreadable
from paceport.storage.access import denial, is_there
from paceport.storage.process_lock import are_locks_exclusive

EXTRAS = {
    "logbook": ("numpy", "zstandard", "fitdecode", "defusedxml", "tzdata", "tzfpy"),
    "report": ("jinja2",),
    "sandbox": ("numpy", "werkzeug", "jinja2", "fitdecode", "gpxpy", "defusedxml", "polyline"),
    "keyring": ("keyring",),
    "parquet": ("pyarrow",),
    "web": ("starlette", "uvicorn", "jinja2"),
    "watch": ("watchfiles",),
    "pictures": ("resvg_py",),
    "service": ("psycopg", "psycopg_pool", "cryptography", "procrastinate", "starlette"),
    "requests": ("requests",),
    "stravalib": ("stravalib",),
}
_LEAST_ROOM = 16 * 1024 * 1024
# A draft lives for the blink of a write; what is older belongs to a writer that died.
_DRAFT_AGE_S = 60.0


def about_python(version: tuple[int, int, int]) -> Finding:
    """Whether this Python is new enough."""
    said = ".".join(map(str, version))
    if version >= (3, 11, 0):
        return Finding(check="Python", state="ok", text=said, public=said)
    return Finding(check="Python", state="bad", text=said, public=said, fix="use Python 3.11 or newer")


def about_platform(name: str) -> Finding:
    """What is known of Paceport on this system; `name` is `sys.platform`."""
    if name.startswith("linux"):
        return Finding(check="platform", state="ok", text=f"{name}, tested", public=name)
    known = {"darwin": "macOS: the same code, untested", "win32": "Windows: written for it, untested"}
    return Finding(check="platform", state="note", text=known.get(name, f"{name}: untested"), public=name)


def about_extras(is_there: Callable[[str], bool]) -> Finding:
    """Which optional parts are installed; `is_there` answers for one module."""
    there = [extra for extra, modules in EXTRAS.items() if all(map(is_there, modules))]
    missing = [extra for extra in EXTRAS if extra not in there]
    text = f"installed: {', '.join(there) or 'none'}; not installed: {', '.join(missing) or 'none'}"
    return Finding(check="extras", state="ok", text=text, public=text)


def about_privacy(state: Path) -> Finding:
    """Whether nobody else can read or replace what rests in the state folder."""
    if sys.platform == "win32":
        return Finding(
            check="permissions", state="skipped", text="on Windows, the user profile's access list protects the files"
        )
    try:
        if not is_there(state):
            return Finding(check="permissions", state="ok", text="nothing is stored yet", public="nothing stored")
        return _privacy(state)
    except (StoreUnreadable, OSError) as error:
        why = denial(state) or str(error)
        fix = "run as its owner, or make it readable for you"
        return Finding(check="permissions", state="bad", text=f"{state}: {why}", public="may not be read", fix=fix)


def is_ours(found: os.stat_result) -> bool:
    """Whether a file belongs to this user. On Windows nobody can tell: each file that is found counts as ours."""
    return sys.platform == "win32" or found.st_uid == os.geteuid()


def _privacy(state: Path) -> Finding:
    foreign, open_, count = [], [], 0
    for path, found in private_paths(state):
        count += 1
        if not is_ours(found) or stat.S_ISLNK(found.st_mode) or is_linked(found):
            foreign.append(path)
        elif found.st_mode & 0o077:
            open_.append(path)
    if foreign:
        text = f"not private to you (a link, or another owner): {_few(foreign)}"
        return Finding(
            check="permissions", state="bad", text=text, public="links or another owner", fix="move them away"
        )
    if open_:
        text = f"others can read: {_few(open_)}"
        return Finding(
            check="permissions",
            state="bad",
            text=text,
            public=f"{len(open_)} too open",
            fix="paceport fix",
            repair="permissions",
        )
    return Finding(check="permissions", state="ok", text=f"{count} files and folders, all private", public="private")


def private_paths(state: Path) -> Iterator[tuple[Path, os.stat_result]]:
    """The state folder and what in it must be private, with what the system says of each, links not followed."""
    for path in _private_paths(state):
        with suppress(FileNotFoundError):  # another process was done with it in this moment
            yield path, path.lstat()


def _private_paths(state: Path) -> Iterator[Path]:
    yield state
    for name in ("grants", "apps", "keyring"):
        folder = state / name
        if folder.is_symlink() or folder.exists():
            yield folder
        if folder.is_dir() and not folder.is_symlink():
            yield from sorted(folder.iterdir())
    yield from sorted(state.glob("pending-*.json"))


def is_linked(found: os.stat_result) -> bool:
    """Whether a file goes by a second name somewhere."""
    return stat.S_ISREG(found.st_mode) and found.st_nlink > 1


def about_disk_space(state: Path) -> Finding:
    """Whether there is room for the next token. Looks where the state folder is or will be."""
    there = next(path for path in (state, *state.parents) if _is_seen(path))
    free = shutil.disk_usage(there).free
    said = f"{size_text(free)} free"
    if not os.access(there, os.W_OK):
        return Finding(
            check="disk", state="bad", text=f"{there} cannot be written", public="read-only", fix="make it writable"
        )
    if free < _LEAST_ROOM:
        return Finding(check="disk", state="bad", text=said, public=said, fix="make room: a token must be saved")
    return Finding(check="disk", state="ok", text=said, public=said)


def _is_seen(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:
        return False  # a folder above may not be entered: that one is looked at instead


def about_locks(state: Path) -> Finding:
    """Whether a lock keeps a second process out, where the logins rest."""
    if not state.is_dir():
        return Finding(check="locks", state="skipped", text="nothing is stored yet")
    try:
        holds = are_locks_exclusive(state / "grants")
    except PaceportError as error:
        return Finding(check="locks", state="skipped", text=f"could not be tried: {error.what}")
    if holds:
        return Finding(check="locks", state="ok", text="they hold", public="hold")
    return Finding(
        check="locks",
        state="bad",
        text="locks do not work here, as on some network drives: two programs may refresh at once and lose the login",
        public="do not hold",
        fix="export PACEPORT_HOME=/a/folder/on/a/local/disk",
    )


def drafts(state: Path, *, now: datetime) -> list[Path]:
    """What writers that died left behind: half-made files, and journals that no login belongs to."""
    found = [path for name in ("grants", "apps", "keyring") for path in (state / name).glob("*.new")]
    found += list(state.glob(".choices-*"))
    found += list(state.glob("pending-*.new"))
    journals = [path for name in ("grants", "keyring") for path in (state / name).glob("*.journal")]
    found += [path for path in journals if not path.with_suffix(".json").exists()]
    return sorted(path for path in found if _is_old(path, now))


def _is_old(path: Path, now: datetime) -> bool:
    """Whether nobody can still be writing it; a file that has just gone is not old."""
    with suppress(FileNotFoundError):
        return now.timestamp() - path.lstat().st_mtime > _DRAFT_AGE_S
    return False


def about_drafts(state: Path, *, now: datetime) -> Finding:
    """Whether something was left half made."""
    left = drafts(state, now=now)
    if not left:
        return Finding(check="leftovers", state="ok", text="none", public="none")
    return Finding(
        check="leftovers",
        state="note",
        text=f"left by a program that was stopped: {_few(left)}",
        public=f"{len(left)}",
        fix="paceport fix",
        repair="drafts",
    )


def _few(paths: list[Path]) -> str:
    shown = ", ".join(str(path) for path in paths[:3])
    return f"{shown} and {len(paths) - 3} more" if len(paths) > 3 else shown
