"""The kind of a file by its bytes, whatever its name says."""

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paceport.api.upload.file_type import data_type_of
from paceport.errors import FileError

FIT = bytes([14, 0x10, 0, 0, 0, 0, 0, 0]) + b".FIT" + bytes(20)
GPX = b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- <TrainingCenterDatabase> --><gpx version="1.1"></gpx>'
TCX = b'<?xml version="1.0"?><TrainingCenterDatabase xmlns="x"></TrainingCenterDatabase>'


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (FIT, "fit"),
        (GPX, "gpx"),
        (TCX, "tcx"),
        (b"<ns:gpx/>", "gpx"),
        ("\ufeff<gpx/>".encode("utf-16-le"), "gpx"),
        (gzip.compress(FIT, mtime=0), "fit.gz"),
        (gzip.compress(TCX, mtime=0), "tcx.gz"),
        (gzip.compress(GPX + b" " * 200_000, mtime=0), "gpx.gz"),
        (b'{"version":"1.0","sets":[]}', "json"),
    ],
)
def test_the_bytes_decide(content: bytes, kind: str) -> None:
    assert data_type_of(content, "liar.txt") == kind


@pytest.mark.parametrize(
    "content", [b"", b"<kml/>", b"PK\x03\x04", b"\x1f\x8bnot gzip", gzip.compress(b"x", mtime=0), b"hello"]
)
def test_anything_else_is_refused_by_name(content: bytes) -> None:
    with pytest.raises(FileError, match="liar"):
        data_type_of(content, "liar.txt")


@given(st.binary(max_size=64))
def test_no_bytes_raise_anything_else(content: bytes) -> None:
    try:
        kind = data_type_of(content, "x")
    except FileError:
        return
    assert kind.removesuffix(".gz") in {"fit", "gpx", "tcx", "json"}
