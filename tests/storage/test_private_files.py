"""Private files: what reaches the disk in which order, and what is never read or written through."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from disk_recorder import DiskRecorder, record_disk
from paceport.errors import StoreError, StoreUnreadable, StoreUnsafe, StoreUnwritable
from paceport.storage.private_files import (
    LARGEST_FILE,
    append_private,
    create_private,
    make_owner_folder,
    make_private_folder,
    overwrite_private,
    read_plain,
    read_private,
    replace_private,
)

SRC = Path(__file__).parents[2] / "src" / "paceport"


@pytest.fixture
def recorder(monkeypatch: pytest.MonkeyPatch) -> DiskRecorder:
    return record_disk(monkeypatch)


def test_a_file_is_on_the_disk_before_it_gets_its_name(tmp_path: Path, recorder: DiskRecorder) -> None:
    replace_private(tmp_path / "a.json", b"new")

    steps = [("write", "a.json.new"), ("fsync", "a.json.new"), ("rename", "a.json"), ("fsync", tmp_path.name)]
    assert recorder.steps == steps


def test_a_file_that_need_not_last_is_not_synced(tmp_path: Path, recorder: DiskRecorder) -> None:
    replace_private(tmp_path / "a.json", b"new", durable=False)

    assert recorder.steps == [("write", "a.json.new"), ("rename", "a.json")]


def test_a_created_and_an_appended_file_and_their_names_are_synced(tmp_path: Path, recorder: DiskRecorder) -> None:
    assert create_private(tmp_path / "a", b"1")
    append_private(tmp_path / "b", b"1")
    append_private(tmp_path / "b", b"2")

    folder = ("fsync", tmp_path.name)
    first = [("write", "a"), ("fsync", "a"), folder]
    assert recorder.steps == [*first, ("write", "b"), ("fsync", "b"), folder, ("write", "b"), ("fsync", "b")]
    assert (tmp_path / "b").read_bytes() == b"12"


def test_an_overwritten_part_is_synced(tmp_path: Path, recorder: DiskRecorder) -> None:
    replace_private(tmp_path / "a", b"....")
    recorder.steps.clear()

    overwrite_private(tmp_path / "a", b"12", offset=2)

    assert recorder.steps == [("write", "a"), ("fsync", "a")]
    assert (tmp_path / "a").read_bytes() == b"..12"


def test_each_new_folder_is_synced_into_its_parent(tmp_path: Path, recorder: DiskRecorder) -> None:
    make_private_folder(tmp_path / "one" / "two")

    assert recorder.steps == [("fsync", tmp_path.name), ("fsync", "one")]
    assert (tmp_path / "one").stat().st_mode & 0o777 == 0o700


def test_no_other_file_syncs_or_renames_on_its_own() -> None:
    """One writer: a second one would have other guarantees."""
    words = ("os.fsync(", "os.replace(", "os.rename(", "draft.replace(", "O_EXCL")
    # `sandbox --export` writes an invented athlete's file where the person says; nothing private is in it.
    exported = SRC / "cli" / "sandbox.py"
    allowed = {SRC / "storage" / "disk.py", SRC / "storage" / "private_files.py", exported}
    found = [
        path
        for path in SRC.rglob("*.py")
        if "sandbox" not in path.parts and path not in allowed and any(word in path.read_text() for word in words)
    ]

    assert found == []


def test_an_existing_file_is_never_created_over(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"mine")

    assert not create_private(tmp_path / "a", b"ours")
    assert (tmp_path / "a").read_bytes() == b"mine"


def test_a_folder_that_is_open_to_others_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "open").mkdir(mode=0o755)

    make_owner_folder(tmp_path / "open" / "new")

    assert (tmp_path / "open").stat().st_mode & 0o777 == 0o755
    assert (tmp_path / "open" / "new").stat().st_mode & 0o777 == 0o700


def plant(path: Path, kind: str) -> None:
    """Something at `path` that is no plain file of ours."""
    if kind == "fifo":
        os.mkfifo(path, 0o600)
    elif kind == "folder":
        path.mkdir(mode=0o700)
    elif kind == "device":
        path.symlink_to("/dev/zero")
    else:
        with path.open("wb") as file:
            file.truncate(LARGEST_FILE + 1)
        path.chmod(0o600)


@pytest.mark.parametrize("kind", ["fifo", "folder", "device", "large"])
def test_what_is_no_small_file_is_an_error_that_names_it_and_never_waits(tmp_path: Path, kind: str) -> None:
    plant(tmp_path / "record", kind)

    with pytest.raises(StoreUnreadable, match="record"):
        read_plain(tmp_path / "record")
    with pytest.raises(StoreError, match="record"):
        read_private(tmp_path / "record")


@pytest.mark.parametrize("kind", ["fifo", "folder", "device"])
def test_what_is_no_file_is_not_appended_to(tmp_path: Path, kind: str) -> None:
    plant(tmp_path / "log", kind)

    with pytest.raises((StoreUnsafe, StoreUnwritable), match="log"):
        append_private(tmp_path / "log", b"x")


def test_a_link_to_a_plain_file_is_read_but_no_secret_through_it(tmp_path: Path) -> None:
    (tmp_path / "dotfiles").write_bytes(b"units")
    (tmp_path / "config").symlink_to(tmp_path / "dotfiles")

    assert read_plain(tmp_path / "config") == b"units"
    with pytest.raises(StoreUnsafe):
        read_private(tmp_path / "config")
