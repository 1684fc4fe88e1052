"""One athlete of a service: the logbook that is rebuilt on this machine, and everything of it that is erased."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from paceport.clock import Clock
from paceport.errors import UsageError
from paceport.formats.strava_export.export_files import GEAR_TABLES, TABLE_NAME
from paceport.logbook.database.store import Store
from paceport.logbook.syncing.restore_replies import restore_replies
from paceport.logbook.syncing.write_activity import match_own_data
from paceport.profile.settings import Directories, Settings
from paceport.storage.postgres.athlete_rows import AthleteRows, OwnFile
from paceport.training.compute import compute_results

_EXPORT = "export"
# What is a file of that folder on every system: no drive, no device, no way up.
_PLAIN_NAME = re.compile(r"\w[\w -]*(\.\w+)+")


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
    with TemporaryDirectory(prefix="paceport-") as name:
        folder, count = Path(name), 0
        for count, file in enumerate(rows.own_files(), 1):
            path = _place(folder, count, file)
            path.parent.mkdir(exist_ok=True, parents=True)
            path.write_bytes(file.content)
        if not count:
            return 0, 0
        return count, _import_folder(folder, store, settings, clock)


def _import_folder(folder: Path, store: Store, settings: Settings, clock: Clock) -> int:
    """Import what was written there; how many files could not be read."""
    from paceport.logbook.importing.import_paths import import_paths  # every decoder; most accounts have no file

    export, single = folder / _EXPORT, sorted(path for path in folder.iterdir() if path.is_file())
    recordings = [*sorted(path for path in export.rglob("*") if path.is_file() and path.suffix != ".csv"), *single]
    choices = [[export, *single], recordings] if (export / TABLE_NAME).exists() else [recordings]
    for paths in [choice for choice in choices if choice]:
        try:
            report = import_paths(paths, store=store, clock=clock, timezone=settings.timezone, processes=0)
        except UsageError:
            continue  # a table that only a person could explain: the recordings stand for themselves
        return len(report.quarantined)
    return 0


def _place(folder: Path, number: int, file: OwnFile) -> Path:
    """Where a file is written. Of an export's files the newest of a name counts, as it does for the athlete."""
    if file.name in (TABLE_NAME, *GEAR_TABLES):
        return folder / _EXPORT / file.name
    last = Path(file.name).name
    if file.name == f"activities/{last}" and _PLAIN_NAME.fullmatch(last):
        return folder / _EXPORT / "activities" / last
    # The name is the athlete's: only its end says anything, and a number keeps two of one name apart.
    return folder / f"{number:06d}{''.join(Path(last).suffixes[-2:])[:20]}"
