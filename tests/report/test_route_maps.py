import re
from dataclasses import replace

import numpy as np

from paceport.maps.place import HiddenCircle
from paceport.report.route_maps import route_drawings, shapes_gallery
from paceport.training.history.history import History
from paceport.training.metrics.polyline import encode
from paceport.units import Units


def test_shapes_lie_within_their_square(forty_history: History) -> None:
    for shape in route_drawings(forty_history.runs):
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

    assert route_drawings(odd) == []


def test_a_way_across_the_date_line_is_drawn_as_one(forty_history: History) -> None:
    longitude = np.array([179.99, 179.995, -179.995, -179.99])
    crossing = replace(forty_history.runs[0], polyline=encode(np.array([0.0, 0.01, 0.01, 0.0]), longitude))

    (shape,) = route_drawings([crossing])

    assert len(re.findall(r"-?\d+", shape.path)) == 8
    assert shape.path.startswith("M6 ")


def test_a_gallery_names_each_drawing_in_its_table(forty_history: History) -> None:
    gallery = shapes_gallery(forty_history.runs, units=Units("km"))

    assert gallery is not None
    assert len(gallery.paths) == len(gallery.table.rows) == 40
    assert "left out" not in gallery.summary


def test_of_very_many_routes_the_newest_are_drawn_and_it_says_so(forty_history: History) -> None:
    newest = shapes_gallery(forty_history.runs * 7, units=Units("km"))

    assert newest is not None
    assert len(newest.paths) == 240
    assert newest.summary.startswith("The newest 240 runs")


def test_what_a_circle_hides_is_in_no_drawing_and_the_gallery_says_so(forty_history: History) -> None:
    latitude, longitude = np.array([48.0, 48.01, 48.02, 48.03]), np.full(4, 11.0)
    run = replace(forty_history.runs[0], polyline=encode(latitude, longitude))
    middle = HiddenCircle(latitude_deg=48.015, longitude_deg=11.0, radius_m=300.0)
    everything = HiddenCircle(latitude_deg=48.015, longitude_deg=11.0, radius_m=3000.0)

    (parted,) = route_drawings([run], circles=[middle])
    gallery = shapes_gallery([run], circles=[middle], units=Units("km"))

    assert parted.path.count("M") == 2
    assert gallery is not None
    assert "places where many runs begin or end are left out" in gallery.summary
    assert route_drawings([run], circles=[everything]) == []
