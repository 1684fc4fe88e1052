"""A folder is watched: every recording is imported once, whole, and nothing that happens there ends the watching."""

from __future__ import annotations

import gzip
import shutil
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from makers.faulty_disk import FaultyDisk, Killed
from makers.fit_writer import hour_of_running
from makers.gpx_writer import write_gpx
from makers.tcx_writer import TcxActivity, TcxLap, write_tcx
from makers.track_point import TrackPoint
from paceport.clock import ManualClock
from paceport.errors import Busy, FileError, StoreUnwritable
from paceport.formats.tracks.whole_file import has_its_end
from paceport.logbook.database.store import Store
from paceport.logbook.importing.import_paths import import_paths
from paceport.logbook.watching.settled_files import PATIENCE_S, SETTLE_S, SettledFiles
from paceport.logbook.watching.watch_folder import watch_folder
from paceport.storage import disk

START = datetime(2026, 5, 1, 7, tzinfo=UTC)
POINTS = [
    TrackPoint(time=START + timedelta(seconds=5 * n), position=(f"{52 + n * 1e-4:.6f}", "13.4"), distance_m=11.0 * n)
    for n in range(40)
]
GPX = write_gpx(POINTS)
FILES = {
    "run.gpx": GPX,
    "run.gpx.gz": gzip.compress(GPX),
    "run.fit": hour_of_running(seconds=60),
}


class Watch:
    """A watched folder and its logbook on a clock of the test's own."""

    def __init__(self, folder: Path, clock: ManualClock) -> None:
        self.folder, self.clock = folder / "watched", clock
        self.folder.mkdir(parents=True)
        self.data, self.cache = folder / "data", folder / "cache"
        self.warnings: list[str] = []
        self.imported: list[list[str]] = []

    def open(self) -> Store:
        return Store(data_dir=self.data, cache_dir=self.cache, clock=self.clock)

    def import_files(self, paths: list[Path]) -> None:
        with self.open() as store:
            import_paths(paths, store=store, clock=self.clock)
        self.imported.append([path.name for path in paths])

    def run(self, *steps: Callable[[], object] | float) -> None:
        """Watch while things happen: a number lets so many seconds pass, anything else is done to the folder."""

        def wakes() -> Iterator[bool]:
            yield True
            for step in steps:
                if callable(step):
                    step()
                    yield True
                else:
                    left = float(step)
                    while left > 0:
                        self.clock.advance(min(1.0, left))
                        left -= 1.0
                        yield False

        watch_folder(
            self.folder, import_files=self.import_files, warn=self.warnings.append, clock=self.clock, wakes=wakes()
        )

    def runs(self) -> int:
        with self.open() as store:
            return len(store.view("run", include_cached=False).rows)

    def write(self, name: str, content: bytes) -> Callable[[], object]:
        return lambda: (self.folder / name).write_bytes(content)


@pytest.fixture
def watch(tmp_path: Path, clock: ManualClock) -> Watch:
    return Watch(tmp_path, clock)


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_there_and_one_that_comes_are_imported(watch: Watch, name: str) -> None:
    (watch.folder / "before.gpx").write_bytes(write_gpx(POINTS[3:]))

    watch.run(5, watch.write(name, FILES[name]), 5, 120)

    assert watch.imported == [["before.gpx"], [name]]
    assert watch.runs() == 2


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.sampled_from(sorted(FILES)),
    cuts=st.lists(st.floats(0.01, 0.99), min_size=1, max_size=3),
    pause_s=st.sampled_from([0.5, 3.0, 60.0, PATIENCE_S - 5]),
)
def test_a_slow_copy_is_one_run_whatever_its_pauses(
    tmp_path_factory: pytest.TempPathFactory, name: str, cuts: list[float], pause_s: float
) -> None:
    content = FILES[name]
    watch = Watch(tmp_path_factory.mktemp("slow"), ManualClock(datetime(2026, 11, 22, 8, 0, tzinfo=UTC)))
    steps: list[Callable[[], object] | float] = []
    for cut in sorted({int(len(content) * share) for share in cuts}):
        steps += [watch.write(name, content[:cut]), pause_s]

    watch.run(*steps, watch.write(name, content), 5)

    assert watch.imported == [[name]]
    assert watch.runs() == 1
    assert watch.warnings == []


def test_a_file_that_never_gets_its_end_is_imported_in_the_end(watch: Watch) -> None:
    cut = FILES["run.fit"][:-40]

    watch.run(watch.write("cut.fit", cut), PATIENCE_S - 2)
    assert watch.imported == []
    watch.run(0, PATIENCE_S + 3)

    assert watch.imported == [["cut.fit"]]
    assert watch.runs() == 1


def test_what_is_no_recording_is_left_alone(watch: Watch) -> None:
    for name in (".run.gpx", "run.gpx.part", "notes.txt", "._run.gpx", "run.gpx~"):
        (watch.folder / name).write_bytes(GPX)
    (watch.folder / "folder.gpx").mkdir()
    (watch.folder / ".sync").mkdir()
    (watch.folder / ".sync" / "run.gpx").write_bytes(GPX)
    (watch.folder / "nowhere.gpx").symlink_to(watch.folder / "gone")

    watch.run(10)

    assert watch.imported == []
    assert watch.warnings == []


def test_an_export_is_imported_when_it_is_whole(watch: Watch, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "files.zip", "w") as archive:
        archive.writestr("a.gpx", GPX)
    content = (tmp_path / "files.zip").read_bytes()

    watch.run(watch.write("files.zip", content[:-10]), 30, watch.write("files.zip", content), 5)

    assert watch.runs() == 1


