"""What is put aside while an import reads files, and what is done with that of an import that was killed."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from paceport.logbook.database.originals import drop_left_drafts, pack_original, put_aside
from paceport.storage.process_lock import numbering_mark

SHA256 = "0" * 64
NOW = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)


def draft(folder: Path, ending: str, *, age: timedelta = timedelta()) -> Path:
    path = folder / f".{SHA256}.{ending}"
    path.write_bytes(b"x")
    moment_s = (NOW - age).timestamp()
    os.utime(path, (moment_s, moment_s))
    return path


def test_drafts_of_a_killed_import_are_removed_and_those_of_a_living_one_stay(tmp_path: Path) -> None:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    killed, living = draft(tmp_path, f"{process.pid}.{numbering_mark()}"), put_aside(tmp_path, pack_original(b"a", "a"))
    kept = tmp_path / f"{SHA256}.gz"
    kept.write_bytes(b"x")

    drop_left_drafts(tmp_path, now=NOW)

    assert not killed.exists()
    assert living.draft is not None
    assert living.draft.exists()
    assert kept.exists()


def test_drafts_of_other_machines_and_earlier_versions_are_removed_after_an_hour(tmp_path: Path) -> None:
    endings = ("1.0123abcd", "1", "1.")
    fresh = [draft(tmp_path, ending, age=timedelta(minutes=59)) for ending in endings]
    drop_left_drafts(tmp_path, now=NOW)
    are_kept = [path.exists() for path in fresh]
    old = [draft(tmp_path, ending, age=timedelta(minutes=61)) for ending in endings]

    drop_left_drafts(tmp_path, now=NOW)

    assert are_kept == [True, True, True]
    assert not any(path.exists() for path in old)


def test_a_folder_that_is_not_there_is_no_trouble(tmp_path: Path) -> None:
    drop_left_drafts(tmp_path / "nowhere", now=NOW)
