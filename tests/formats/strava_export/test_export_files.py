import contextlib
import errno
import gzip
import os
import stat
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from makers.export_writer import activities, write_export, write_zip
from paceport.errors import FileError
from paceport.formats.strava_export import export_files as tree_module
from paceport.formats.strava_export.export_files import find_root, open_file_tree

HOSTILE = [
    ("../outside.fit", "points outside"),
    ("activities/../../outside.fit", "points outside"),
    ("/etc/passwd", "absolute"),
    ("C:/windows/system.ini", "absolute"),
    ("activities\\1.fit", "backslash"),
]


@pytest.mark.parametrize("root", ["", "export_123/", "Downloads/export_123/"])
def test_the_root_is_found_in_a_zip_up_to_two_folders_deep(tmp_path: Path, root: str) -> None:
    path = write_zip(tmp_path / "e.zip", activities(2), root=root)

    with open_file_tree(path) as tree:
        assert find_root(tree) == root


def test_the_root_is_found_in_a_nested_folder(tmp_path: Path) -> None:
    write_export(tmp_path / "export" / "export", activities(2))

    with open_file_tree(tmp_path) as tree:
        assert find_root(tree) == "export/export/"


def test_two_exports_side_by_side_are_not_chosen_between(tmp_path: Path) -> None:
    write_export(tmp_path / "a", activities(1))
    write_export(tmp_path / "b", activities(1))

    with open_file_tree(tmp_path) as tree, pytest.raises(FileError, match="two exports"):
        find_root(tree)


def test_a_folder_without_an_export_has_no_root(tmp_path: Path) -> None:
    with open_file_tree(tmp_path) as tree:
        assert find_root(tree) is None


@pytest.mark.parametrize(("name", "why"), HOSTILE)
def test_a_hostile_name_is_refused_and_reported(tmp_path: Path, name: str, why: str) -> None:
    path = write_zip(tmp_path / "e.zip", activities(1), more={name: b"x"})

    with open_file_tree(path) as tree:
        assert name not in tree.names()
        assert [refused.name for refused in tree.refused] == [name]
        assert why in tree.refused[0].why
        with pytest.raises(FileError):
            tree.read(name)


def test_a_link_in_a_zip_is_refused(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("activities/1.fit")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "e.zip", "w") as archive:
        archive.writestr(link, "/etc/passwd")

    with open_file_tree(tmp_path / "e.zip") as tree:
        assert [refused.why for refused in tree.refused] == ["it is a link"]


def test_a_link_in_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("x")
    folder = tmp_path / "export"
    folder.mkdir()
    (folder / "1.fit").symlink_to(tmp_path / "secret")
    (folder / "up").symlink_to(tmp_path)

    with open_file_tree(folder) as tree:
        assert list(tree.names()) == []
        assert sorted(refused.name for refused in tree.refused) == ["1.fit", "up"]


def test_a_name_that_stands_twice_is_read_once(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "e.zip", "w") as archive:
        archive.writestr("a.fit", "first")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("a.fit", "second")

    with open_file_tree(tmp_path / "e.zip") as tree:
        assert len(tree.refused) == 1


def test_a_bomb_is_stopped_while_it_expands(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "e.zip", activities(1), more={"activities/9.gpx": bytes(40 * 2**20)})

    with open_file_tree(path) as tree, pytest.raises(FileError, match="bomb"):
        tree.read("activities/9.gpx")


def test_an_entry_above_the_cap_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tree_module, "MOST_ENTRY_BYTES", 1000)
    path = write_zip(tmp_path / "e.zip", activities(1), more={"activities/9.gpx": b"x" * 1001})
    write_export(tmp_path / "folder", activities(1), more={"activities/9.gpx": b"x" * 1001})

    for place in (path, tmp_path / "folder"):
        with open_file_tree(place) as tree, pytest.raises(FileError, match="expands to more"):
            tree.read("activities/9.gpx")


