"""Bytes → tracks: unpacks, sees what it is, hands over to the reader of that format."""

from dataclasses import replace

from paceport.errors import FileError
from paceport.formats.tracks.decompress import LARGEST_FILE, unpack
from paceport.formats.tracks.fit_decoder import UnsupportedFit, decode_fit, is_fit
from paceport.formats.tracks.fit_fallback import decode_fit_slowly
from paceport.formats.tracks.fit_heart_rates import join_heart_rates
from paceport.formats.tracks.fit_profile import FitFile
from paceport.formats.tracks.fit_sessions import describe_non_track, fit_tracks
from paceport.formats.tracks.gpx import read_gpx
from paceport.formats.tracks.read_streams import MOST_SAMPLES
from paceport.formats.tracks.tcx import read_tcx
from paceport.formats.tracks.track import Track
from paceport.formats.tracks.xml_document import ForbiddenDtd, is_xml, root_name, strip_leading_blanks
from paceport.formats.tracks.xml_points import too_many_samples_error

LARGEST_FIT = 64 * 1024 * 1024
GIVE_TRACK = "give it the activity's FIT, GPX or TCX file"
SIGNATURES = {
    b"PK\x03\x04": "a ZIP archive",
    b"%PDF": "a PDF",
    b"\xff\xd8\xff": "a JPEG picture",
    b"\x89PNG": "a PNG picture",
    b"SQLite format 3": "an SQLite database",
    b"BZh": "bzip2-packed",
    b"\xfd7zXZ": "xz-packed",
    b"\x28\xb5\x2f\xfd": "zstd-packed",
    b"{": "JSON",
    b"[": "JSON",
}


def read_tracks(content: bytes, name: str) -> list[Track]:
    """The activities that a recorded file holds, in order of time; at least one.

    FIT, GPX or TCX, each perhaps gzipped, once or twice; the content decides, never the name, which is only used in
    errors. Whatever the bytes are, nothing but FileError is raised; its `why` is the reason to show.
    """
    notes: list[str] = []
    tracks = _read(unpack(content, name, notes), name)
    return [replace(track, notes=(*notes, *track.notes)) for track in tracks] if notes else tracks


def _read(content: bytes, name: str) -> list[Track]:
    if len(content) > LARGEST_FILE:
        raise FileError(
            path=name,
            why="it is larger than any recorded activity can be",
            fix="leave it out",
        )
    if is_fit(content):
        return _read_fit(content, name)
    if strip_leading_blanks(content)[:14].lower() == b"<!doctype html":
        raise FileError(path=name, why="it seems to be a web page", fix=GIVE_TRACK)
    if is_xml(content):
        return _read_xml(strip_leading_blanks(content), name)
    raise FileError(path=name, why=_seems(content), fix=GIVE_TRACK)


def _read_fit(content: bytes, name: str) -> list[Track]:
    if len(content) > LARGEST_FIT:
        raise FileError(path=name, why="no device writes a FIT file that large", fix="leave it out")
    files = _decode(content)
    join_heart_rates(files)
    if any(len(decoded.records.get("timestamp", ())) > MOST_SAMPLES for decoded in files):
        raise too_many_samples_error(name)
    reason = describe_non_track(files)
    tracks = [] if reason else [track for decoded in files for track in fit_tracks(decoded)]
    if tracks:
        return tracks
    notes = "; ".join(note for decoded in files for note in decoded.notes)
    why = reason or f"this FIT file contains no recorded activity{f' ({notes})' if notes else ''}"
    raise FileError(path=name, why=why, fix=GIVE_TRACK)


def _decode(content: bytes) -> list[FitFile]:
    try:
        return decode_fit(content)
    except UnsupportedFit:
        return decode_fit_slowly(content)


def _read_xml(content: bytes, name: str) -> list[Track]:
    try:
        root = root_name(content)
    except ForbiddenDtd as refusal:
        raise FileError(
            path=name,
            why="it declares a DTD or entities, which recorded activities do not need but attacks use",
            fix="leave it out, or remove the <!DOCTYPE …> by hand if you trust it",
        ) from refusal
    if root.casefold() == "gpx":
        return read_gpx(content, name)
    if root.casefold() == "trainingcenterdatabase":
        return read_tcx(content, name)
    seems = {"": "damaged XML", "html": "a web page", "kml": "KML, which has no times"}.get(root, f"XML <{root[:40]}>")
    raise FileError(path=name, why=f"it seems to be {seems}", fix=GIVE_TRACK)


def _seems(content: bytes) -> str:
    if not content:
        return "it is empty"
    if not content.strip(b"\0"):
        return "it contains only zeros"
    looks = next((words for start, words in SIGNATURES.items() if content.startswith(start)), "")
    return f"it seems to be {looks}" if looks else "it is neither FIT, GPX nor TCX"
