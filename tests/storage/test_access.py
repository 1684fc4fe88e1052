"""Paths that cannot be looked at, or that are relative to a folder that is gone."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from paceport.cli.api.upload import find_files
from paceport.cli.doctor.machine import about_disk_space, about_privacy
from paceport.cli.logbook.purge import written_files
from paceport.errors import FileError, StoreError, StoreUnwritable, UsageError
from paceport.logbook.database.originals import original_size
from paceport.logbook.exporting.destination import check_new_destination
from paceport.profile.settings import Settings
from paceport.storage.access import absolute, denial


@pytest.fixture
def deleted_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, which has been deleted."""
    place = tmp_path / "deleted"
    place.mkdir()
    monkeypatch.chdir(place)
    place.rmdir()
    return place


def test_a_relative_path_in_a_deleted_folder_is_an_error_that_says_so(deleted_folder: Path) -> None:
    with pytest.raises(UsageError, match="deleted"):
        absolute(Path("report.html"))

    assert absolute(deleted_folder) == deleted_folder


@pytest.mark.usefixtures("deleted_folder")
def test_a_relative_home_in_a_deleted_folder_is_an_error_of_ours() -> None:
    with pytest.raises(UsageError, match="deleted"):
        Settings.from_environment({"PACEPORT_HOME": "home"})


@pytest.fixture
def closed(tmp_path: Path) -> Iterator[Path]:
    """A folder that this process may not enter, with a file in it."""
    folder = tmp_path / "closed"
    folder.mkdir()
    (folder / "run.gpx").write_text("<gpx/>")
    folder.chmod(0)
    is_root = os.geteuid() == 0
    if is_root:
        os.seteuid(65534)  # root may enter any folder
    try:
        yield folder
    finally:
        if is_root:
            os.seteuid(0)
        folder.chmod(0o700)


def test_an_export_into_a_folder_of_another_user_is_an_error_of_ours(closed: Path) -> None:
    with pytest.raises(StoreUnwritable, match="ermission"):
        check_new_destination(closed / "out.csv")


def test_an_upload_from_a_folder_of_another_user_is_an_error_of_ours(closed: Path) -> None:
    with pytest.raises(FileError, match="permission"):
        find_files([closed / "run.gpx"])


def test_the_doctor_names_a_state_folder_that_may_not_be_entered(closed: Path) -> None:
    privacy = about_privacy(closed / "state")

    assert privacy.state == "bad"
    assert "may not be entered" in privacy.text
    assert about_disk_space(closed / "state").check == "disk"  # no crash: which folder it is, was said already


def test_a_closed_folder_on_the_way_is_named_before_it_is_tried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What the system tells people who are not root. It tells root of the user who started the test, who may do all.
    monkeypatch.setattr(os, "access", lambda place, _mode: place != tmp_path)

    assert denial(tmp_path / "run.gpx") == f"the folder {tmp_path} may not be entered"


def test_a_written_file_that_cannot_be_looked_at_is_not_said_to_be_gone(closed: Path) -> None:
    row = (str(closed / "out.csv"), "2026-05-01", "2026-05-08")

    assert written_files([row]) == ([row], set())


def test_the_size_of_originals_in_a_folder_of_another_user_is_an_error_of_ours(closed: Path) -> None:
    with pytest.raises(StoreError):
        original_size(closed / "originals", "a" * 64)
