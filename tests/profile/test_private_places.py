from __future__ import annotations

import json
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from meanwhile import Meanwhile
from paceport.errors import StoreUnreadable
from paceport.maps.place import Place
from paceport.profile.private_places import FILE_NAME, hidden_circles
from paceport.profile.settings import Settings

HOME = (48.137, 11.575)


def settings_with(folder: Path, *, radius_m: float = 500.0, places: Mapping[str, Place] | None = None) -> Settings:
    usual = Settings.from_environment({"PACEPORT_HOME": str(folder)})
    return replace(usual, private_radius_m=radius_m, private_places=places or {})


def test_the_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    asked = settings_with(tmp_path)
    first = hidden_circles(asked, tmp_path / "data", [[HOME]] * 3, is_picture=False)
    second = hidden_circles(asked, tmp_path / "data", [[HOME]] * 5, is_picture=False)
    elsewhere = hidden_circles(asked, tmp_path / "other", [[HOME]] * 3, is_picture=False)

    path = tmp_path / "data" / FILE_NAME
    assert first == second != elsewhere
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "48.1" not in path.read_text()


def test_nothing_is_written_where_nothing_is_hidden(tmp_path: Path) -> None:
    assert hidden_circles(settings_with(tmp_path), tmp_path / "data", [[HOME]] * 2, is_picture=False) == []
    off = settings_with(tmp_path, radius_m=0.0)
    assert hidden_circles(off, tmp_path / "data", [[HOME]] * 9, is_picture=True) == []
    assert not (tmp_path / "data").exists()


def test_of_few_runs_a_picture_hides_every_end(tmp_path: Path) -> None:
    assert len(hidden_circles(settings_with(tmp_path), tmp_path / "data", [[HOME]], is_picture=True)) == 1


def test_places_of_the_settings_are_hidden_though_nobody_ran_there(tmp_path: Path) -> None:
    places = {"Parents": Place(latitude_deg=50.0, longitude_deg=8.0, radius_m=800.0)}
    (circle,) = hidden_circles(
        settings_with(tmp_path, radius_m=0.0, places=places), tmp_path / "data", [], is_picture=False
    )

    assert circle.radius_m == 800.0
    assert circle.latitude_deg != 50.0


@pytest.mark.parametrize("content", ["", "{}", '{"secret": "zz", "marks": []}', '{"secret": "00ff", "marks": []}'])
def test_a_damaged_key_is_named_and_never_replaced(tmp_path: Path, content: str) -> None:
    path = tmp_path / "data" / FILE_NAME
    path.parent.mkdir(mode=0o700)
    path.write_text(content)
    path.chmod(0o600)

    with pytest.raises(StoreUnreadable, match=FILE_NAME):
        hidden_circles(settings_with(tmp_path), tmp_path / "data", [[HOME]] * 3, is_picture=False)

    assert path.read_text() == content


def test_of_two_that_hide_places_at_once_neither_loses_a_mark(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mark that is lost lets the circle of a place move, and two circles give the place away."""
    asked, data = settings_with(tmp_path), tmp_path / "data"
    places = [(HOME[0] + 0.1 * number, HOME[1]) for number in range(3)]
    hidden_circles(asked, data, [[places[0]]] * 3, is_picture=False)
    found: list[object] = []

    @contextmanager
    def others() -> Iterator[None]:
        found.append(hidden_circles(asked, data, [[places[1]]] * 3, is_picture=False))
        yield

    meanwhile = Meanwhile(monkeypatch, others(), before=True)
    hidden_circles(asked, data, [[places[2]]] * 3, is_picture=False)
    with meanwhile.ended():
        pass

    assert len(json.loads((data / FILE_NAME).read_text())["marks"]) == 3
    assert found == [hidden_circles(asked, data, [[places[1]]] * 3, is_picture=False)]


def test_of_two_that_make_the_key_at_once_both_take_the_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked, data = settings_with(tmp_path), tmp_path / "data"
    found: list[object] = []

    @contextmanager
    def others() -> Iterator[None]:
        found.append(hidden_circles(asked, data, [[HOME]] * 3, is_picture=False))
        yield

    meanwhile = Meanwhile(monkeypatch, others(), before=True)
    first = hidden_circles(asked, data, [[HOME]] * 3, is_picture=False)
    with meanwhile.ended():
        pass

    assert found == [first]
