"""Posters and the picture of a year: whole SVG documents, drawn as PNG, with no private place in them."""

from __future__ import annotations

import re
import struct
from collections.abc import Sequence
from dataclasses import replace
from threading import Thread
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from paceport.errors import PaceportError
from paceport.maps.place import HiddenCircle
from paceport.pictures.png import find_font, to_png
from paceport.pictures.posters import calendar, elevations, facets, map_poster
from paceport.pictures.shown_tracks import shown_tracks
from paceport.pictures.svg import DARK, LIGHT
from paceport.pictures.year_picture import SIZES, Shape, year_picture
from paceport.training.history.history import History
from paceport.training.history.year_facts import year_facts
from paceport.training.metrics.polyline import decode
from paceport.units import Units
from report.conftest import NOW, forty, forty_history, store  # noqa: F401  # the fixtures

KM = Units("km")


def everything_round(history: History) -> HiddenCircle:
    latitude, longitude = decode(str(history.runs[0].polyline))
    return HiddenCircle(latitude_deg=float(latitude[0]), longitude_deg=float(longitude[0]), radius_m=400_000.0)


def drawings(history: History, circles: Sequence[HiddenCircle] = ()) -> dict[str, str]:
    facts = year_facts(history, 2025)
    profile = ([0.0, 500.0, 1000.0], [10.0, 60.0, 20.0])
    return {
        "facets": facets(history.runs, circles, KM, theme=LIGHT),
        "map": map_poster(history.runs, circles, KM, theme=DARK),
        "elevations": elevations([(run, profile) for run in history.runs], KM, theme=LIGHT),
        "calendar": calendar(history.runs, KM, theme=LIGHT),
        "tall": year_picture(facts, circles, KM, shape="tall", theme=LIGHT),
        "wide": year_picture(facts, circles, KM, shape="wide", theme=DARK),
    }


def test_every_picture_is_whole_and_loads_nothing(forty_history: History) -> None:  # noqa: F811
    for name, svg in drawings(forty_history).items():
        root = ET.fromstring(svg)  # it is ours
        assert root.tag.endswith("svg"), name
        assert "nan" not in svg, name
        assert re.findall(r"(?:href|src)=|url\((?!#)", svg) == [], name


def test_a_picture_names_no_run_and_shows_nothing_of_a_private_place(forty_history: History) -> None:  # noqa: F811
    named = replace(forty_history, runs=tuple(replace(run, name="From my door") for run in forty_history.runs))
    shown, hidden = drawings(named), drawings(named, [everything_round(named)])

    assert not any("From my door" in svg for svg in shown.values())
    assert shown_tracks(named.runs, [everything_round(named)]) == []
    for name in ("facets", "map", "tall", "wide"):
        assert hidden[name].count("<path") < shown[name].count("<path"), name


@pytest.mark.parametrize("shape", SIZES)
def test_a_year_is_drawn_as_png_in_its_size_with_words_in_it(forty_history: History, shape: Shape) -> None:  # noqa: F811
    if find_font() is None:
        pytest.skip("no font is installed here")
    svg = year_picture(year_facts(forty_history, 2025), [], KM, shape=shape, theme=LIGHT)

    png = to_png(svg, width_px=SIZES[shape][0])

    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", png[16:24]) == SIZES[shape]
    assert png != to_png(re.sub(r"<text.*?</text>", "", svg), width_px=SIZES[shape][0])


def test_while_a_png_is_drawn_other_threads_go_on() -> None:
    if find_font() is None:
        pytest.skip("no font is installed here")
    strokes = '<path d="M0 0C300 900 600 -300 900 900" fill="none" stroke="#123" stroke-opacity="0.5"/>' * 60
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="900" height="900">{strokes}</svg>'
    drawing = Thread(target=to_png, args=(svg,), kwargs={"width_px": 2000})

    drawing.start()
    turns = 0
    while drawing.is_alive():
        drawing.join(0.001)
        turns += 1

    assert turns > 15  # one or two where the renderer keeps the interpreter to itself


def test_no_run_at_all_makes_a_picture_too() -> None:
    for svg in (facets([], [], KM, theme=LIGHT), calendar([], KM, theme=LIGHT), elevations([], KM, theme=DARK)):
        assert "0 runs" in svg


def test_a_year_counts_what_was_run_in_it_and_what_was_done_for_the_first_time(forty_history: History) -> None:  # noqa: F811
    facts = year_facts(forty_history, 2025)
    among = [run for run in forty_history.runs if run.day.year == 2025 and not run.doubt]

    assert facts.distance_m == pytest.approx(sum(run.distance_m or 0.0 for run in among))
    assert facts.longest is not None
    assert facts.longest.distance_m == max(run.distance_m or 0.0 for run in among)
    assert facts.best_month == 1 + int(np.argmax(facts.months_m))
    assert [name for name, _ in facts.firsts][:1] in ([], ["first 5 km"])
    assert year_facts(forty_history, 1999).runs == ()


def test_without_a_font_a_picture_is_refused_and_not_drawn_without_its_words() -> None:
    pytest.importorskip("resvg_py")
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="80" height="20"><text y="15">42 km</text></svg>'

    with pytest.raises(PaceportError) as refused:
        to_png(svg, width_px=80, families=("A font that nobody has",))

    assert "no usual font" in refused.value.why
    assert ".svg" in refused.value.fix
