"""Reading in other processes: the same results in the same order, whatever becomes of the processes."""

import os
import signal
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from logbook.importing.conftest import Importer, contents
from makers.export_writer import activities, gpx, write_zip
from paceport.clock import ManualClock
from paceport.formats.strava_export.zip_entry import FileContent
from paceport.logbook.database.store import Store
from paceport.logbook.importing.import_paths import import_paths
from paceport.logbook.importing.import_report import Progress
from paceport.logbook.importing.read_item import ReadJob, ReadResult
from paceport.logbook.importing.read_processes import FEWEST_ITEMS, ItemSource, read_all

START = datetime(2026, 5, 1, 6, tzinfo=UTC)
NAMES = [f"{number}.gpx" for number in range(FEWEST_ITEMS + 5)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "files"
    place.mkdir()
    for day, name in enumerate(NAMES):
        (place / name).write_bytes(gpx(START + timedelta(days=day), seconds=3))
    return place


def results(folder: Path) -> Iterator[tuple[ReadJob, ReadResult]]:
    now = START + timedelta(days=100)
    jobs = (ReadJob(name=name, stored_name=name, now=now) for name in NAMES)
    return read_all(
        jobs,
        ItemSource(path=folder),
        read=lambda name: FileContent(content=(folder / name).read_bytes()),
        items=len(NAMES),
        before_waiting=lambda: None,
    )


def children() -> set[int]:
    text = Path(f"/proc/self/task/{os.getpid()}/children").read_text()
    return {int(word) for word in text.split()}


needs_proc = pytest.mark.skipif(
    not Path(f"/proc/self/task/{os.getpid()}/children").exists(), reason="this system does not list child processes"
)


@pytest.mark.parametrize("program", ["/nowhere/python", "/bin/true", ""])
def test_without_processes_everything_is_read_here(folder: Path, monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    monkeypatch.setattr(sys, "executable", program)

    found = list(results(folder))

    assert [job.name for job, _ in found] == NAMES
    assert all(len(result.activities) == 1 and result.file_problem is None for _, result in found)


@needs_proc
def test_a_process_that_is_killed_costs_its_item_and_no_other(folder: Path) -> None:
    before = children()
    reading = results(folder)
    found = [next(reading)]

    os.kill(min(children() - before), signal.SIGKILL)
    found += list(reading)

    assert [job.name for job, _ in found] == NAMES
    lost = [result.file_problem for _, result in found if result.file_problem]
    assert len(lost) <= 1
    assert all("signal 9" in problem.why for problem in lost)
    assert sum(len(result.activities) for _, result in found) == len(NAMES) - len(lost)


@needs_proc
def test_stopping_half_way_ends_the_processes(folder: Path) -> None:
    before = children()
    reading = results(folder)
    next(reading)
    assert len(children() - before) == 2

    reading.close()  # type: ignore[attr-defined]  # a generator, as Ctrl-C leaves it

    # Not the same ones: a process that another test has left may have ended meanwhile.
    assert children() <= before


def test_two_processes_write_the_same_logbook_as_one(
    tmp_path: Path, store: Store, clock: ManualClock, importer: Importer
) -> None:
    path = write_zip(tmp_path / "e.zip", activities(FEWEST_ITEMS + 20, seconds=3), more={"activities/5.gpx": b"broken"})
    with Store(data_dir=tmp_path / "one" / "data", cache_dir=tmp_path / "one" / "cache", clock=clock) as one:
        alone = import_paths([path], store=one, clock=clock, processes=0)
        expected = contents(one)

    account = importer(path)

    assert (account.new, account.quarantined) == (alone.new, alone.quarantined)
    assert contents(store) == expected
    assert importer(path).unchanged == FEWEST_ITEMS + 20


def test_a_stopped_import_leaves_no_half_written_files(
    folder: Path, store: Store, clock: ManualClock, importer: Importer
) -> None:
    (folder / "1 again.gpx").write_bytes((folder / NAMES[1]).read_bytes())

    def stop(progress: Progress) -> None:
        if progress.done == 20:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        importer(folder, progress=stop)
    assert not list(store.originals_dir.glob(".*"))

    account = importer(folder)

    assert account.new + account.unchanged == len(NAMES) + 1
    assert len(list(store.originals_dir.iterdir())) == len(NAMES)


def test_reading_known_files_anew_keeps_their_originals(folder: Path, store: Store, importer: Importer) -> None:
    for name in NAMES:
        content = (folder / name).read_bytes()
        (folder / name).write_bytes(content.replace(b'lat="48', b'lat="0').replace(b'lon="16', b'lon="0'))
    assert importer(folder, sport="Run").new == len(NAMES)
    before = contents(store)["files"]

    account = importer(folder, sport="Ride", timezone="Asia/Tokyo")

    assert len(account.changed) + account.unchanged == len(NAMES)
    assert contents(store)["files"] == before
    assert all(len(store.own.original(sha256)) > 100 for sha256, _, _ in store.own.files())