def test_another_content_under_the_same_name_is_another_run(watch: Watch) -> None:
    later = write_gpx(
        [TrackPoint(time=START + timedelta(days=1, seconds=n), position=("52", f"13.{n}")) for n in range(9)]
    )

    watch.run(watch.write("today.gpx", GPX), 5, watch.write("today.gpx", later), 5)

    assert watch.runs() == 2


def test_a_folder_that_goes_away_and_comes_back_is_watched_on(watch: Watch) -> None:
    def come_back() -> None:
        watch.folder.mkdir()
        (watch.folder / "run.gpx").write_bytes(GPX)

    watch.run(3, lambda: shutil.rmtree(watch.folder), 200, come_back, 5)

    assert watch.runs() == 1
    assert len(watch.warnings) == 1
    assert "waiting" in watch.warnings[0]


def test_a_damaged_file_is_no_hindrance_and_is_told_once(watch: Watch) -> None:
    watch.run(watch.write("bad.gpx", b"<gpx>nonsense</gpx>"), watch.write("run.gpx", GPX), 300)

    assert watch.imported == [["bad.gpx", "run.gpx"]]
    assert watch.runs() == 1


@pytest.mark.parametrize(
    "error", [StoreUnwritable(path="own.db", why="no space left"), Busy(what="own.db", holder="x")]
)
def test_a_full_or_busy_logbook_is_tried_again(watch: Watch, error: Exception) -> None:
    """The error itself comes from the logbook; here it is raised in its place, once."""
    raised: list[list[Path]] = []
    real = watch.import_files

    def import_files(paths: list[Path]) -> None:
        if not raised:
            raised.append(paths)
            raise error
        real(paths)

    watch.import_files = import_files  # type: ignore[method-assign]
    watch.run(watch.write("run.gpx", GPX), 10, 60)

    assert watch.runs() == 1
    assert len(watch.warnings) == 1


def test_a_full_disk_loses_nothing(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    with watch.open():
        pass

    def fill_up() -> None:
        monkeypatch.setattr(disk, "os", FaultyDisk(fails_at=1, is_full=True))
        watch.write("run.gpx", GPX)()

    watch.run(fill_up, 20, monkeypatch.undo, 60)

    assert watch.runs() == 1
    assert "no space left" in watch.warnings[0].lower()


@pytest.mark.parametrize("number", [1, 2, 4, 7])
def test_a_watch_killed_anywhere_loses_nothing(watch: Watch, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """The process ends at the n-th call that writes to the disk; another watch goes on."""
    with watch.open():
        pass
    with monkeypatch.context() as patch, suppress(Killed):
        patch.setattr(disk, "os", FaultyDisk(fails_at=number))
        watch.run(watch.write("run.gpx", GPX), watch.write("run.fit", FILES["run.fit"]), 5)

    watch.run(5)

    assert watch.runs() == 2
    with watch.open() as store:
        for sha256, _, _ in store.own.files():
            assert store.own.original(sha256) in FILES.values()


def test_a_file_that_goes_at_the_last_moment_hinders_no_other(watch: Watch) -> None:
    real = watch.import_files

    def import_files(paths: list[Path]) -> None:
        (watch.folder / "a.gpx").unlink(missing_ok=True)
        real(paths)

    watch.import_files = import_files  # type: ignore[method-assign]
    watch.run(watch.write("a.gpx", write_gpx(POINTS[5:])), watch.write("b.gpx", GPX), 5)

    assert watch.runs() == 1
    assert "a.gpx" in watch.warnings[0]


def test_two_watchers_of_one_folder_import_a_run_once(watch: Watch) -> None:
    first, second = (SettledFiles(folder=watch.folder, clock=watch.clock) for _ in range(2))
    watch.write("run.gpx", GPX)()
    for files in (first, second):
        files.look()
    watch.clock.advance(SETTLE_S)

    for files in (first, second):
        watch.import_files(files.look())

    assert watch.imported == [["run.gpx"]] * 2
    assert watch.runs() == 1


def test_a_file_without_its_end_is_told_from_one_with(tmp_path: Path) -> None:
    lap = TcxLap(start=START, timer_s=200.0, distance_m=430.0, points=POINTS)
    whole = FILES | {"run.tcx": write_tcx([TcxActivity(laps=[lap])]), "run.tcx.gz": gzip.compress(b"x" * 99)}
    for name, content in whole.items():
        path = tmp_path / name
        path.write_bytes(content)
        assert has_its_end(path), name
        for cut in (1, len(content) // 2, len(content) - 12):
            path.write_bytes(content[:cut])
            assert not has_its_end(path), (name, cut)


@pytest.mark.parametrize("name", ["a.gpx", "a.fit", "a.gpx.gz", "a.zip", "a.tcx"])
@given(content=st.binary(max_size=60))
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_content_has_an_end_or_none(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)

    assert has_its_end(tmp_path / name) in (True, False)


def test_a_missing_file_is_the_systems_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        has_its_end(tmp_path / "gone.fit")


def test_an_unreadable_folder_is_an_error_for_whoever_looks(tmp_path: Path, clock: ManualClock) -> None:
    with pytest.raises(FileNotFoundError):
        SettledFiles(folder=tmp_path / "gone", clock=clock).look()


def test_an_error_of_a_file_alone_is_told(watch: Watch) -> None:
    def import_files(paths: list[Path]) -> None:
        raise FileError(path=str(paths[0]), why="it is odd", fix="look at it")

    watch.import_files = import_files  # type: ignore[method-assign]
    watch.run(watch.write("a.gpx", GPX), watch.write("b.gpx", GPX), 5, 120)

    assert [warning.rpartition(": ")[2] for warning in watch.warnings] == ["it is odd"] * 2
