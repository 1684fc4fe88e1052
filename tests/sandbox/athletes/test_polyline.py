"""Encoded polylines against the published examples and an inverse of the test's own."""

import math
from itertools import pairwise

import numpy as np
import polyline
import pytest

from paceport.sandbox.athletes.polyline import encode, summary, thin


def test_writes_what_the_library_writes() -> None:
    rng = np.random.default_rng(7)
    near = np.cumsum(rng.normal(0, 2e-5, (500, 2)), axis=0) + np.array((51.5, -0.1))
    far = np.column_stack((rng.uniform(-90, 90, 500), rng.uniform(-180, 180, 500)))
    ends = [(0.0, 0.0), (90.0, 180.0), (-90.0, -180.0), (90.0, 180.0), (0.000005, -0.000005), (1.000015, 2.000025)]
    for points in (near, far, np.array(ends), np.round(near, 6)):
        assert encode(points) == polyline.encode(np.round(points, 5).tolist())


def decode(text: str) -> list[tuple[float, float]]:
    """Written apart from the encoder, bit by bit after the published format."""
    numbers: list[int] = []
    bits = shift = 0
    for character in text:
        chunk = ord(character) - 63
        bits |= (chunk & 31) << shift
        shift += 5
        if chunk < 32:
            numbers.append(-((bits + 1) >> 1) if bits & 1 else bits >> 1)
            bits = shift = 0
    latitude = longitude = 0
    points = []
    for index in range(0, len(numbers), 2):
        latitude += numbers[index]
        longitude += numbers[index + 1]
        points.append((latitude / 1e5, longitude / 1e5))
    return points


@pytest.mark.parametrize(
    ("points", "text"),
    [
        ([(38.5, -120.2), (40.7, -120.95), (43.252, -126.453)], "_p~iF~ps|U_ulLnnqC_mqNvxq`@"),
        ([(0.0, -179.9832104)], "?`~oia@"),
        ([(40.63179, -8.65708), (40.62855, -8.65693)], "u{~vFvyys@fS]"),
        ([], ""),
    ],
)
def test_published_examples_encode_to_their_text(points: list[tuple[float, float]], text: str) -> None:
    assert encode(points) == text


def circle(count: int) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    angles = [2 * math.pi * index / count for index in range(count + 1)]
    return np.array([(59.6 + 0.01 * math.sin(a), 15.2 + 0.02 * math.cos(a)) for a in angles])


def test_what_is_encoded_decodes_to_five_decimals() -> None:
    points = circle(400)

    found = decode(encode(points))

    assert np.allclose(found, points, atol=0.51e-5)


def test_a_thinned_track_stays_within_its_tolerance() -> None:
    points = circle(4000)

    kept = thin(points, 5.0)

    assert 20 < len(kept) < 400
    metres = np.array([111_195.0, 111_195.0 * math.cos(math.radians(59.6))])
    dense = np.vstack([np.linspace(a, b, 50) for a, b in pairwise(kept)]) * metres
    apart = [np.hypot(*(dense - point * metres).T).min() for point in points[::37]]
    assert max(apart) < 7.0


def test_a_closed_loop_keeps_its_shape_in_the_summary() -> None:
    kept = summary(circle(4000))

    assert len(kept) <= 120
    assert np.ptp(kept[:, 0]) == pytest.approx(0.02, rel=0.02)
