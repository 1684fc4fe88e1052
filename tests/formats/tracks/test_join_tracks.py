"""Several sessions of one file as one activity."""

from itertools import permutations

import numpy as np
import pytest

from makers.devices.tcx_pieces import activity, lap, points, tcx
from paceport.formats.tracks.join_tracks import join_tracks
from paceport.logbook.importing.read_recording import read_recording

RUN = range(120)
PARTS = [
    activity(lap(points(RUN))),
    activity(lap(points(RUN, late_s=300), start_s=300)),
    # Indoors, without any distance.
    activity(lap(points(RUN, late_s=600, counter=None, has_place=lambda _: False), start_s=600)),
]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_order_of_sessions_in_a_file_does_not_matter(order: tuple[int, ...]) -> None:
    tracks = read_recording(tcx([PARTS[at] for at in order]), "run")

    joined = join_tracks(tracks)

    assert f"{joined.start:%H:%M:%S}" == "08:00:00"
    assert (len(joined.streams), joined.elapsed_s) == (360, 719.0)
    assert (np.diff(joined.streams.time_s) > 0).all()
    assert joined.distance_m == pytest.approx(714, abs=1)
    assert [(pause.start_s, pause.end_s) for pause in joined.pauses] == [(119.0, 300.0), (419.0, 600.0)]
    assert [each.start_s for each in joined.laps] == [0.0, 300.0, 600.0]
