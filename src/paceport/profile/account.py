"""One athlete of a service: the logbook that is rebuilt on this machine, and everything of it that is erased."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from paceport.clock import Clock
from paceport.logbook.database.store import Store
from paceport.logbook.syncing.restore_replies import restore_replies
from paceport.logbook.syncing.write_activity import match_own_data
from paceport.profile.settings import Directories, Settings
from paceport.storage.postgres.athlete_rows import AthleteRows, OwnFile
from paceport.training.compute import compute_results


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedAccount:
    """What was rebuilt: the profile that reads it, how many files and activities, and how many could not be read."""

    profile: str
    files: int
    activities: int
    unreadable: int


def account_profile(athlete_id: int) -> str:
    """The profile that an athlete's rebuilt logbook is read with."""
    return f"account-{athlete_id}"


def open_account(athlete_id: int, rows: AthleteRows, settings: Settings, clock: Clock) -> OpenedAccount:
    """Rebuild the athlete's logbook on this machine from PostgreSQL. What lay here before was a cache and goes.

    Raises MissingExtra, Busy and StoreErrors.
    """
    close_account(athlete_id, settings.directories)
    data, cache = _folders(athlete_id, settings.directories)
    with Store(data_dir=data, cache_dir=cache, clock=clock) as store:
        files, unreadable = _import_own_files(rows, store, settings, clock)
        activities, broken = restore_replies(store, rows.replies(now=clock.now()))
        match_own_data(store)
        compute_results(store)
    return OpenedAccount(
        profile=account_profile(athlete_id), files=files, activities=activities, unreadable=unreadable + broken
    )


def close_account(athlete_id: int, directories: Directories) -> bool:
    """Erase the athlete's rebuilt logbook from this machine; whether there was one."""
    found = [folder for folder in _folders(athlete_id, directories) if folder.is_dir()]
    for folder in found:
        shutil.rmtree(folder)
    return bool(found)


def opened_accounts(directories: Directories) -> list[int]:
    """The athletes whose rebuilt logbooks lie on this machine."""
    beginning = account_profile(0).removesuffix("0")
    found = {
        folder.name.removeprefix(beginning)
        for base in (directories.data, directories.cache)
        for folder in (base / "profiles").glob(f"{beginning}*")
    }
    return sorted(int(name) for name in found if name.isascii() and name.isdigit())


def _folders(athlete_id: int, directories: Directories) -> tuple[Path, Path]:
    name = account_profile(athlete_id)
    return directories.data / "profiles" / name, directories.cache / "profiles" / name


def _import_own_files(rows: AthleteRows, store: Store, settings: Settings, clock: Clock) -> tuple[int, int]:
    from paceport.logbook.importing.import_paths import import_paths  # every decoder; most accounts have no file

    with TemporaryDirectory(prefix="paceport-") as folder:
        paths = [_write(Path(folder), number, file) for number, file in enumerate(rows.own_files())]
        if not paths:
            return 0, 0
        report = import_paths(paths, store=store, clock=clock, timezone=settings.timezone, processes=0)
    return len(paths), len(report.quarantined)


def _write(folder: Path, number: int, file: OwnFile) -> Path:
    # The name is the athlete's: only its end says anything, and a number keeps two of one name apart.
    suffixes = "".join(Path(Path(file.name).name).suffixes[-2:])[:20]
    path = folder / f"{number:06d}{suffixes}"
    path.write_bytes(file.content)
    return path
