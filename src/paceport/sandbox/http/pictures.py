"""Pictures and videos at the addresses that answers name: invented, in one colour, but there to be downloaded."""

from __future__ import annotations

import hashlib
import re

from werkzeug import Response

from paceport.sandbox.athletes.jpeg import LARGEST_SIDE, plain_jpeg
from paceport.sandbox.http.answers import html_answer
from paceport.sandbox.http.html_pages import render
from paceport.sandbox.http.routing import Call, HttpRoute

_PHOTO = re.compile(r"([0-9a-f-]{36})-(\d{1,4})x(\d{1,4})\.jpg")
_SIZES = {"large": (124, 124), "medium": (62, 62), "small": (310, 150), "retina": (868, 384)}
_USUAL = (434, 192)
# What a transport stream is filled up with: a packet that holds nothing.
_EMPTY_PACKET = b"\x47\x1f\xff\x10" + b"\xff" * 184


def picture(call: Call) -> Response:
    """A profile, a cover, a map or a chart."""
    name = str(call.args["name"])
    word, _, ending = name.partition(".")
    if ending != "jpg":
        return _not_found()
    return _jpeg(call.request.path, _SIZES.get(word, _USUAL))


def photo(call: Call) -> Response:
    """A photo in the size that its address names."""
    match = _PHOTO.fullmatch(str(call.args["name"]))
    size = (0, 0) if match is None else (int(match[2]), int(match[3]))
    if match is None or not all(1 <= side <= LARGEST_SIDE for side in size):
        return _not_found()
    return _jpeg(match[1], size)


def playlist(call: Call) -> Response:
    """The list of a video's parts, as HLS has it: one part with nothing to be seen in it."""
    name = str(call.args["name"])
    lines = ("#EXTM3U", "#EXT-X-VERSION:3", "#EXT-X-TARGETDURATION:4", "#EXTINF:4.0,", f"{name}.ts", "#EXT-X-ENDLIST")
    return Response("\n".join(lines) + "\n", content_type="application/vnd.apple.mpegurl")


def video_part(call: Call) -> Response:
    """A part of a video."""
    del call
    return Response(_EMPTY_PACKET * 7, content_type="video/mp2t")


def _jpeg(key: str, size: tuple[int, int]) -> Response:
    red, green, blue = hashlib.sha256(key.encode()).digest()[:3]
    return Response(plain_jpeg(*size, (red, green, blue)), content_type="image/jpeg")


def _not_found() -> Response:
    return html_answer(render("message.html", title="404", text="There is no such picture here."), status=404)


ROUTES = (
    HttpRoute(method="GET", path="/pictures/athletes/<int:athlete_id>/<name>", handler=picture),
    HttpRoute(method="GET", path="/pictures/clubs/<int:club_id>/<name>", handler=picture),
    HttpRoute(method="GET", path="/pictures/clubs/<int:club_id>/cover/<name>", handler=picture),
    HttpRoute(method="GET", path="/pictures/maps/<int:route_id>/<name>", handler=picture),
    HttpRoute(method="GET", path="/pictures/charts/<int:segment_id>/<name>", handler=picture),
    HttpRoute(method="GET", path="/photos/<name>", handler=photo),
    HttpRoute(method="GET", path="/videos/<name>.m3u8", handler=playlist),
    HttpRoute(method="GET", path="/videos/<name>.ts", handler=video_part),
)
