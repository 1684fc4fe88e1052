"""Files on their way to the logbook: what is taken, what is refused, and that nothing is left over."""

from __future__ import annotations

import stat
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from makers.faulty_disk import FaultyDisk
from paceport.clock import ManualClock
from paceport.storage import disk
from paceport.web.importing.upload_refused import UploadRefused
from paceport.web.importing.uploads import KEPT_FREE, Uploads
from paceport.web.tasks import LeftOut

MEGABYTE = 1_000_000


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(datetime(2026, 11, 29, 8, 0, tzinfo=UTC))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data" / "uploads"


@pytest.fixture
def uploads(folder: Path, clock: ManualClock) -> Uploads:
    return Uploads(folder, clock=clock)


def send(uploads: Uploads, batch_id: str, name: str, content: bytes = b"content", *, pieces: int = 1) -> None:
    upload = uploads.begin(batch_id, name, len(content) * pieces)
    for _ in range(pieces):
        upload.write(content)
    upload.finish()


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and path.suffix != ".lock"]


def test_a_file_waits_where_only_its_owner_can_see_it(uploads: Uploads, folder: Path) -> None:
    batch = uploads.new_batch()
    send(uploads, batch.id, "../export.zip", b"PK")

    (path,) = uploads.take(batch.id).to_import()

    assert path.read_bytes() == b"PK"
    assert path.name == "export.zip"
    assert folder in path.parents
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert all(stat.S_IMODE(one.stat().st_mode) == 0o700 for one in path.parents if folder in (one, *one.parents))


def test_recordings_are_imported_as_one_folder_and_everything_else_by_itself(uploads: Uploads) -> None:
    batch = uploads.new_batch()
    for name in ("a.fit", "export.zip", "b.gpx.gz", "a.fit", "notes.txt"):
        send(uploads, batch.id, name)

    paths = uploads.take(batch.id).to_import()

    assert [path.name for path in paths] == ["export.zip", "notes.txt", "recordings"]
    assert sorted(path.name for path in paths[-1].iterdir()) == ["a (2).fit", "a.fit", "b.gpx.gz"]


def test_a_single_recording_is_imported_by_its_name(uploads: Uploads) -> None:
    batch = uploads.new_batch()
    send(uploads, batch.id, "a.fit")

    assert [path.name for path in uploads.take(batch.id).to_import()] == ["a.fit"]


@pytest.mark.parametrize(
    ("size", "status", "words"),
    [(0, 400, "is empty"), (5 * MEGABYTE + 1, 413, "too large"), (4 * MEGABYTE, 507, "not enough room")],
)
def test_a_file_that_cannot_be_taken_is_refused_before_it_comes(
    folder: Path, clock: ManualClock, size: int, status: int, words: str
) -> None:
    uploads = Uploads(folder, clock=clock, largest=5 * MEGABYTE, free=lambda _: KEPT_FREE + 3 * MEGABYTE)
    batch = uploads.new_batch()

    with pytest.raises(UploadRefused, match=words) as refused:
        uploads.begin(batch.id, "run.fit", size)

    assert refused.value.status == status
    assert "run.fit" in refused.value.what
    assert refused.value.fix
    assert files_in(folder) == []


def test_what_others_have_begun_to_send_is_not_promised_twice(folder: Path, clock: ManualClock) -> None:
    uploads = Uploads(folder, clock=clock, free=lambda _: KEPT_FREE + 3 * MEGABYTE)
    batch = uploads.new_batch()
    first = uploads.begin(batch.id, "a.fit", 2 * MEGABYTE)

    with pytest.raises(UploadRefused, match="not enough room"):
        uploads.begin(batch.id, "b.fit", 2 * MEGABYTE)
    first.abort()

    assert uploads.begin(batch.id, "b.fit", 2 * MEGABYTE).left == 2 * MEGABYTE


def test_a_disk_that_others_fill_meanwhile_ends_the_upload(folder: Path, clock: ManualClock) -> None:
    free = [KEPT_FREE + 200 * MEGABYTE]
    uploads = Uploads(folder, clock=clock, free=lambda _: free[0])
    upload = uploads.begin(uploads.new_batch().id, "export.zip", 100 * MEGABYTE)
    upload.write(bytes(MEGABYTE))
    free[0] = KEPT_FREE

    with pytest.raises(UploadRefused, match="not enough room"):
        upload.write(bytes(40 * MEGABYTE))

    assert files_in(folder) == []


