import gzip
import hashlib
import os
import signal
import subprocess
import sys
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from logbook.importing.conftest import Importer, contents
from makers.export_writer import activities, gpx, renamed, write_export, write_zip
from paceport.clock import ManualClock, SystemClock
from paceport.errors import UsageError
from paceport.logbook.database.link_recordings import link_recordings
from paceport.logbook.database.store import Store
from paceport.logbook.importing.import_paths import import_paths

START = datetime(2026, 5, 1, 6, tzinfo=UTC)
ENTITIES = (
    b'<?xml version="1.0"?><!DOCTYPE g [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><gpx>&b;</gpx>'
)
BAD = {
    "empty.fit": b"",
    "cut.gpx": gpx(START)[:40],
    "text.fit": b"this is no FIT file at all",
    "wrong.gpx": b"\x89PNG\r\n\x1a\n" + bytes(100),
    "entities.gpx": ENTITIES,
    "no-times.gpx": gpx(START).replace(b"<time>", b"<x>").replace(b"</time>", b"</x>"),
    "cut.fit.gz": gzip.compress(bytes(5000))[:60],
    "zeros.gpx.gz": gzip.compress(bytes(64 * 2**20)),
    "nowhere.gpx": b"<gpx></gpx>",
}


def put(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def test_a_file_becomes_an_activity_below_zero(tmp_path: Path, store: Store, importer: Importer) -> None:
    account = importer(put(tmp_path, "morning.gpx", gpx(START)))

    assert (account.new, account.without_track) == (1, 0)
    answer = store.query("SELECT id, strava_id, sport, start_utc, timezone, has_track FROM run")
    (identity, strava_id, *rest) = answer.rows[0]
    assert isinstance(identity, int)
    assert identity < 0
    assert abs(identity) < 2**53
    assert (strava_id, *rest) == (None, "Run", "2026-05-01T06:00:00Z", "Europe/Vienna", 1)


def test_the_same_content_under_another_name_is_known(tmp_path: Path, store: Store, importer: Importer) -> None:
    importer(put(tmp_path, "a.gpx", gpx(START)))
    before = store.query("SELECT * FROM run").rows

    assert importer(put(tmp_path, "b.gpx", gpx(START))).unchanged == 1
    assert store.query("SELECT * FROM run").rows == before


def test_a_row_without_a_track_takes_one_of_the_files_of_its_run(
    tmp_path: Path, store: Store, importer: Importer
) -> None:
    row = renamed(activities(1, tracks=False)[0], distance_m=180.0)
    importer(put(tmp_path, "a.gpx", gpx(row.start)), put(tmp_path, "b.gpx", gpx(row.start, longitude=16.3001)))

    importer(write_zip(tmp_path / "e.zip", [row]))

    assert link_recordings(store) == 1
    assert store.query("SELECT name, strava_id, has_track FROM run").rows == [(row.name, row.id, 1)]
    assert store.connection.execute("SELECT count(DISTINCT activity_id) FROM original").fetchone() == (2,)


@pytest.mark.parametrize(("late_s", "seconds", "runs"), [(0, 60, 1), (2, 60, 1), (6, 60, 1), (0, 70, 1), (60, 60, 2)])
def test_two_files_of_a_run_are_both_kept_and_count_once(
    tmp_path: Path, store: Store, importer: Importer, late_s: int, seconds: int, runs: int
) -> None:
    other = gpx(START + timedelta(seconds=late_s), seconds=seconds, longitude=16.3001)

    importer(put(tmp_path, "a.gpx", gpx(START)), put(tmp_path, "b.gpx", other))
    link_recordings(store)

    assert store.query("SELECT count(*) FROM run").rows == [(runs,)]
    assert len(store.own.ids()) == 2
    assert importer(tmp_path / "a.gpx", tmp_path / "b.gpx").unchanged == 2


def test_a_row_with_a_track_of_its_own_leaves_the_other_recording(
    tmp_path: Path, store: Store, importer: Importer
) -> None:
    row = renamed(activities(1)[0], distance_m=180.0)
    importer(put(tmp_path, "watch.gpx", gpx(row.start, longitude=16.3001)))

    importer(write_zip(tmp_path / "e.zip", [row]))

    assert len(store.own.ids()) == 2
    assert all(store.own.blocks(one) for one in store.own.ids())


def test_a_file_that_an_earlier_version_only_noted_becomes_a_recording(
    tmp_path: Path, store: Store, importer: Importer
) -> None:
    importer(put(tmp_path, "a.gpx", gpx(START)))
    (kept,) = store.own.ids()
    content = gpx(START, longitude=16.3001)
    sha256 = hashlib.sha256(content).hexdigest()
    store.connection.execute("INSERT INTO main.original VALUES (?, 0, ?, 'b.gpx', 9)", (sha256, kept))

    assert importer(put(tmp_path, "b.gpx", content)).new == 1
    assert store.own.original(sha256) == content
    assert importer(tmp_path / "a.gpx", tmp_path / "b.gpx").unchanged == 2


def test_a_file_gives_a_manual_row_its_track(tmp_path: Path, store: Store, importer: Importer) -> None:
    row = renamed(activities(1, tracks=False)[0], distance_m=180.0)
    importer(write_zip(tmp_path / "e.zip", [row]))

    account = importer(put(tmp_path, "a.gpx", gpx(row.start)))

    assert [change.activity_id for change in account.changed] == [row.id]
    assert store.query("SELECT id, name, has_track, is_manual FROM run").rows == [(row.id, row.name, 1, 0)]
    assert len(store.streams(row.id) or ()) == 61
    assert importer(tmp_path / "e.zip", tmp_path / "a.gpx").unchanged == 2


def test_a_track_that_was_given_stays_when_the_row_changes(tmp_path: Path, store: Store, importer: Importer) -> None:
    row = renamed(activities(1, tracks=False)[0], distance_m=180.0)
    importer(write_zip(tmp_path / "e.zip", [row]), put(tmp_path, "a.gpx", gpx(row.start)))

    importer(write_zip(tmp_path / "later.zip", [renamed(row, name="New name")]))

    assert store.query("SELECT name, has_track FROM run").rows == [("New name", 1)]
    assert len(store.streams(row.id) or ()) == 61


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such a name")
def test_a_file_whose_name_is_no_text_is_imported(tmp_path: Path, store: Store, importer: Importer) -> None:
    content = gpx(START)
    folder = tmp_path / "x"
    folder.mkdir()
    Path(os.fsdecode(os.fsencode(folder) + b"/caf\xe9.gpx")).write_bytes(content.replace(b"<name>Track</name>", b""))

    account = importer(folder)

    assert (account.new, account.quarantined) == (1, ())
    assert importer(folder).unchanged == 1
    assert "caf" in str(store.query("SELECT name FROM run").rows)


def test_a_folder_of_files_is_read_with_those_below(tmp_path: Path, importer: Importer) -> None:
    put(tmp_path, "x/a.gpx", gpx(START))
    put(tmp_path, "x/y/b.gpx.gz", gzip.compress(gpx(START + timedelta(days=1))))
    put(tmp_path, "x/readme.txt", b"hello")

    account = importer(tmp_path / "x")

    assert (account.new, account.quarantined) == (2, ())


def test_a_zip_of_files_is_read(tmp_path: Path, importer: Importer) -> None:
    with zipfile.ZipFile(tmp_path / "files.zip", "w") as archive:
        archive.writestr("a.gpx", gpx(START))
        archive.writestr("../b.gpx", gpx(START))

    account = importer(tmp_path / "files.zip")

    assert account.new == 1
    assert account.notes == ("left out ../b.gpx: the name points outside the archive",)


def test_every_bad_file_is_named_and_the_good_one_imported(tmp_path: Path, store: Store, importer: Importer) -> None:
    for name, content in BAD.items():
        put(tmp_path / "x", name, content)
    put(tmp_path / "x", "good.gpx", gpx(START))

    account = importer(tmp_path / "x")

    assert account.new == 1
    assert {each.place for each in account.quarantined} == set(BAD)
    assert all(each.why and each.fix for each in account.quarantined)
    stored = store.connection.execute("SELECT place FROM main.quarantine").fetchall()
    assert {place for (place,) in stored} == set(BAD)


def test_bad_files_in_an_export_leave_their_rows(tmp_path: Path, importer: Importer) -> None:
    written = [
        renamed(each, filename=f"activities/{name}", track=content or b" ")
        for each, (name, content) in zip(activities(len(BAD)), BAD.items(), strict=True)
    ]

    account = importer(write_export(tmp_path, written))

    assert (account.new, account.without_track) == (len(BAD), len(BAD))
    assert len(account.quarantined) == len(BAD)


def test_times_that_run_backwards_and_missing_positions_are_no_trouble(tmp_path: Path, importer: Importer) -> None:
    turned = gpx(START).replace(b"T06:00:30Z", b"T05:59:00Z")
    lost = gpx(START + timedelta(days=1)).replace(b'lat="48.2000540"', b'lat="NaN"')

    account = importer(put(tmp_path, "x/turned.gpx", turned).parent, put(tmp_path, "lost.gpx", lost))

    assert account.read + len(account.quarantined) == 2


def test_a_repaired_file_leaves_quarantine(tmp_path: Path, store: Store, importer: Importer) -> None:
    importer(put(tmp_path, "a.gpx", b"broken"))

    assert importer(put(tmp_path, "a.gpx", gpx(START))).new == 1
    assert store.connection.execute("SELECT count(*) FROM main.quarantine").fetchone() == (0,)


def test_a_cut_zip_is_quarantined(tmp_path: Path, importer: Importer) -> None:
    path = write_zip(tmp_path / "e.zip", activities(3))
    path.write_bytes(path.read_bytes()[:-40])

    account = importer(path)

    assert [each.place for each in account.quarantined] == ["e.zip"]


def test_a_path_that_is_not_there_stops_before_anything_happens(
    tmp_path: Path, store: Store, importer: Importer
) -> None:
    with pytest.raises(UsageError, match="was not found"):
        importer(put(tmp_path, "a.gpx", gpx(START)), tmp_path / "missing.zip")

    assert store.query("SELECT * FROM run").rows == []


def test_an_unreadable_file_is_quarantined(tmp_path: Path, importer: Importer) -> None:
    path = put(tmp_path, "x/a.gpx", gpx(START))
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("this user may read everything")

    assert [each.place for each in importer(tmp_path / "x").quarantined] == ["a.gpx"]


KILLED = """
import os, signal, sys
from pathlib import Path
from paceport.clock import SystemClock
from paceport.logbook.importing.import_paths import import_paths
from paceport.logbook.database.store import Store
def tell(progress):
    if progress.done == 4:
        os.kill(os.getpid(), signal.SIGKILL)
home = Path(sys.argv[1])
with Store(data_dir=home / "data", cache_dir=home / "cache", clock=SystemClock()) as store:
    import_paths([Path(sys.argv[2])], store=store, clock=SystemClock(), progress=tell)
"""


def test_a_killed_import_goes_on_where_it_stopped(tmp_path: Path, store: Store, importer: Importer) -> None:
    path = write_zip(tmp_path / "e.zip", activities(8, seconds=20))
    importer(path)
    home = tmp_path / "killed"
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}

    ended = subprocess.run([sys.executable, "-c", KILLED, home, path], env=environment, timeout=60, check=False)

    assert ended.returncode == -signal.SIGKILL
    clock = SystemClock()
    with Store(data_dir=home / "data", cache_dir=home / "cache", clock=clock) as other:
        account = import_paths([path], store=other, clock=clock)
        assert (account.new, account.unchanged) == (4, 4)
        assert contents(other) == contents(store)


