"""Paths that cannot be looked at, or that are relative to a folder that is gone."""

from __future__ import annotations

from pathlib import Path

import pytest

from paceport.errors import UsageError
from paceport.profile.settings import Settings
from paceport.storage.access import absolute


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