def test_all_entries_together_have_a_cap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tree_module, "MOST_TOTAL_BYTES", 1500)
    path = write_zip(tmp_path / "e.zip", [], more={"1.gpx": b"x" * 1000, "2.gpx": b"x" * 1000})

    with open_file_tree(path) as tree:
        tree.read("1.gpx")
        with pytest.raises(FileError, match="without end"):
            tree.read("2.gpx")


@pytest.mark.parametrize("number", [errno.EIO, errno.EMFILE, errno.ENOSPC])
def test_a_machine_that_cannot_read_is_no_damaged_zip(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    path = write_zip(tmp_path / "e.zip", activities(1))

    def fail(*values: object, **named: object) -> None:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patched:
        patched.setattr(zipfile, "ZipFile", fail)
        with pytest.raises(FileError) as opening, open_file_tree(path):
            pass
    monkeypatch.setattr(zipfile.ZipFile, "open", fail)
    with open_file_tree(path) as tree, pytest.raises(FileError) as reading:
        tree.open("activities.csv").read()

    for refused in (opening.value, reading.value):
        assert refused.why.lower() == os.strerror(number).lower()
        assert "download" not in refused.fix


def test_a_zip_cut_short_is_a_file_error(tmp_path: Path) -> None:
    whole = write_zip(tmp_path / "e.zip", activities(3)).read_bytes()
    (tmp_path / "cut.zip").write_bytes(whole[: len(whole) // 2])

    with pytest.raises(FileError, match="not a complete ZIP"), open_file_tree(tmp_path / "cut.zip"):
        pass


@settings(max_examples=40)
@given(st.integers(0, 10_000), st.integers(0, 255))
def test_a_damaged_zip_gives_content_or_file_errors(
    tmp_path_factory: pytest.TempPathFactory, at: int, value: int
) -> None:
    folder = tmp_path_factory.mktemp("zip")
    content = bytearray(write_zip(folder / "e.zip", activities(2)).read_bytes())
    content[at % len(content)] = value
    (folder / "e.zip").write_bytes(content)

    with contextlib.suppress(FileError), open_file_tree(folder / "e.zip") as tree:
        for name in tree.names():
            assert isinstance(tree.read(name), bytes)


@pytest.mark.parametrize("content", [b"", b"a", b"a run of an hour " * 5000])
def test_a_deflated_entry_comes_with_the_same_in_gzip(tmp_path: Path, content: bytes) -> None:
    with zipfile.ZipFile(tmp_path / "e.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.gpx", content)
        archive.comment = b"more behind it"
    with open_file_tree(tmp_path / "e.zip") as tree:
        found = tree.read_packed("a.gpx")

    assert found.content == content
    assert found.gzipped is not None
    assert gzip.decompress(found.gzipped) == content


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_an_entry_packed_otherwise_comes_as_it_is(tmp_path: Path, method: int) -> None:
    with zipfile.ZipFile(tmp_path / "e.zip", "w", method) as archive:
        archive.writestr("a.gpx", b"a run of an hour " * 5000)
    with open_file_tree(tmp_path / "e.zip") as tree:
        found = tree.read_packed("a.gpx")

    assert found.content == b"a run of an hour " * 5000
    assert found.gzipped is None


@given(st.integers(0, 200), st.integers(1, 255))
@settings(max_examples=100, deadline=None)
def test_a_damaged_entry_reads_as_it_does_by_pieces(tmp_path_factory: pytest.TempPathFactory, at: int, by: int) -> None:
    path = tmp_path_factory.mktemp("zip") / "e.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.gpx", bytes(number * number % 251 for number in range(150)))
    damaged = bytearray(path.read_bytes())
    damaged[at % len(damaged)] ^= by
    path.write_bytes(damaged)

    try:
        with zipfile.ZipFile(path) as archive, archive.open(archive.infolist()[0]) as stream:
            expected = stream.read()
    except Exception:  # noqa: BLE001  # whatever it is, it is damaged
        expected = None
    try:
        with open_file_tree(path) as tree:
            found = tree.read_packed(tree.names()[0])
    except (FileError, IndexError):
        return
    assert found.content == expected
    assert found.gzipped is None or gzip.decompress(found.gzipped) == expected
