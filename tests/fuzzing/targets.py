"""What is fuzzed: a function of some bytes for each kind of input, which ends normally or breaks a promise.

A target swallows the errors that its function promises, and only those. What else comes out of it is a finding, and so
is a promise that is not kept.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from makers.error_wrappers import error, php_var_dump
from makers.export_writer import activities, table
from makers.fit_writer import hour_of_running
from makers.gpx_writer import write_gpx
from makers.tcx_writer import TcxActivity, TcxLap, write_tcx
from makers.track_point import TrackPoint
from paceport.api.models.activity import SummaryActivity
from paceport.api.models.decoding import decode, decode_page
from paceport.errors import FileError, PaceportError, UnexpectedAnswer, UsageError
from paceport.explain.explain_error import explain
from paceport.formats.strava_export.export_files import RefusedEntry
from paceport.formats.strava_export.read_export import read_export
from paceport.formats.strava_export.zip_entry import FileContent
from paceport.formats.tracks.read_file import read_tracks
from paceport.http_message import Response
from paceport.logbook.importing.read_recording import clean_track
from paceport.oauth.protocol.redirect import read_redirect
from paceport.oauth.protocol.token_endpoint import read_token

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
CANARY = "0123456789abcdef0123456789abcdef01234567"


@dataclass(frozen=True, slots=True)
class Target:
    """A function of bytes, and inputs to begin from."""

    run: Callable[[bytes], None]
    seeds: Callable[[], Sequence[bytes]]


def _promise(kept: object, broken: str) -> None:
    if not kept:
        raise AssertionError(broken)


def _track(content: bytes) -> None:
    try:
        tracks = read_tracks(content, "fuzzed")
    except FileError as refused:
        _promise(refused.why, "an error says nothing")
        return
    _promise(tracks, "a file without an activity is no error")
    for track in map(clean_track, tracks):
        time = track.streams.time_s
        _promise(np.all(np.isfinite(time)), "a time that is none")
        _promise(np.all(np.diff(time) > 0), "times that do not go forward")
        distance = track.streams.distance_m
        if distance is not None:
            known = distance[np.isfinite(distance)]
            _promise(np.all(np.diff(known) >= 0), "a distance that goes back")
        for name, channel in track.streams.channels().items():
            _promise(not np.any(np.isinf(channel)), f"{name} is infinite")


class _OneTable:
    """An export that is nothing but its table."""

    refused: tuple[RefusedEntry, ...] = ()

    def __init__(self, content: bytes) -> None:
        self._content = content

    def names(self) -> Sequence[str]:
        return ["activities.csv"]

    def read(self, name: str) -> bytes:
        if name != "activities.csv":
            raise FileError(path=name, why="it is not there", fix="leave it out")
        return self._content

    def read_packed(self, name: str) -> FileContent:
        raise FileError(path=name, why="it is not packed", fix="read it")

    def open(self, name: str) -> io.BufferedReader:
        return io.BufferedReader(io.BytesIO(self.read(name)))

    def size(self, name: str) -> int:
        return len(self.read(name))


def _csv(content: bytes) -> None:
    try:
        export = read_export(_OneTable(content), "")
        rows = list(export.rows())
    except (FileError, UsageError) as refused:
        _promise(str(refused), "an error says nothing")
        return
    _promise(len(rows) <= export.lines, "more rows than lines")


def _redirect(content: bytes) -> None:
    text = content.decode("utf-8", "replace")
    for state in (None, "s3cr3tstate"):
        try:
            redirect = read_redirect(text.replace("CODE", CANARY), state=state)
        except PaceportError as refused:
            _promise(CANARY not in str(refused), "a code stands in a message")
        else:
            _promise(CANARY not in repr(redirect.code), "a code stands in a repr")


def _token(content: bytes) -> None:
    status = content[0] % 2 * 200 + 200 if content else 200
    try:
        token = read_token(Response(status=status, body=content[1:].replace(b"TOKEN", CANARY.encode())), now=NOW)
    except PaceportError as refused:
        _promise(CANARY not in str(refused), "a token stands in a message")
    else:
        _promise(CANARY not in repr(token), "a token stands in a repr")
        _promise(token.expires_at.tzinfo is not None, "a time without a zone")


def _body(content: bytes) -> None:
    for read in (lambda: decode(SummaryActivity, content), lambda: decode_page(SummaryActivity, content)):
        try:
            read()
        except UnexpectedAnswer as refused:
            _promise(str(refused), "an error says nothing")


def _explain(content: bytes) -> None:
    text = content.decode("utf-8", "replace").replace("TOKEN", CANARY)
    try:
        explanation = explain(text, now=NOW)
    except UsageError:
        return
    _promise(str(explanation.error), "an error says nothing")


def _points() -> list[TrackPoint]:
    return [
        TrackPoint(
            time=NOW + timedelta(seconds=each),
            position=(f"{47 + each / 1e4:.5f}", "8.50000"),
            altitude_m=400.0 + each,
            heartrate_bpm=140 + each,
            strides_per_minute=85,
        )
        for each in range(9)
    ]


def _gpx_seeds() -> list[bytes]:
    return [write_gpx(_points()), write_gpx(_points(), begins={4}, kind="")]


def _tcx_seeds() -> list[bytes]:
    laps = [
        TcxLap(start=NOW, points=_points()[:5], timer_s=5, distance_m=15),
        TcxLap(start=NOW + timedelta(seconds=5), points=_points()[5:]),
    ]
    return [write_tcx([TcxActivity(laps=laps, device_name="Forerunner")])]


def _fit_seeds() -> list[bytes]:
    return [hour_of_running(seconds=20, order=order) for order in "<>"]


def _csv_seeds() -> list[bytes]:
    rows = activities(3, tracks=False)
    return [table(rows), table(rows, dates="de", decimal=","), table(rows, dates="iso", bom=True)]


def _redirect_seeds() -> list[bytes]:
    query = "state=s3cr3tstate&code=CODE&scope=read,activity:read_all"
    return [
        b"CODE",
        f"http://localhost:8721/callback?{query}".encode(),
        f"http://localhost/?{query.replace('&', '&amp;')}".encode(),
        b"http://localhost/?state=s3cr3tstate&error=access_denied",
    ]


def _token_seeds() -> list[bytes]:
    whole = (
        b'{"token_type":"Bearer","expires_at":1793538000,"expires_in":21600,'
        b'"refresh_token":"TOKEN","access_token":"TOKEN",'
    )
    return [
        b"\0" + whole + b'"athlete":{"id":7,"firstname":"A","lastname":"B"}}',
        b"\1" + json.dumps(error("Bad Request", ("RefreshToken", "refresh_token", "invalid"))).encode(),
        b"\1<html><title>502 Bad Gateway</title></html>",
    ]


def _body_seeds() -> list[bytes]:
    one = (
        b'{"id":1,"name":"Run","distance":5000.0,"moving_time":1500,"elapsed_time":1600,"sport_type":"Run","type":"Run",'
        b'"start_date":"2026-05-01T06:00:00Z","start_date_local":"2026-05-01T08:00:00Z","map":{"summary_polyline":"a~b"}}'
    )
    return [one, b"[" + one + b"," + one + b"]", b"[]", b"{}"]


def _explain_seeds() -> list[bytes]:
    body = error("Authorization Error", ("AccessToken", "activity:read_permission", "missing"))
    return [
        json.dumps(body).encode(),
        php_var_dump(body).encode(),
        b"401 Unauthorized",
        b"HTTP 429: Rate Limit Exceeded",
    ]


TARGETS = {
    "fit": Target(_track, _fit_seeds),
    "gpx": Target(_track, _gpx_seeds),
    "tcx": Target(_track, _tcx_seeds),
    "csv": Target(_csv, _csv_seeds),
    "redirect": Target(_redirect, _redirect_seeds),
    "token": Target(_token, _token_seeds),
    "body": Target(_body, _body_seeds),
    "explain": Target(_explain, _explain_seeds),
}
