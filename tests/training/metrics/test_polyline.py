import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paceport.geodesy import haversine_m
from paceport.training.metrics.polyline import decode, decode_all, encode, simplify
from training.metrics.made import channel

POINTS = st.lists(
    st.tuples(st.integers(-9_000_000, 9_000_000), st.integers(-18_000_000, 18_000_000)), min_size=0, max_size=30
)


@given(st.lists(POINTS | st.text("?@_`~{ü ", max_size=9), max_size=6))
@settings(max_examples=80)
def test_many_texts_are_decoded_as_each_of_them(tracks: list[str | list[tuple[int, int]]]) -> None:
    texts = [
        one if isinstance(one, str) else encode(channel([p[0] / 1e5 for p in one]), channel([p[1] / 1e5 for p in one]))
        for one in tracks
    ]

    for text, found in zip(texts, decode_all(texts), strict=True):
        try:
            latitude, longitude = decode(text)
        except ValueError:
            assert found is None
        else:
            assert found is not None
            assert found[0].tolist() == latitude.tolist()
            assert found[1].tolist() == longitude.tolist()


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("_p~iF~ps|U_ulLnnqC_mqNvxq`@", [(38.5, -120.2), (40.7, -120.95), (43.252, -126.453)]),
        ("u{~vFvyys@fS]", [(40.63179, -8.65708), (40.62855, -8.65693)]),
        ("?`~oia@", [(0.0, -179.98321)]),
        ("", []),
    ],
)
def test_published_lines_go_both_ways(text: str, points: list[tuple[float, float]]) -> None:
    latitude, longitude = decode(text)

    assert list(zip(latitude.tolist(), longitude.tolist(), strict=True)) == points
    assert encode(latitude, longitude) == text


def test_a_longitude_is_rounded_to_the_fifth_digit() -> None:
    assert encode(channel([0.0]), channel([-179.9832104])) == "?`~oia@"


@given(POINTS)
def test_what_was_encoded_is_decoded(points: list[tuple[int, int]]) -> None:
    latitude, longitude = channel([p[0] / 1e5 for p in points]), channel([p[1] / 1e5 for p in points])

    back = decode(encode(latitude, longitude))

    assert back[0] == pytest.approx(latitude, abs=1e-9)
    assert back[1] == pytest.approx(longitude, abs=1e-9)


@pytest.mark.parametrize("text", ["_p~iF~ps|", "_p~iF", "_p~iF~ps|U_ulL", "_"])
def test_a_line_cut_off_raises(text: str) -> None:
    with pytest.raises(ValueError, match="cut off"):
        decode(text)


@given(st.text(max_size=20))
def test_any_text_is_decoded_or_refused(text: str) -> None:
    try:
        latitude, longitude = decode(text)
    except ValueError:
        return

    assert len(latitude) == len(longitude)


@pytest.mark.parametrize("text", ["é?", "  ", "~" * 40])
def test_what_is_no_polyline_raises(text: str) -> None:
    with pytest.raises(ValueError, match="polyline"):
        decode(text)


def test_points_on_a_straight_line_are_left_out() -> None:
    latitude, longitude = simplify(np.linspace(51, 51.01, 50), np.full(50, 7.0), tolerance_m=1)

    assert latitude.tolist() == [51.0, 51.01]
    assert longitude.tolist() == [7.0, 7.0]


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=3, max_size=40), st.floats(1, 40))
def test_no_point_lies_farther_from_the_simplified_line_than_agreed(
    cells: list[tuple[int, int]], tolerance_m: float
) -> None:
    latitude, longitude = channel([51 + a * 1e-4 for a, _ in cells]), channel([7 + b * 1e-4 for _, b in cells])

    kept = simplify(latitude, longitude, tolerance_m=tolerance_m)

    # Dense points along the kept line; every original must be near one of them.
    ends = np.linspace(0, 1, 60)
    line_latitude = np.concatenate([a + (b - a) * ends for a, b in zip(kept[0], kept[0][1:], strict=False)])
    line_longitude = np.concatenate([a + (b - a) * ends for a, b in zip(kept[1], kept[1][1:], strict=False)])
    for at, on in zip(latitude, longitude, strict=True):
        away = haversine_m(line_latitude, line_longitude, channel(at), channel(on))
        assert away.min() <= tolerance_m * 1.02 + 6  # the dense points lie up to 10 m apart


def test_ends_stay_and_unknown_positions_go() -> None:
    latitude, longitude = simplify(channel([51, float("nan"), 51.5, 52]), channel([7, 7, 7.5, 7]), tolerance_m=1)

    assert latitude.tolist() == [51, 51.5, 52]
    assert longitude.tolist() == [7, 7.5, 7]


def test_an_out_and_back_keeps_its_far_end() -> None:
    latitude, _ = simplify(channel([51, 51.01, 51.02, 51.01, 51]), np.full(5, 7.0))

    assert latitude.tolist() == [51, 51.02, 51]
