from __future__ import annotations

import json
from pathlib import Path

from shell import Shell


def test_a_poster_is_written_once_and_described(analyst: Shell, tmp_path: Path) -> None:
    place = tmp_path / "year.svg"

    told = json.loads(analyst("poster", "year", "-o", str(place), "--json").out)
    again = analyst("poster", "year", "-o", str(place))

    assert told["bytes"] == place.stat().st_size
    assert told["runs"] > 0
    assert again.code == 2
    assert "exists already" in again.err


def test_only_svg_and_png_are_written_and_a_year_without_runs_is_named(analyst: Shell, tmp_path: Path) -> None:
    other = analyst("poster", "map", "-o", str(tmp_path / "map.pdf"))
    empty = analyst("poster", "facets", "--year", "1950", "-o", str(tmp_path / "facets.svg"))

    assert other.code == 2
    assert "neither an SVG nor a PNG" in other.err
    assert "no run in 1950" in empty.err
    assert list(tmp_path.glob("*.svg")) == []