def test_two_imports_at_once_add_each_activity_once(tmp_path: Path, clock: ManualClock, store: Store) -> None:
    path = write_zip(tmp_path / "e.zip", activities(4, seconds=20))

    def meanwhile(_: object) -> None:
        with Store(data_dir=store.own_path.parent, cache_dir=store.cache_path.parent, clock=clock) as other:
            import_paths([path], store=other, clock=clock)

    account = import_paths([path], store=store, clock=clock, progress=meanwhile)

    assert account.read == 4
    assert store.query("SELECT count(*) FROM run").rows == [(4,)]


def test_a_run_in_the_future_of_a_wrong_clock_names_the_clock_and_comes_in_once_it_is_right(
    tmp_path: Path, clock: ManualClock, importer: Importer
) -> None:
    path = put(tmp_path, "run.gpx", gpx(START))
    right = clock.now()
    clock.set(datetime(2016, 1, 2, tzinfo=UTC))

    (bad,) = importer(path).quarantined
    clock.set(right)

    assert "in the future" in bad.why
    assert "check this machine's clock, which says 2016-01-02" in bad.fix
    assert importer(path).new == 1


@pytest.mark.parametrize("is_zip", [True, False])
def test_what_no_name_tells_to_be_a_recording_is_counted_and_named(
    tmp_path: Path, importer: Importer, is_zip: bool
) -> None:
    folder = tmp_path / "runs"
    names = ["a.gpx", "b.GPX.gz", "c", "d.fit.bz2", "e.fit ", "f.kml", "g/h.sml", "i.fit.part", ".DS_Store", "._a.gpx"]
    for name in names:
        put(folder, name, gzip.compress(gpx(START)) if name.endswith(".gz") else gpx(START))
    if is_zip:
        with zipfile.ZipFile(tmp_path / "runs.zip", "w") as archive:
            for name in names:
                archive.write(folder / name, name)
    path = tmp_path / "runs.zip" if is_zip else folder

    account = importer(path)

    assert account.read == 2
    (note,) = [text for text in account.notes if "left out" in text]
    assert "6 (c, d.fit.bz2, e.fit , f.kml, g/h.sml, …)" in note
