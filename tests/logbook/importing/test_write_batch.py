"""Who is told of progress may take their time: no transaction is open meanwhile; and imports beside one another."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from disk_recorder import record_disk
from logbook.importing.conftest import Importer
from makers.export_writer import activities, gpx, write_zip
from paceport.clock import ManualClock
from paceport.logbook.database.store import Store
from paceport.logbook.importing.import_report import Progress
from processes import environment

START = datetime(2026, 1, 5, 6, tzinfo=UTC)
IMPORT = """
import sys
from pathlib import Path
from paceport.clock import SystemClock
from paceport.logbook.database.store import Store
from paceport.logbook.importing.import_paths import import_paths
home, folder = map(Path, sys.argv[1:])
with Store(data_dir=home / "data", cache_dir=home / "cache", clock=SystemClock()) as store:
    report = import_paths([folder], store=store, clock=SystemClock())
print(report.new, report.unchanged, len(report.changed), len(report.quarantined))
"""


def many(folder: Path, count: int) -> Path:
    folder.mkdir()
    for number in range(count):
        (folder / f"{number:03}.gpx").write_bytes(gpx(START + timedelta(days=number), seconds=20))
    return folder


@pytest.mark.parametrize("is_export", [False, True])
def test_others_can_write_while_progress_is_told(
    tmp_path: Path, store: Store, importer: Importer, is_export: bool
) -> None:
    told: list[int] = []

    def write(progress: Progress) -> None:
        with closing(sqlite3.connect(store.own_path, timeout=0)) as other:
            other.execute("UPDATE activity SET name = name")
            other.commit()
        told.append(progress.done)

    if is_export:
        importer(write_zip(tmp_path / "e.zip", activities(45, seconds=5)), progress=write)
    else:
        importer(many(tmp_path / "x", 45), progress=write)

    assert told[-45:] == list(range(1, 46))


def test_what_goes_wrong_in_telling_is_nobodys_quarantine(tmp_path: Path, store: Store, importer: Importer) -> None:
    def fail(_: Progress) -> None:
        raise ValueError("the terminal is gone")

    with pytest.raises(ValueError, match="terminal"):
        importer(many(tmp_path / "x", 2), progress=fail)

    assert store.summary().quarantined == ()


@pytest.mark.slow
def test_two_imports_of_the_same_many_files_at_once_take_each_once(tmp_path: Path, clock: ManualClock) -> None:
    folder = many(tmp_path / "x", 50)
    command = [sys.executable, "-c", IMPORT, str(tmp_path), str(folder)]

    both = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment({})) for _ in range(2)]
    counts = [[int(word) for word in one.communicate(timeout=120)[0].split()] for one in both]

    assert [one.returncode for one in both] == [0, 0]
    assert [sum(pair) for pair in zip(*counts, strict=True)] == [50, 50, 0, 0]
    with Store(data_dir=tmp_path / "data", cache_dir=tmp_path / "cache", clock=clock) as store:
        assert store.query("SELECT count(*) FROM run").rows == [(50,)]


@pytest.mark.parametrize("count", [2, 45])
def test_originals_and_their_names_are_on_the_disk_before_their_rows(
    tmp_path: Path, store: Store, importer: Importer, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    recorder = record_disk(monkeypatch)
    # Rows become visible to others when they are committed.
    store.connection.set_trace_callback(
        lambda statement: recorder.steps.append(("commit", "")) if statement == "COMMIT" else None
    )
    importer(many(tmp_path / "x", count))

    unsafe: set[str] = set()
    kept = 0
    for what, name in recorder.steps:
        if what == "rename":
            unsafe.add(name)
            kept += 1
        elif (what, name) == ("fsync", "originals"):
            unsafe.clear()
        elif what == "commit":
            assert not unsafe
    assert kept == count
