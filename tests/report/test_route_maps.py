import re
from dataclasses import replace

import numpy as np
import pytest

from paceport.geodesy import cumulative_distance_m
from paceport.report.route_maps import galleries, route_drawings, trim_ends
from paceport.training.history.history import History
from paceport.training.metrics.polyline import encode
from paceport.units import Units


def straight(length_m: float) -> tuple[np.ndarray, np.ndarray]:
    latitude = 48.0 + np.linspace(0.0, length_m / 111_194.93, 11)
    return latitude, np.full(11, 11.0)


def test_both_ends_are_cut_along_the_way() -> None:
    latitude, longitude = straight(2000.0)

    cut_latitude, cut_longitude = trim_ends(latitude, longitude, 200.0)

    assert cumulative_distance_m(cut_latitude, cut_longitude)[-1] == pytest.approx(1600.0, abs=1.0)
    assert (cut_latitude[0] - latitude[0]) * 111_194.93 == pytest.approx(200.0, abs=1.0)
    assert (latitude[-1] - cut_latitude[-1]) * 111_194.93 == pytest.approx(200.0, abs=1.0)


@pytest.mark.parametrize("length_m", [100.0, 399.0])
def test_a_run_no_longer_than_what_is_cut_leaves_nothing(length_m: float) -> None:
    assert len(trim_ends(*straight(length_m), 200.0)[0]) == 0


def test_nothing_is_cut_where_nothing_is_to_be_cut() -> None:
    assert trim_ends(*straight(500.0), 0.0)[0].tolist() == straight(500.0)[0].tolist()


def test_shapes_lie_within_their_square(forty_history: History) -> None:
    for shape in route_drawings(forty_history.runs, trim_m=200.0):
        numbers = [int(number) for number in re.findall(r"-?\d+", shape.path)]
        points = np.cumsum(np.array(numbers).reshape(-1, 2), axis=0)
        assert points.min() >= 0
        assert points.max() <= 100
        assert np.ptp(points, axis=0).max() > 80


def test_treadmill_manual_and_damaged_tracks_have_no_shape(forty_history: History) -> None:
    run = forty_history.runs[0]
    odd = [
        replace(run, is_indoor=True),
        replace(run, polyline=None),
        replace(run, polyline="\x00"),
        replace(run, polyline=encode(np.array([48.0, 48.0]), np.array([11.0, 11.0]))),
    ]

    assert route_drawings(odd, trim_m=0.0) == []


def test_a_way_across_the_date_line_is_drawn_as_one(forty_history: History) -> None:
    longitude = np.array([179.99, 179.995, -179.995, -179.99])
    crossing = replace(forty_history.runs[0], polyline=encode(np.array([0.0, 0.01, 0.01, 0.0]), longitude))

    (shape,) = route_drawings([crossing], trim_m=0.0)

    assert len(re.findall(r"-?\d+", shape.path)) == 8
    assert shape.path.startswith("M6 ")


def test_a_gallery_names_each_drawing_in_its_table(forty_history: History) -> None:
    (only,) = galleries(forty_history.runs, trim_m=200.0, units=Units("km"))

    assert len(only.paths) == len(only.table.rows) == 40
    assert "first and last 200 m" in only.summary


def test_very_many_routes_are_parted_and_none_is_lost(forty_history: History) -> None:
    both = galleries(forty_history.runs * 7, trim_m=200.0, units=Units("km"))

    assert [len(one.paths) for one in both] == [240, 40]