@pytest.mark.parametrize("fails_at", [1, 2, 3])
def test_a_full_disk_is_told_and_leaves_nothing(
    uploads: Uploads, folder: Path, monkeypatch: pytest.MonkeyPatch, fails_at: int
) -> None:
    batch = uploads.new_batch()
    monkeypatch.setattr(disk, "os", FaultyDisk(fails_at=fails_at, is_full=True))

    with pytest.raises(UploadRefused, match="not enough room") as refused:
        send(uploads, batch.id, "run.fit", pieces=3)
    monkeypatch.undo()

    assert refused.value.status == 507
    assert "run.fit" in refused.value.what
    assert files_in(folder) == []
    send(uploads, batch.id, "run.fit")


def test_a_file_that_did_not_come_in_whole_is_not_kept(uploads: Uploads, folder: Path) -> None:
    batch = uploads.new_batch()
    upload = uploads.begin(batch.id, "run.fit", 100)
    upload.write(b"half")

    with pytest.raises(UploadRefused, match="whole"):
        upload.finish()

    assert files_in(folder) == []
    with pytest.raises(UploadRefused, match="nothing to import"):
        uploads.take(batch.id)


def test_a_batch_is_imported_once_and_only_when_all_of_it_is_there(uploads: Uploads) -> None:
    batch = uploads.new_batch()
    upload = uploads.begin(batch.id, "run.fit", 1)

    with pytest.raises(UploadRefused, match="still coming"):
        uploads.take(batch.id)
    upload.write(b"x")
    upload.finish()
    taken = uploads.take(batch.id)
    with pytest.raises(UploadRefused, match="not known"):
        uploads.take(batch.id)
    uploads.give_back(taken)

    assert uploads.take(batch.id) is taken


def test_a_batch_that_is_dropped_while_a_file_comes_leaves_nothing(uploads: Uploads, folder: Path) -> None:
    batch = uploads.new_batch()
    upload = uploads.begin(batch.id, "run.fit", 2)
    upload.write(b"x")

    uploads.drop(batch.id)
    upload.write(b"x")
    with pytest.raises(UploadRefused, match="not known"):
        upload.finish()

    assert files_in(folder) == []
    uploads.drop("unknown")


@pytest.mark.parametrize("begin", [lambda one: one.begin("unknown", "a.fit", 1), lambda one: one.take("unknown")])
def test_an_unknown_batch_is_refused(uploads: Uploads, begin: Callable[[Uploads], object]) -> None:
    with pytest.raises(UploadRefused, match="not known"):
        begin(uploads)


def test_too_many_at_once_are_refused(uploads: Uploads) -> None:
    batch = uploads.new_batch()
    for number in range(4):
        uploads.begin(batch.id, f"{number}.fit", 1)

    with pytest.raises(UploadRefused, match=r"5\.fit was not taken"):
        uploads.begin(batch.id, "5.fit", 1)


def test_what_was_sent_and_never_imported_is_forgotten_after_an_hour(
    uploads: Uploads, folder: Path, clock: ManualClock
) -> None:
    for _ in range(8):
        send(uploads, uploads.new_batch().id, "run.fit")
    with pytest.raises(UploadRefused, match="Too many"):
        uploads.new_batch()

    clock.advance(3601)
    uploads.new_batch()

    assert files_in(folder) == []


def test_a_refused_file_is_told_with_the_result_unless_it_came_after_all(uploads: Uploads) -> None:
    batch = uploads.new_batch()
    for name in ("a.fit", "b.fit"):
        uploads.note_refused(batch.id, LeftOut(place=name, why="the connection broke", fix="send it again"))
    send(uploads, batch.id, "a.fit")

    assert [one.place for one in uploads.take(batch.id).refused] == ["b.fit"]


def test_the_next_server_removes_what_a_killed_one_left_but_nothing_of_a_living_one(
    folder: Path, clock: ManualClock
) -> None:
    living = Uploads(folder, clock=clock)
    send(living, living.new_batch().id, "living.fit")
    killed = Uploads(folder, clock=clock)
    send(killed, killed.new_batch().id, "killed.fit")
    killed._held.close()  # what the kernel does with the lock of a process that was killed

    Uploads(folder, clock=clock).remove_leftovers()

    assert [path.name for path in files_in(folder)] == ["living.fit"]
    living.close()
    assert not folder.exists()


def test_a_folder_that_is_none_of_ours_does_not_keep_the_server_from_starting(
    folder: Path, uploads: Uploads, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "own.txt").write_text("mine")
    folder.mkdir(parents=True)
    (folder / "link").symlink_to(elsewhere)
    (folder / "file").write_text("x")

    uploads.remove_leftovers()
    uploads.close()

    assert (elsewhere / "own.txt").read_text() == "mine"
