"""Erases everything from this machine except the athlete's own data."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from paceport.errors import MissingExtra, StoreError, StoreTooNew, StoreUnreadable, StoreUnsafe, StoreUnwritable
from paceport.profile.profile import Profile
from paceport.storage import disk
from paceport.storage.access import denial, is_there
from paceport.storage.folder_lock import alone_in

# By name, never the folder whole: PACEPORT_HOME may point where other things live.
_STATE = (
    "grants",
    "apps",
    "keyring",
    "budgets",
    "uploads",
    "choices.json",
    "choices.lock",
    ".choices-*",
    "pending-*.json*",
    "consent-*.html*",
)
_CACHE = ("sync.lock", "profiles/*/sync.lock")
_WAIT_S = 5.0
_DATABASES = ("cache.db*", "profiles/*/cache.db*")


def erase_cache(folder: Path, *, wait_s: float = _WAIT_S) -> None:
    """Erase what was cached from the API, its journal files included.

    Every row is overwritten first, where the parts are installed without which no cache was ever written, and where the
    file is whole and the disk has room for that. Raises StoreUnwritable, and Busy where another process still writes
    to it after `wait_s`; nothing is erased then.
    """
    try:
        from paceport.logbook.database.logbook_summary import erase_cache as overwrite
    except MissingExtra:
        pass
    else:
        with suppress(StoreError):  # a damaged file, or a full disk: then it can only be removed
            overwrite(folder / "cache.db", wait_s=wait_s)
    _remove_databases(folder, wait_s=wait_s)


def _remove_databases(folder: Path, *, wait_s: float = _WAIT_S) -> None:
    """Remove a cache with its journal files. Raises Busy where another process keeps opening it."""
    with _translate_errors(folder), alone_in(folder, wait_s=wait_s):
        for path in sorted(folder.glob("cache.db*")):
            _remove(path)


def erase_everything(profile: Profile) -> list[Path]:
    """Forget all logins, apps, choices, budgets and caches of all profiles; give what lies there still.

    The own logbook and its originals are not touched, nor is the settings file. Raises Busy where a login is just
    being refreshed, StoreUnwritable.
    """
    token_store, where = profile.token_store, profile.settings.directories
    is_shared = profile.settings.vault.startswith("postgres")
    # Other machines use what lies in PostgreSQL: of that only this profile's login goes.
    for grant in profile.grants_here() if is_shared else token_store.grants():
        with token_store.lock(grant.key, timeout_s=5.0):
            token_store.remove(grant.key)
    # What cannot be read is removed all the same: below with its folder, where this way fails.
    for damaged in () if is_shared else token_store.damaged():
        with suppress(StoreUnwritable):
            token_store.remove_damaged(damaged)
    with suppress(StoreUnreadable, StoreUnsafe, StoreTooNew):
        for app in () if is_shared else token_store.apps():
            token_store.remove_app(app.oauth_url, app.client_id)
    with _translate_errors(where.cache):
        caches = sorted({path.parent for name in _DATABASES for path in where.cache.glob(name)})
    for cache in caches:
        _remove_databases(cache)
    for folder, names in ((where.state, _STATE), (where.cache, _CACHE)):
        with _translate_errors(folder):
            for path in sorted(path for name in names for path in folder.glob(name)):
                _remove(path)
            _remove_empty(folder)
    left = [path for folder in (where.state, where.cache) if is_there(folder) for path in sorted(folder.iterdir())]
    return left + [path for path in (where.config / "config.toml",) if is_there(path)]


def _remove(path: Path) -> None:
    with _translate_errors(path):
        if path.is_dir() and not path.is_symlink():
            # Nobody is just about to take a lock in it; another one that erases may have been quicker.
            with alone_in(path, wait_s=_WAIT_S), suppress(FileNotFoundError):
                shutil.rmtree(path)
        else:
            with suppress(FileNotFoundError):
                disk.remove(path)


@contextmanager
def _translate_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        why = denial(Path(error.filename or path), write=True) or (error.strerror or str(error)).lower()
        raise StoreUnwritable(path=str(error.filename or path), why=why) from error


def _remove_empty(folder: Path) -> None:
    if not folder.is_dir():
        return
    for path in sorted((path for path in folder.rglob("*") if path.is_dir()), reverse=True):
        _remove_if_empty(path)
    _remove_if_empty(folder)


def _remove_if_empty(folder: Path) -> None:
    with alone_in(folder, wait_s=_WAIT_S), suppress(FileNotFoundError):
        if not any(folder.iterdir()):
            folder.rmdir()
