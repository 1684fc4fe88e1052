"""What a file is, by its content; and that nothing but FileError ever comes out."""

import gzip
import random
import time
import zlib

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from makers.fit_writer import hour_of_running
from paceport.errors import FileError
from paceport.formats.tracks import decompress
from paceport.formats.tracks.decompress import unpack
from paceport.formats.tracks.read_file import read_tracks

GPX = (
    b'<?xml version="1.0"?><gpx xmlns="http://www.topografix.com/GPX/1/1" creator="x"><trk><type>running</type><trkseg>'
    + b"".join(
        b'<trkpt lat="46.%05d" lon="7.1"><ele>500</ele><time>2024-05-01T06:00:%02dZ</time></trkpt>'
        % (second * 3, second)
        for second in range(20)
    )
    + b"</trkseg></trk></gpx>"
)
TCX = (
    b'<TrainingCenterDatabase><Activities><Activity Sport="Running"><Lap StartTime="2024-05-01T06:00:00Z"><Track>'
    + b"".join(
        b"<Trackpoint><Time>2024-05-01T06:00:%02dZ</Time><DistanceMeters>%d</DistanceMeters></Trackpoint>" % (s, s * 3)
        for s in range(20)
    )
    + b"</Track></Lap></Activity></Activities></TrainingCenterDatabase>"
)
FIT = hour_of_running(seconds=20)
FILES = {"fit": FIT, "gpx": GPX, "tcx": TCX}


def packed(content: bytes, *, times: int) -> bytes:
    """The content gzipped so many times over; without a date, so that a test is called the same in every run."""
    for _ in range(times):
        content = gzip.compress(content, mtime=0)
    return content


@pytest.mark.parametrize("content", FILES.values(), ids=FILES)
@pytest.mark.parametrize("layers", [0, 1, 2, 3])
def test_a_file_is_known_by_its_content_however_often_gzipped(content: bytes, layers: int) -> None:
    for _ in range(layers):
        content = gzip.compress(content, mtime=0)

    (track,) = read_tracks(content, "misnamed.jpeg")

    assert (len(track.streams), track.sport) == (20, "Run")


@pytest.mark.parametrize("front", [b"", b"          ", b"\xef\xbb\xbf", b"\n\t \xef\xbb\xbf", b"\xef\xbb\xbf  "])
@pytest.mark.parametrize("content", [GPX, TCX])
def test_blanks_and_marks_before_the_declaration_do_no_harm(front: bytes, content: bytes) -> None:
    (track,) = read_tracks(front + content, "x")

    assert len(track.streams) == 20


def test_utf_16_is_read() -> None:
    text = GPX.decode().replace('version="1.0"', 'version="1.0" encoding="UTF-16"')

    (track,) = read_tracks(text.encode("utf-16"), "x.gpx")

    assert len(track.streams) == 20


@pytest.mark.parametrize(
    ("content", "seems"),
    [
        (b"", "empty"),
        (gzip.compress(b"", mtime=0), "empty"),
        (bytes(5000), "zeros"),
        (b"PK\x03\x04abc", "ZIP"),
        (b'{"a": 1}', "JSON"),
        (b"<html><body>Sign in</body></html>", "web page"),
        (b"<!DOCTYPE html><html></html>", "a web page"),
        (b"<kml></kml>", "KML"),
        (b"<rss></rss>", "<rss>"),
        (b"<gpx><", "damaged"),
        (b"hello", "neither FIT, GPX nor TCX"),
        (b"\x1f\x8bgarbage", "compression is damaged"),
        (gzip.compress(FIT, mtime=0)[:9], "compression is damaged"),
        (
            packed(FIT, times=4),
            "three times",
        ),
        (b"\x0e\x10\0\0\0\0\0\0.FIT\0\0", "no recorded activity"),
    ],
)
def test_what_is_no_activity_is_refused_with_what_it_seems_to_be(content: bytes, seems: str) -> None:
    with pytest.raises(FileError) as caught:
        read_tracks(content, "there/file.bin")

    assert seems in str(caught.value)
    assert caught.value.path == "there/file.bin"


def test_a_gzip_cut_short_yields_what_it_holds() -> None:
    long = hour_of_running(seconds=600)

    (track,) = read_tracks(gzip.compress(long, mtime=0)[:-500], "cut.fit.gz")

    assert 100 < len(track.streams) < 600
    assert any("cut short" in note for note in track.notes)


