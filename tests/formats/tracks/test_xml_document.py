"""XML that is not quite XML: what can be mended is, and what was mended is said."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from makers.gpx_writer import write_gpx
from makers.spoiled_runs import as_gpx, as_points, whole_run
from makers.tcx_writer import TcxActivity, TcxLap, write_tcx
from makers.track_point import TrackPoint
from paceport.errors import FileError
from paceport.formats.tracks.read_file import read_tracks
from paceport.formats.tracks.xml_points import parse_epoch_s

POINTS = as_points(whole_run()[:60])
NAMED = write_gpx(POINTS, name="NAME")
STARTED = datetime(2024, 5, 4, 8, tzinfo=UTC)
UNMENDED = "letters or signs that XML forbids"
ODD_NAMES = {
    "Latin letters in what should be UTF-8": ("Läufchen".encode("latin-1"), "Läufchen"),
    "a bare ampersand": (b"Tom & Jerry", "Tom & Jerry"),
    "an entity of HTML": (b"a&nbsp;b", "a&nbsp;b"),
    "a control character": (b"Tom\x08my", "Tommy"),
}


@pytest.mark.parametrize("kind", ODD_NAMES)
def test_a_name_that_xml_forbids_costs_no_point(kind: str) -> None:
    written, read = ODD_NAMES[kind]

    (track,) = read_tracks(NAMED.replace(b"NAME", written), "x.gpx")

    assert (track.name, len(track.streams)) == (read, 60)
    assert any(UNMENDED in note for note in track.notes)


def test_a_mended_file_may_be_cut_as_well() -> None:
    (track,) = read_tracks(NAMED.replace(b"NAME", b"Tom & Jerry")[:-2000], "x.gpx")

    assert len(track.streams) > 40
    assert any(UNMENDED in note for note in track.notes)
    assert any("cut short" in note for note in track.notes)


@pytest.mark.parametrize("encoding", ["iso-8859-1", "windows-1252", "utf-16"])
def test_other_encodings_are_read_as_declared(encoding: str) -> None:
    text = NAMED.decode().replace("NAME", "Läufchen").replace("UTF-8", encoding)

    (track,) = read_tracks(text.encode(encoding), "x.gpx")

    assert (track.name, track.notes) == ("Läufchen", ())


def test_entities_stay_refused_however_the_rest_is_damaged() -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE g [<!ENTITY a "aaaa">]><gpx>&a; & \x08</gpx>'

    with pytest.raises(FileError, match="DTD"):
        read_tracks(bomb, "x.gpx")


@pytest.mark.parametrize(
    "text",
    [
        "2024-05-04T08:00:00Z",
        "2024-05-04t08:00:00z",
        "2024-05-04T08:00:00 GMT",
        "2024-05-04T08:00:00ZZ",
        "2024-05-04T10:00:00+02:00",
        "2024-05-04T10:00:00.000 +0200",
        "20240504T080000Z",
        " 2024-05-04 08:00:00,000Z\n",
        "2024/05/04 08:00:00Z",
        "Sat, 04 May 2024 08:00:00 GMT",
        "1714809600",
        "1714809600000",
    ],
)
def test_a_time_in_any_usual_form_is_that_moment(text: str) -> None:
    assert parse_epoch_s(text) == (1_714_809_600.0, True)


@pytest.mark.parametrize("text", ["", "soon", "2024-13-40", "99999999999999999999", "171480960", "24:00", "-1"])
def test_what_is_no_time_is_none(text: str) -> None:
    assert parse_epoch_s(text)[0] != parse_epoch_s(text)[0]


@pytest.mark.parametrize("names", [("Lat", "Lon"), ("lat", "lng"), ("latitude", "longitude"), ("LAT", "LONG")])
def test_places_are_found_under_their_other_names(names: tuple[str, str]) -> None:
    content = as_gpx(whole_run()[:60])
    for old, new in zip((b" lat=", b" lon="), names, strict=True):
        content = content.replace(old, f" {new}=".encode())

    (track,) = read_tracks(content, "x.gpx")

    assert track.streams.latitude_deg is not None
    assert track.streams.latitude_deg[0] == pytest.approx(48.2)


def test_one_place_far_off_does_not_make_a_rider_of_a_runner() -> None:
    run = whole_run()[:120]
    points = as_points([*run[:-1], run[-1]])
    far = points[-1].time
    assert far is not None
    odd = type(points[-1])(time=far, position=("0.1", "0.2"))

    (track,) = read_tracks(write_gpx([*points[:-1], odd], kind=""), "x.gpx")

    assert (track.sport, track.is_sport_guessed) == ("Run", True)


def test_a_silence_of_eight_days_parts_two_activities_in_one_segment() -> None:
    run = as_points(whole_run()[:90])
    later = [type(each)(time=each.time + timedelta(days=8), position=each.position) for each in run if each.time]

    tracks = read_tracks(write_gpx([*run, *later]), "x.gpx")

    assert [len(track.streams) for track in tracks] == [90, 90]


def day_later(days: int) -> list[TrackPoint]:
    points = as_points(whole_run()[:90])
    return [replace(point, time=point.time + timedelta(days=days)) for point in points if point.time]


def document(kind: str, days: int) -> bytes:
    points = day_later(days)
    lap = TcxLap(start=STARTED + timedelta(days=days), points=points)
    return write_gpx(points) if kind == "gpx" else write_tcx([TcxActivity(laps=(lap,))])


@pytest.mark.parametrize("between", [b"", b"\r\n\r\n", b"\x00 ", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("kind", ["gpx", "tcx"])
def test_whole_documents_one_after_the_other_are_all_read(kind: str, between: bytes) -> None:
    documents = [document(kind, days) for days in range(3)]

    alone = [track for one in documents for track in read_tracks(one, f"x.{kind}")]
    together = read_tracks(between.join(documents), f"x.{kind}")
    cut = read_tracks(between.join(documents)[:-2000], f"x.{kind}")

    assert [(one.start, len(one.streams)) for one in together] == [(one.start, len(one.streams)) for one in alone]
    assert "the file holds 3 documents, one after the other" in together[0].notes
    assert [one.start for one in cut] == [one.start for one in alone]
    are_mended = {any(UNMENDED in note for note in one.notes) for one in (*together, *cut)}
    assert are_mended == {b"\x00" in between}


RESTS = {
    "an end without a beginning": b"</gpx>",
    "HTML": b"<html></html>",
    "another kind": b"<?xml version='1.0'?><kml/>",
    "a ZIP": b"PK\x03\x04",
    "half a tag": b"<gpx",
    "a DTD": b'<?xml version="1.0"?><!DOCTYPE gpx [<!ENTITY a "b">]><gpx/>',
}


@pytest.mark.parametrize("rest", RESTS.values(), ids=RESTS.keys())
def test_what_follows_a_document_and_is_none_of_its_kind_is_left_and_said(rest: bytes) -> None:
    (track,) = read_tracks(NAMED + rest, "x.gpx")

    assert len(track.streams) == 60
    assert any("damaged" in note for note in track.notes)
