"""A backup is one file; restored anywhere it is the same logbook, and nothing that fails on the way changes one."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from makers.faulty_disk import FaultyDisk, Killed
from makers.gpx_writer import write_gpx
from makers.track_point import TrackPoint
from paceport.clock import ManualClock
from paceport.errors import Busy, FileError, PaceportError, StoreTooNew, StoreUnreadable, UsageError
from paceport.logbook.amending.amendment import AmendmentKind, Change
from paceport.logbook.backup.restore_backup import RestoreReport, restore_backup
from paceport.logbook.backup.write_backup import BackupReport, write_backup
from paceport.logbook.database.link_recordings import link_recordings
from paceport.logbook.database.store import Store
from paceport.logbook.importing.import_paths import import_paths
from paceport.profile.settings_template import SETTINGS_TEMPLATE
from paceport.storage import disk
from paceport.training.compute import compute_results

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
START = datetime(2026, 5, 1, 7, tzinfo=UTC)


class Home:
    """A folder with a logbook and settings, and a clock."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data, self.config = folder / "data", folder / "config" / "config.toml"
        self.clock = ManualClock(NOW)

    def open(self) -> Store:
        return Store(data_dir=self.data, cache_dir=self.folder / "cache", clock=self.clock)

    def add_run(self, day: int) -> None:
        self.folder.mkdir(exist_ok=True)
        file = self.folder / f"{day}.gpx"
        points = [
            TrackPoint(time=START + timedelta(days=day, seconds=5 * n), position=(f"{52 + n * 1e-4:.6f}", "13.4"))
            for n in range(20 + day)
        ]
        file.write_bytes(write_gpx(points, name=f"Run {day}"))
        with self.open() as store:
            import_paths([file], store=store, clock=self.clock)

    def back_up(self, name: str = "runs.zip") -> BackupReport:
        return write_backup(self.folder / name, data_dir=self.data, config=self.config, clock=self.clock)

    def restore(self, place: Path, *, replaces: bool = False) -> RestoreReport:
        return restore_backup(place, data_dir=self.data, config=self.config, clock=self.clock, replaces=replaces)

    def contents(self) -> dict[str, object]:
        """Every row of the own part and every original: None where there is no logbook."""
        own = self.data / "own.db"
        if not own.exists():
            return {}
        with closing(sqlite3.connect(own)) as connection:
            rows: dict[str, object] = {"dump": list(connection.iterdump())}
        folder = self.data / "originals"
        named = {path.name: path.read_bytes() for path in sorted(folder.glob("[0-9a-f]*"))} if folder.exists() else {}
        return rows | {"originals": named}


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home with two runs and settings."""
    home = Home(tmp_path / "here")
    home.add_run(1)
    home.add_run(2)
    home.config.parent.mkdir()
    home.config.write_text('units = "mi"\n')
    return home


@pytest.fixture
def other(tmp_path: Path) -> Home:
    """Another machine, where nothing is yet."""
    return Home(tmp_path / "there")


def test_a_restored_logbook_is_equal_row_by_row_and_byte_by_byte(home: Home, other: Home) -> None:
    place = home.back_up().place

    report = other.restore(place)

    assert other.contents() == home.contents()
    assert other.config.read_text() == 'units = "mi"\n'
    assert (report.activities, report.originals, report.kept_aside) == (2, 2, None)
    with other.open() as store:
        assert len(store.view("run", include_cached=False).rows) == 2


AMENDMENTS: list[tuple[AmendmentKind, dict[str, object]]] = [
    ("crop_start", {"time_s": 20.0}),
    ("distance", {"distance_m": 900.0}),
    ("race", {"is_race": True}),
    ("record", {"is_confirmed": True}),
]
SETTINGS = ["", 'units = "mi"\n', '[shoe_limits_km]\n"Blue ones" = 500\n']


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    days=st.lists(st.integers(0, 9), unique=True, min_size=1, max_size=4),
    removed=st.booleans(),
    amended=st.lists(st.tuples(st.sampled_from(AMENDMENTS), st.booleans()), max_size=3),
    said=st.sampled_from(SETTINGS),
)
def test_backup_and_restore_of_any_logbook_is_equal(
    tmp_path_factory: pytest.TempPathFactory,
    days: list[int],
    removed: bool,
    amended: list[tuple[tuple[AmendmentKind, dict[str, object]], bool]],
    said: str,
) -> None:
    folder = tmp_path_factory.mktemp("any")
    home, other = Home(folder / "here"), Home(folder / "there")
    for day in days:
        home.add_run(day)
    home.config.parent.mkdir()
    home.config.write_text(said)
    with home.open() as store:
        (run_id,) = store.query("SELECT id FROM run ORDER BY id LIMIT 1").rows[0]
        for (kind, value), is_undone in amended:
            (made,) = store.amended.add(int(str(run_id)), [Change(kind=kind, value=value)])
            if is_undone:
                store.amended.undo([made.id])
        link_recordings(store)
        compute_results(store)
        if removed:
            store.remove(int(str(run_id)))
        shown = store.query("SELECT * FROM run ORDER BY id").rows

    other.restore(home.back_up().place)

    assert other.contents() == home.contents()
    assert other.config.read_text() == said
    in_bin = {path.relative_to(home.data): path.read_bytes() for path in home.data.glob("removed/*/*")}
    assert {path.relative_to(other.data): path.read_bytes() for path in other.data.glob("removed/*/*")} == in_bin
    assert bool(in_bin) == removed
    with other.open() as store:
        assert store.query("SELECT * FROM run ORDER BY id").rows == shown


@pytest.mark.parametrize("name", ["notes.txt", "Thumbs.db", "more/notes.txt", "0" * 64 + ".bak"])
def test_a_file_of_somebody_else_beside_the_originals_is_left_out(home: Home, other: Home, name: str) -> None:
    stray = home.data / "originals" / name
    stray.parent.mkdir(exist_ok=True)
    stray.write_text("mine")

    report = other.restore(home.back_up().place)

    assert (report.activities, report.originals) == (2, 2)


def test_the_file_is_private_and_has_no_login_and_no_api_data(home: Home) -> None:
    (home.folder / "state").mkdir()
    (home.folder / "state" / "grant.json").write_text("a" * 40)

    place = home.back_up().place

    assert place.stat().st_mode & 0o777 == 0o600
    names = zipfile.ZipFile(place).namelist()
    assert sorted(name.split("/")[0] for name in names) == [
        "config.toml",
        "manifest.json",
        *["originals"] * 2,
        "own.db",
    ]


@pytest.mark.parametrize(
    "line",
    [
        f"# my old app: {'0123456789abcdef' * 3}",
        'client_secret = "none of forty digits"',
        'map_tiles = "https://tile.example.org/{z}/{x}/{y}.png?access_token=pk.abc"',
        "# Secret: see the note",
        "# the token is pk.eyJ1IjoibmFtZSJ9",
    ],
)
def test_settings_with_what_looks_like_a_secret_stay_at_home(home: Home, line: str) -> None:
    home.config.write_text(f'units = "mi"\n{line}\n')

    report = home.back_up()

    assert report.settings_left_out
    assert "config.toml" not in zipfile.ZipFile(report.place).namelist()


@pytest.mark.parametrize(
    "line", [SETTINGS_TEMPLATE, "# This file is yours: commands never change it. No secret belongs in here."]
)
def test_settings_as_init_writes_them_are_in_a_backup(home: Home, line: str) -> None:
    """What it says of secrets is none. The second is the line of release 0.1.0."""
    home.config.write_text(f'{line}\nunits = "mi"\n')

    report = home.back_up()

    assert not report.settings_left_out
    assert zipfile.ZipFile(report.place).read("config.toml") == home.config.read_bytes()


def test_a_backup_while_somebody_writes_is_of_one_moment(home: Home, other: Home) -> None:
    before = home.contents()
    with home.open() as store:
        store.connection.execute("BEGIN IMMEDIATE")
        store.connection.execute("DELETE FROM main.activity")

        place = home.back_up().place

        store.connection.execute("ROLLBACK")
    other.restore(place)
    assert other.contents() == before


def test_an_original_that_has_gone_is_named_and_the_rest_is_kept(home: Home) -> None:
    gone = next((home.data / "originals").iterdir())
    gone.unlink()

    report = home.back_up()

    assert report.missing == (gone.name.partition(".")[0],)
    assert report.originals == 1


def test_nothing_is_overwritten_by_a_backup(home: Home) -> None:
    (home.folder / "runs.zip").write_text("mine")

    with pytest.raises(UsageError, match="exists already"):
        home.back_up()

    assert (home.folder / "runs.zip").read_text() == "mine"


def test_a_backup_of_no_logbook_is_an_error(other: Home) -> None:
    with pytest.raises(StoreUnreadable, match="no logbook yet"):
        other.back_up()


def test_a_logbook_is_replaced_only_when_asked_for_and_a_copy_is_kept(home: Home, other: Home) -> None:
    other.add_run(5)
    before = other.contents()
    place = home.back_up().place

    with pytest.raises(UsageError, match="holds 1 activities"):
        other.restore(place)
    assert other.contents() == before

    report = other.restore(place, replaces=True)

    assert other.contents() == home.contents()
    assert report.kept_aside is not None
    with closing(sqlite3.connect(report.kept_aside / "own.db")) as copy:
        assert list(copy.iterdump()) == before["dump"]
    kept = {path.name: path.read_bytes() for path in report.kept_aside.glob("*.zst")}
    assert kept == before["originals"]


def test_other_settings_here_stay_and_the_restored_ones_lie_beside_them(home: Home, other: Home) -> None:
    other.config.parent.mkdir(parents=True)
    other.config.write_text('units = "km"\n')

    report = other.restore(home.back_up().place)

    assert other.config.read_text() == 'units = "km"\n'
    assert report.settings is not None
    assert report.settings.read_text() == 'units = "mi"\n'


def test_kept_charts_come_along_and_never_replace_others(home: Home, other: Home, tmp_path: Path) -> None:
    (home.data / "charts.json").write_text('[{"name": "Pace by heat", "query": "x=temperature"}]')
    (other.data).mkdir(parents=True)
    (other.data / "charts.json").write_text("[]")
    third = Home(tmp_path / "third")
    place = home.back_up().place

    beside, new = other.restore(place), third.restore(place)

    assert (other.data / "charts.json").read_text() == "[]"
    assert beside.charts == other.data / "charts.restored.json"
    assert new.charts == third.data / "charts.json"
    assert new.charts.read_bytes() == beside.charts.read_bytes() == (home.data / "charts.json").read_bytes()


def test_what_hides_private_places_comes_along(home: Home, other: Home) -> None:
    (home.data / "private-places.json").write_text('{"secret": "00ff", "marks": []}')

    other.restore(home.back_up().place)

    assert (other.data / "private-places.json").read_text() == '{"secret": "00ff", "marks": []}'


def test_an_original_that_is_taken_out_meanwhile_is_in_the_backup(
    home: Home, other: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = home.contents()

    class RemovesAfterwards(sqlite3.Connection):
        def backup(self, target: sqlite3.Connection, **options: Any) -> None:
            super().backup(target, **options)
            with home.open() as store:
                store.remove(store.own.ids()[0])

    monkeypatch.setattr(sqlite3, "connect", partial(sqlite3.connect, factory=RemovesAfterwards))
    report = home.back_up()
    monkeypatch.undo()

    assert report.missing == ()
    other.restore(report.place)
    assert other.contents() == before


def test_a_logbook_that_another_process_is_just_making_is_none_yet(other: Home) -> None:
    other.data.mkdir(parents=True)
    (other.data / "own.db").touch()

    with pytest.raises(StoreUnreadable, match="there is no logbook yet"):
        other.back_up()

    assert [path.name for path in other.folder.iterdir()] == ["data"]


def test_a_restore_waits_for_no_one_for_ever(home: Home, other: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("paceport.logbook.backup.restore_backup._WAIT_S", 0.05)
    other.add_run(5)
    before = other.contents()
    place = home.back_up().place
    with other.open() as store:
        store.connection.execute("BEGIN IMMEDIATE")

        with pytest.raises(Busy, match="being written"):
            other.restore(place, replaces=True)

        store.connection.execute("ROLLBACK")
    assert other.contents() == before


def at_replacement(
    monkeypatch: pytest.MonkeyPatch, own: Path, *, before: Callable[[], object], after: Callable[[], object]
) -> None:
    """Do something, once, just before the database `own` is replaced, and just after."""
    left = [after, before]

    class Watched(sqlite3.Connection):
        def backup(self, target: sqlite3.Connection, **options: Any) -> None:
            is_replacement = Path(target.execute("PRAGMA database_list").fetchone()[2]) == own
            if is_replacement and len(left) == 2:
                left.pop()()
            super().backup(target, **options)
            if is_replacement and left:
                left.pop()()

    monkeypatch.setattr(sqlite3, "connect", partial(sqlite3.connect, factory=Watched))


def test_what_is_imported_until_the_last_moment_is_kept_aside(
    home: Home, other: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    other.add_run(5)
    place = home.back_up().place
    at_replacement(monkeypatch, other.data / "own.db", before=lambda: other.add_run(6), after=lambda: None)

    report = other.restore(place, replaces=True)

    assert report.kept_aside is not None
    with closing(sqlite3.connect(report.kept_aside / "own.db")) as aside:
        assert aside.execute("SELECT name FROM activity ORDER BY start_utc").fetchall() == [("Run 5",), ("Run 6",)]
    assert len(list(report.kept_aside.glob("[0-9a-f]*"))) == 2
    assert other.contents() == home.contents()


def test_an_import_keeps_its_original_while_a_backup_is_restored(
    home: Home, other: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    other.add_run(5)
    place = home.back_up().place
    at_replacement(monkeypatch, other.data / "own.db", before=lambda: None, after=lambda: other.add_run(6))

    other.restore(place, replaces=True)

    with other.open() as store:
        files = store.own.files()
        assert len(files) == 3
        assert all(store.own.original(sha256) for sha256, _, _ in files)


def test_a_restore_that_fails_leaves_an_original_that_another_import_needs(
    home: Home, other: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = home.back_up().place

    def import_and_fail() -> None:
        other.add_run(1)
        raise KeyboardInterrupt

    other.add_run(5)
    at_replacement(monkeypatch, other.data / "own.db", before=import_and_fail, after=lambda: None)

    with pytest.raises(KeyboardInterrupt):
        other.restore(place, replaces=True)

    with other.open() as store:
        assert len(store.own.files()) == 2
        assert all(store.own.original(sha256) for sha256, _, _ in store.own.files())
    assert len(list((other.data / "originals").iterdir())) == 2


def rewritten(place: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """The same ZIP with other members; the list is made anew unless the change makes one."""
    with zipfile.ZipFile(place) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(members.pop("manifest.json"))
    change(members)
    if "manifest.json" not in members:
        manifest["files"] = [
            {"name": name, "size": len(body), "sha256": hashlib.sha256(body).hexdigest()}
            for name, body in members.items()
        ]
        members["manifest.json"] = json.dumps(manifest).encode()
    target = place.with_name("changed.zip")
    with zipfile.ZipFile(target, "w") as archive:
        for name, body in members.items():
            archive.writestr(name, body)
    return target


HOSTILE: dict[str, Callable[[dict[str, bytes]], None]] = {
    "a name that leaves the folder": lambda members: members.update({"originals/../../evil": b"x"}),
    "an absolute name": lambda members: members.update({"/tmp/evil": b"x"}),
    "a file of another kind": lambda members: members.update({"state/grants/a.json": b"x"}),
    "no database": lambda members: members.clear(),
    "another program's database": lambda members: members.update({"own.db": other_programs_database()}),
    "a text as database": lambda members: members.update({"own.db": b"hello" * 1000}),
    "half a database": lambda members: members.update({"own.db": members["own.db"][: len(members["own.db"]) // 2]}),
    "no list": lambda members: members.update({"manifest.json": b"{}"}),
    "a list of another format": lambda members: members.update(
        {"manifest.json": b'{"format": 2, "made": "", "schema": 1, "activities": 0, "files": []}'}
    ),
}


def other_programs_database() -> bytes:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE TABLE t (x)")
        connection.execute("PRAGMA application_id = 77")
        return connection.serialize()


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_or_foreign_file_changes_nothing(home: Home, other: Home, kind: str) -> None:
    other.add_run(5)
    before = other.contents()
    place = rewritten(home.back_up().place, HOSTILE[kind])

    with pytest.raises(PaceportError):
        other.restore(place, replaces=True)

    assert other.contents() == before
    assert not (home.folder.parent / "evil").exists()


def test_a_backup_of_a_newer_version_is_named_as_that(home: Home, other: Home) -> None:
    place = home.back_up().place

    def newer(members: dict[str, bytes]) -> None:
        members["manifest.json"] = zipfile.ZipFile(place).read("manifest.json").replace(b'"schema": ', b'"schema": 9')

    with pytest.raises(StoreTooNew):
        other.restore(rewritten(place, newer))


@pytest.mark.parametrize("content", [b"", b"PK", b"no zip at all" * 99])
def test_what_is_no_zip_is_named_as_that(other: Home, tmp_path: Path, content: bytes) -> None:
    place = tmp_path / "x.zip"
    place.write_bytes(content)

    with pytest.raises(FileError, match=r"x\.zip"):
        other.restore(place)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(share=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7), is_cut=st.booleans())
def test_a_flipped_bit_or_a_cut_end_is_seen_or_harmless(
    home: Home, tmp_path_factory: pytest.TempPathFactory, share: float, bit: int, is_cut: bool
) -> None:
    place = home.folder / "whole.zip"
    if not place.exists():
        home.back_up("whole.zip")
    body = bytearray(place.read_bytes())
    at = int(share * len(body))
    if is_cut:
        body = body[:at]
    else:
        body[at] ^= 1 << bit
    folder = tmp_path_factory.mktemp("flipped")
    (folder / "b.zip").write_bytes(body)
    other = Home(folder / "there")

    try:
        other.restore(folder / "b.zip")
    except PaceportError:
        assert other.contents() == {}
    else:
        assert other.contents() == home.contents()


def steps() -> Iterator[int]:
    yield from range(1, 60)


@pytest.mark.parametrize("is_full", [False, True])
def test_a_restore_that_ends_anywhere_leaves_the_old_or_the_new(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_full: bool
) -> None:
    place = home.back_up().place
    wanted = home.contents()["dump"]
    old = Home(tmp_path / "old")
    old.add_run(5)
    before = old.contents()
    for number in steps():
        other = Home(tmp_path / f"{is_full}{number}")
        shutil.copytree(old.folder, other.folder)
        faulty = FaultyDisk(fails_at=number, is_full=is_full)
        with monkeypatch.context() as patch:
            patch.setattr(disk, "os", faulty)
            with suppress(Killed, PaceportError):
                other.restore(place, replaces=True)
        found = other.contents()
        assert found["dump"] in (before["dump"], wanted)
        assert not is_full or found["dump"] == wanted or found == before
        other.clock.advance(60)
        other.restore(place, replaces=True)
        assert other.contents() == home.contents()
        if faulty.calls < number:
            return
    raise AssertionError("the restore never ran to its end")


@pytest.mark.parametrize("is_full", [False, True])
def test_a_backup_that_ends_anywhere_leaves_none_or_a_whole_one(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_full: bool
) -> None:
    for number in steps():
        faulty = FaultyDisk(fails_at=number, is_full=is_full)
        place = home.folder / f"{number}.zip"
        with monkeypatch.context() as patch:
            patch.setattr(disk, "os", faulty)
            with suppress(Killed, PaceportError):
                home.back_up(place.name)
        if place.exists():
            other = Home(tmp_path / f"{is_full}{number}")
            other.restore(place)
            assert other.contents() == home.contents()
        assert not is_full or not list(home.folder.glob(".*"))
        if faulty.calls < number:
            return
    raise AssertionError("the backup never ran to its end")


def test_two_backups_at_once_are_both_whole(home: Home, other: Home) -> None:
    reports: list[BackupReport] = []
    threads = [threading.Thread(target=lambda n=n: reports.append(home.back_up(f"{n}.zip"))) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(reports) == 2
    other.restore(reports[1].place)
    assert other.contents() == home.contents()