def test_a_gzip_of_very_many_members_costs_in_proportion_to_its_size() -> None:
    member = gzip.compress(b"\0", mtime=0)
    started = time.process_time()

    assert unpack(member * 40_000, "many.gz") == bytes(40_000)
    assert time.process_time() - started < 3  # the square of its size took half a minute


def test_members_in_a_row_are_joined_and_what_follows_them_is_left() -> None:
    packed = gzip.compress(FIT[:100], mtime=0) + gzip.compress(FIT[100:], mtime=0) + b"\0\0\0"

    (track,) = read_tracks(packed, "x")

    assert len(track.streams) == 20


def test_a_bomb_is_refused_long_before_it_has_expanded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decompress, "SUSPICIOUS_SIZE", 2 << 20)
    packer = zlib.compressobj(9, wbits=31)
    bomb = b"".join(packer.compress(bytes(1 << 20)) for _ in range(30)) + packer.flush()

    with pytest.raises(FileError, match="expands to more than"):
        read_tracks(bomb, "bomb.gpx.gz")


ENTITIES = (
    b'<?xml version="1.0"?><!DOCTYPE gpx [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    b"<gpx><trk><name>&b;</name></trk></gpx>"
)


@pytest.mark.parametrize(
    "content",
    [
        ENTITIES,
        ENTITIES.decode().encode("utf-16"),
        b'<!DOCTYPE gpx SYSTEM "file:///etc/passwd"><gpx></gpx>',
        b"<!-- x --><!DOCTYPE gpx><gpx></gpx>",
    ],
)
def test_entities_and_dtds_are_refused(content: bytes) -> None:
    with pytest.raises(FileError, match="DTD or entities"):
        read_tracks(content, "x.gpx")


def read_or_refuse(content: bytes) -> None:
    """The promise for any bytes: tracks with increasing times, or FileError."""
    try:
        tracks = read_tracks(content, "any")
    except FileError:
        return
    assert tracks
    for track in tracks:
        assert np.isfinite(track.streams.time_s).all()
        assert (np.diff(track.streams.time_s) > 0).all()


@given(st.binary(max_size=300))
@example(b"\x0e\x10\0\0\xff\xff\xff\xff.FIT\0\0")
@settings(max_examples=60, deadline=None)
def test_random_bytes_raise_nothing_but_file_error(content: bytes) -> None:
    read_or_refuse(content)
    read_or_refuse(FIT[:60] + content)
    read_or_refuse(b"<gpx>" + content)


@pytest.mark.parametrize("name", FILES)
@given(seed=st.integers(0, 2**32))
@settings(max_examples=80, deadline=None)
def test_damaged_files_raise_nothing_but_file_error(name: str, seed: int) -> None:
    chance = random.Random(seed)
    content = bytearray(FILES[name])
    for _ in range(chance.choice((1, 2, 8))):
        place = chance.randrange(len(content))
        match chance.randrange(4):
            case 0:
                content[place] = chance.choice((0, 0xFF, 0x7F, chance.randrange(256)))
            case 1:
                content[place] ^= 1 << chance.randrange(8)
            case 2:
                del content[place : place + chance.randrange(1, 30)]
            case _:
                content[place:place] = chance.randbytes(chance.randrange(1, 20))
        if not content:
            return
    read_or_refuse(bytes(content))


def test_a_wrong_checksum_of_gzip_costs_nothing_but_a_note() -> None:
    whole = hour_of_running(seconds=60)
    packed = bytearray(gzip.compress(whole, mtime=0))
    packed[-8] ^= 1

    (track,) = read_tracks(bytes(packed), "run.fit.gz")

    assert len(track.streams) == 60
    assert any("gzip" in note for note in track.notes)


def test_a_gzip_that_is_damaged_on_the_way_gives_what_lies_before() -> None:
    packed = bytearray(gzip.compress(hour_of_running(seconds=900), mtime=0))
    packed[len(packed) // 2 : len(packed) // 2 + 40] = b"\xff" * 40

    (track,) = read_tracks(bytes(packed), "run.fit.gz")

    assert 50 < len(track.streams) < 900


def test_a_web_page_is_called_one() -> None:
    with pytest.raises(FileError, match="web page"):
        read_tracks(b"<!DOCTYPE html><html><body>Log in</body></html>", "run.gpx")
