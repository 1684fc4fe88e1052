from __future__ import annotations

import json
import shutil
from pathlib import Path
from xml.etree import ElementTree

import pytest

from makers.no_fonts import without_fonts
from processes import finish
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
    spaced = analyst("poster", "map", "-o", str(tmp_path / "my map.pdf"))
    empty = analyst("poster", "facets", "--year", "1950", "-o", str(tmp_path / "facets.svg"))

    assert other.code == 2
    assert "neither an SVG nor a PNG" in other.err
    assert f"Fix: paceport poster map -o '{tmp_path / 'my map.svg'}'" in spaced.err
    assert "no run in 1950" in empty.err
    assert list(tmp_path.glob("*.svg")) == []


def test_a_terminal_says_what_takes_so_long_and_a_pipe_does_not(analyst: Shell, tmp_path: Path) -> None:
    shown = analyst("poster", "calendar", "-o", str(tmp_path / "shown.svg"), is_terminal=True)
    piped = analyst("poster", "calendar", "-o", str(tmp_path / "piped.svg"))

    assert "Drawing your runs" in shown.err
    assert shown.err.endswith("\r\x1b[K")
    assert "Drawing" not in piped.err


@pytest.mark.slow
def test_a_machine_without_fonts_writes_no_png_and_says_what_to_do_and_an_svg_is_the_same(
    computed_logbook: Path, tmp_path: Path
) -> None:
    pytest.importorskip("resvg_py")
    variables = {"PACEPORT_HOME": str(tmp_path / "home")}
    shutil.copytree(computed_logbook, tmp_path / "home")
    bare = variables | without_fonts(tmp_path)

    refused = finish(["poster", "year", "-o", str(tmp_path / "year.png")], bare)
    finish(["poster", "year", "-o", str(tmp_path / "bare.svg")], bare)
    finish(["poster", "year", "-o", str(tmp_path / "usual.svg")], variables)

    assert refused.returncode == 1
    assert "no usual font is installed" in refused.stderr
    assert "write an .svg file, or install a font; on Debian: apt install fonts-dejavu-core" in refused.stderr
    assert not (tmp_path / "year.png").exists()
    bare_svg = (tmp_path / "bare.svg").read_bytes()
    assert bare_svg == (tmp_path / "usual.svg").read_bytes()
    assert len(ElementTree.fromstring(bare_svg).findall(".//{http://www.w3.org/2000/svg}text")) > 5
