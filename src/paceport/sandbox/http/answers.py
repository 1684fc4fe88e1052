"""Answers as the service writes them: JSON, HTML, streams, refusals."""

from __future__ import annotations

import json
from collections.abc import Mapping

from werkzeug import Response

from paceport.sandbox.json.refusals import refusal_json
from paceport.sandbox.state.refusals import Refusal


def json_answer(value: object, status: int = 200) -> Response:
    """A JSON answer, written as the service writes it: no spaces, UTF-8."""
    body = json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "replace")
    return Response(body, status=status, content_type="application/json; charset=utf-8")


def streams_answer(streams: Mapping[str, Mapping[str, object]], *, by_key: bool) -> Response:
    """Streams as an object by key, or else as a list."""
    if by_key:
        return json_answer(streams)
    return json_answer([{"type": key, **stream} for key, stream in streams.items()])


def html_answer(text: str, status: int = 200) -> Response:
    """An HTML answer."""
    return Response(text.encode("utf-8", "replace"), status=status, content_type="text/html; charset=utf-8")


def refusal_answer(refusal: Refusal) -> Response:
    """The answer that a refusal is sent as."""
    body = refusal_json(refusal)
    if body is None:
        return Response(b"", status=refusal.status, content_type="application/json; charset=utf-8")
    return json_answer(body, status=refusal.status)
