"""The body of a plain HTML form, which browsers send where no script runs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

if TYPE_CHECKING:
    from starlette.types import Message, Receive

FORM_TYPE = "application/x-www-form-urlencoded"
LARGEST_BODY = 4096
_MOST_FIELDS = 16


def is_form(headers: Mapping[str, str]) -> bool:
    """Whether the request says that it brings a plain form."""
    return headers.get("content-type", "").partition(";")[0].strip().casefold() == FORM_TYPE


async def read_body(receive: Receive) -> bytes | None:
    """The body of a request; None where it is longer than any of ours, or its sender went away."""
    body, has_more = b"", True
    while has_more:
        message = await receive()
        if message["type"] != "http.request":
            return None
        body += message.get("body", b"")
        if len(body) > LARGEST_BODY:
            return None
        has_more = message.get("more_body", False)
    return body


def replay(body: bytes, receive: Receive) -> Receive:
    """A `receive` that gives the body that was read already, and then what the old one gives."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return waiting.pop() if waiting else await receive()

    return again


def form_fields(body: bytes | None) -> dict[str, str]:
    """The fields of a form by name, the last of a name; none where the body is no form."""
    try:
        pairs = parse_qsl((body or b"").decode(), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError:
        return {}
    return dict(pairs)


def json_object(body: bytes | None) -> dict[str, Any]:
    """The JSON object that a body is; an empty one where it is anything else."""
    try:
        found = json.loads(body or b"")
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
