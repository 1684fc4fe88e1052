"""What the page holds of every run: short, and yet the run as it was recorded."""

import base64
import json
import zlib
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from paceport.geodesy import apart_m
from paceport.logbook.database.store import Store
from paceport.maps.place import HiddenCircle
from paceport.report.map_section import map_section
from paceport.report.packed_runs import pack_texts
from paceport.report.packing import TOGETHER, pack
from paceport.report.pages.snapshot import Snapshot
from paceport.report.run_drawings import POINTS, differences, draw_runs
from paceport.training.history.history import History
from paceport.training.history.run import Run
from paceport.training.history.run_series import run_streams
from paceport.training.history.thin_out import thin_out
from paceport.training.metrics.polyline import decode
from paceport.units import Units


def packed(
    store: Store, history: History, runs: list[Run], circles: tuple[HiddenCircle, ...] = (), fewest: int = 1_000
) -> list[dict[str, Any]]:
    """What the script of the page puts together of each run: its words, its drawing and its track."""
    texts = unpack(pack_texts(store, history, runs, units=Units()))
    drawings = unpack(draw_runs(store, history, runs, circles=circles, fewest=fewest).result())
    shown = Snapshot(history=replace(history, runs=tuple(runs), activities=()), units=Units(), later=0, circles=circles)
    drawn = map_section(shown, runs)
    rows = unpack(drawn.packs) if drawn else [0] * len(runs)
    return [
        text | drawing | {"track": row[-1] if row else []}
        for text, drawing, row in zip(texts, drawings, rows, strict=True)
    ]


def unpack(packs: tuple[str, ...]) -> list[Any]:
    return [one for text in packs for one in json.loads(zlib.decompress(base64.b64decode(text), -15))]


def summed(steps: list[int | None], scale: float) -> list[float | None]:
    found: list[float | None] = []
    last = 0
    for step in steps:
        last += step or 0
        found.append(None if step is None else last / scale)
    return found


@pytest.fixture(scope="module")
def runs(forty_history: History) -> list[Run]:
    return sorted(forty_history.runs, key=lambda run: run.start)


@given(st.lists(st.one_of(st.none(), st.integers(-(10**7), 10**7)), max_size=50))
def test_differences_sum_up_to_what_was_there(values: list[int | None]) -> None:
    channel = np.array([np.nan if value is None else float(value) for value in values])

    assert summed(differences(channel, 10.0), 10.0) == [None if value is None else float(value) for value in values]


def test_every_run_is_there_in_its_order(forty: Store, forty_history: History, runs: list[Run]) -> None:
    unpacked = packed(forty, forty_history, runs)

    assert len(pack(unpacked)) == -(-len(runs) // TOGETHER)
    assert [{word: text for word, text, _ in run["facts"]}["Distance"] for run in unpacked] == [
        f"{Units().distance(run.distance_m, 2)} km" for run in runs
    ]


def test_channels_have_two_hundred_samples_near_what_was_recorded(
    forty: Store, forty_history: History, runs: list[Run]
) -> None:
    run = runs[-1]
    streams = run_streams(forty, forty_history, run)
    assert streams is not None
    series = thin_out(streams, points=POINTS)

    found = packed(forty, forty_history, [run], ())[0]

    for name, scale, values in (
        ("speed", 100.0, series.speed_mps),
        ("heart", 1.0, series.heartrate_bpm),
        ("climb", 2.0, series.altitude_m),
    ):
        assert values is not None
        shown = summed(found["channels"][name], scale)
        assert len(shown) == POINTS >= 200
        assert all(
            there is None if np.isnan(value) else there == pytest.approx(value, abs=0.51 / scale)
            for there, value in zip(shown, values, strict=True)
        )


def test_the_track_and_the_places_lie_within_ten_metres(forty: Store, forty_history: History, runs: list[Run]) -> None:
    run = next(run for run in runs if run.polyline)
    streams = run_streams(forty, forty_history, run)
    assert streams is not None
    assert streams.latitude_deg is not None
    assert streams.longitude_deg is not None

    found = packed(forty, forty_history, [run], ())[0]

    lines = list(pairwise(_points(found)))
    for latitude, longitude in zip(streams.latitude_deg[::20], streams.longitude_deg[::20], strict=True):
        assert min(_from_line_m(latitude, longitude, *line) for line in lines) < 10.0
    places = zip(*(summed(found["places"][name], 2e4) for name in ("latitude", "longitude")), strict=True)
    for latitude, longitude in list(places)[::20]:
        assert min(_from_line_m(latitude, longitude, *line) for line in lines) < 10.0


def test_nothing_within_a_circle_is_on_the_page(forty: Store, forty_history: History, runs: list[Run]) -> None:
    run = next(run for run in runs if run.polyline)
    latitude, longitude = (float(channel[len(channel) // 3]) for channel in decode(run.polyline or ""))
    circle = HiddenCircle(latitude_deg=latitude, longitude_deg=longitude, radius_m=300.0)

    found = packed(forty, forty_history, [run], (circle,))[0]

    shown = _points(found)
    places = zip(*(summed(found["places"][name], 2e4) for name in ("latitude", "longitude")), strict=True)
    shown += [(y, x) for y, x in places if y is not None and x is not None]
    assert shown
    # A place is rounded to 6 m, and may lie as much nearer.
    assert all(apart_m(point[0], point[1], latitude, longitude) > 295.0 for point in shown)


def test_a_child_process_draws_the_same(forty: Store, forty_history: History, runs: list[Run]) -> None:
    latitude, longitude = (float(channel[0]) for channel in decode(runs[-1].polyline or ""))
    circle = HiddenCircle(latitude_deg=latitude, longitude_deg=longitude, radius_m=200.0)

    here = draw_runs(forty, forty_history, runs, circles=[circle])
    there = draw_runs(forty, forty_history, runs, circles=[circle], fewest=1)

    assert there.result() == here.result()
    assert len(there._answer) > 1_000  # it was the child that drew


def test_a_child_process_that_dies_costs_nothing(forty: Store, forty_history: History, runs: list[Run]) -> None:
    drawings = draw_runs(forty, forty_history, runs[:3], fewest=1)
    assert drawings._process is not None
    drawings._process.kill()

    assert drawings.result() == draw_runs(forty, forty_history, runs[:3]).result()


def test_a_treadmill_has_no_way(forty: Store, forty_history: History, runs: list[Run]) -> None:
    run = replace(runs[-1], is_indoor=True)

    found = packed(forty, forty_history, [run], ())[0]

    assert (found["track"], found["places"]) == ([], {})
    assert found["channels"]


def _points(found: dict[str, Any]) -> list[tuple[float, float]]:
    """All points of the track."""
    return [
        (latitude, longitude)
        for text in found["track"]
        for latitude, longitude in zip(*(channel.tolist() for channel in decode(text)), strict=True)
    ]


def _from_line_m(latitude: float, longitude: float, start: tuple[float, float], end: tuple[float, float]) -> float:
    """The distance of a point from a short line, on a flat map round the point."""
    across = np.cos(np.radians(latitude))
    (y, x), (to_y, to_x) = (((one[0] - latitude), (one[1] - longitude) * across) for one in (start, end))
    length = (to_x - x) ** 2 + (to_y - y) ** 2
    share = 0.0 if length == 0 else min(1.0, max(0.0, -(x * (to_x - x) + y * (to_y - y)) / length))
    return float(np.hypot(x + share * (to_x - x), y + share * (to_y - y))) * 111_195.0
