"""The map of the report, and what no picture of a track in it may show."""

import base64
import json
import re
import zlib
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

import numpy as np
import numpy.typing as npt
import pytest

from paceport.geodesy import apart_m
from paceport.logbook.database.store import Store
from paceport.maps.place import HiddenCircle
from paceport.pictures.year_picture import year_picture_in_any_light
from paceport.report.build_page import ReportContent, build_page
from paceport.report.page import render
from paceport.training.history.history import History
from paceport.training.metrics.polyline import decode
from paceport.units import Units

# All forty runs go round one square of 500 m and begin at its lower left corner.
SIDE_M, HIDDEN_M = 500.0, 200.0
HOME = HiddenCircle(latitude_deg=48.0, longitude_deg=11.0, radius_m=HIDDEN_M)


@pytest.fixture(scope="module")
def shown(forty: Store, forty_history: History) -> str:
    wanted = ReportContent(
        newest=1, circles=[HOME], draw_year=lambda facts: year_picture_in_any_light(facts, [HOME], Units())
    )
    page = build_page(forty, forty_history, wanted)
    assert page is not None
    return render(page)


def unpacked(text: str, name: str) -> list[Any]:
    packs = re.findall(rf'<template class="{name}">(.*?)</template>', text)
    return [one for pack in packs for one in json.loads(zlib.decompress(base64.b64decode(pack), -15))]


def lines(path: str) -> list[npt.NDArray[np.float64]]:
    """The lines of a path as points; `l` and what follows it are steps, `L` places."""
    found = []
    for piece in path.split("M")[1:]:
        points = np.array([float(number) for number in re.findall(r"-?[\d.]+", piece)]).reshape(-1, 2)
        found.append(np.cumsum(points, axis=0) if "l" in piece else points)
    return found


def from_home_m(path: str) -> float:
    """How near a drawn track comes to the corner where it began, by the size of the square."""
    points = np.concatenate(lines(path))
    (left, top), (right, bottom) = points.min(axis=0), points.max(axis=0)
    side = max(right - left, bottom - top)
    nearest: float = np.hypot(points[:, 0] - (right - side), points[:, 1] - (top + side)).min()
    return nearest * SIDE_M / float(side)


def test_no_track_of_the_map_and_no_place_of_a_run_lies_within_a_circle(shown: str) -> None:
    rows = unpacked(shown, "tracks")
    points = [
        point
        for row in rows
        for piece in row[-1]
        for point in zip(*(one.tolist() for one in decode(piece)), strict=True)
    ]
    for drawing in unpacked(shown, "drawings"):
        latitude, longitude = (drawing["places"][name] for name in ("latitude", "longitude"))
        known = [
            (sum(step or 0 for step in latitude[: at + 1]) / 2e4, sum(step or 0 for step in longitude[: at + 1]) / 2e4)
            for at in range(0, len(latitude), 10)
            if latitude[at] is not None
        ]
        points += known

    assert len(rows) == 40
    # A place is rounded to 6 m, and may lie as much nearer.
    assert min(apart_m(north, east, HOME.latitude_deg, HOME.longitude_deg) for north, east in points) > HIDDEN_M - 6.0


@pytest.mark.parametrize(
    ("picture", "count"),
    [
        (r'<figure class="year-map">.*?</figure>', 40),
        (r'<figure class="year-map" id="map-plain">.*?</figure>', 40),
        (r'<svg class="small-track".*?</svg>', 1),
        (r'<div class="gallery panels".*?</div>', 40),
        (r'<img class="year-picture" src="([^"]*)"', 40),
    ],
)
def test_no_drawn_track_shows_what_lies_within_a_circle(shown: str, picture: str, count: int) -> None:
    for found in re.finditer(picture, shown, re.DOTALL):
        drawn = unquote(found[1]) if found.re.groups else found[0]
        drawn = re.sub(r'<g class="scale".*?</g>', "", drawn)
        paths = [path for path in re.findall(r' d=(?:"|&#34;)([^"&]*)', drawn) if path]

        assert len(paths) == count
        # A thinned line lies a little aside of where it went: three hundredths of the square in the coarsest drawing.
        assert min(map(from_home_m, paths)) > HIDDEN_M - 0.03 * SIDE_M


def test_a_run_of_another_sport_is_on_the_map_and_leads_nowhere(forty: Store, forty_history: History) -> None:
    runs = forty_history.runs
    ride = replace(runs[0], id=77, sport="Ride")
    history = replace(forty_history, runs=runs[1:3], activities=(*runs[1:3], ride), attempts=())

    page = build_page(forty, history, ReportContent(newest=0))

    assert page is not None
    assert page.map is not None
    rows = unpacked(render(page), "tracks")
    assert [row[0] for row in rows] == [f"#run-{runs[2].id}", f"#run-{runs[1].id}", ""]
    assert page.map.page.sports == ("Ride", "Run")
    assert page.map.page.data == ""


def test_where_nothing_may_be_shown_there_is_no_map(forty: Store, forty_history: History) -> None:
    everywhere = HiddenCircle(latitude_deg=48.0, longitude_deg=11.0, radius_m=5_000.0)

    page = build_page(forty, forty_history, ReportContent(newest=0, circles=[everywhere]))

    assert page is not None
    assert page.map is None
    assert page.overview.map is None
    assert page.overview.last.map is None
    text = render(page)
    assert 'id="where"' not in text
    assert "#where" not in re.findall(r'href="([^"]*)"', text)
