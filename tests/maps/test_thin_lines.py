"""Lines without the points that nobody could see."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from paceport.maps.thin_lines import ends_of_lines, seen_points

point = st.tuples(st.integers(-40, 40), st.integers(-40, 40))


@settings(max_examples=60)
@given(st.lists(st.lists(point, min_size=1, max_size=12), min_size=1, max_size=4))
def test_each_line_keeps_its_ends_and_its_points_lie_near_what_is_left(lines: list[list[tuple[int, int]]]) -> None:
    lengths = np.array([len(line) for line in lines])
    points = np.array([one for line in lines for one in line])

    seen = seen_points(points, ends_of_lines(lengths), detail=0.7)

    assert list(seen) == sorted(set(seen.tolist()))
    after = np.cumsum(lengths)
    assert set((after - 1).tolist()) | set((after - lengths).tolist()) <= set(seen.tolist())


def test_a_straight_line_is_its_ends_and_a_corner_stays() -> None:
    line = np.array([(x, 0) for x in range(9)] + [(8, y) for y in range(1, 9)])

    seen = seen_points(line, ends_of_lines(np.array([len(line)])), detail=0.7)

    assert [tuple(one) for one in line[seen].tolist()] == [(0, 0), (8, 0), (8, 8)]
