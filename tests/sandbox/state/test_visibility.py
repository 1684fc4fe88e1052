"""What the privacy zone leaves of a track."""

from paceport.sandbox.athletes.population import Population
from paceport.sandbox.state.visibility import NO_VISIBLE_TRACK, ViewLimits, visible_span, visible_track


def test_without_a_zone_the_whole_track_is_seen(few: Population) -> None:
    row = few.activities(few.people[0].id)[0]

    track = visible_track(row, ViewLimits())

    assert track.summary == row.summary.summary_polyline
    assert track.span is None


def test_a_zone_cuts_off_the_samples_inside_it(few: Population) -> None:
    row = few.activities(few.people[0].id)[0]
    limits = ViewLimits(zone=(*few.people[0].home, 100.0))

    track = visible_track(row, limits)

    assert row.recording is not None
    assert track.span == visible_span(row.recording, limits)
    assert track.span is not None
    assert 0 < track.span[0] < track.span[1] == len(row.recording)


def test_a_zone_round_the_whole_track_leaves_nothing(few: Population) -> None:
    row = few.activities(few.people[0].id)[0]

    assert visible_track(row, ViewLimits(zone=(*few.people[0].home, 1e6))) is NO_VISIBLE_TRACK


def test_a_track_is_cut_once(few: Population) -> None:
    row = few.activities(few.people[0].id)[0]
    limits = ViewLimits(zone=(*few.people[0].home, 100.0))

    assert visible_track(row, limits) is visible_track(row, limits)
