"""Refuses events before they are requests, while the database is away: a flood is then a tenth of the work.

What is answered within two seconds depends on how little there is to do for each. Everything else goes the usual way.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable

from paceport.web.server_config import TimedProtocol

EventHolder = Callable[[bytes], None]
_EVENT = re.compile(rb"POST /webhook HTTP/1\.[01]\r\n")
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*([0-9]{1,6})[ \t]*(?=\r\n)", re.IGNORECASE)
_BODY = json.dumps({"error": "again", "why": "send it again"}).encode()
AGAIN_S = 5
MOST_AT_ONCE = 64
_REFUSAL = b"\r\n".join(
    (
        b"HTTP/1.1 503 Service Unavailable",
        b"content-type: application/json",
        b"content-length: %d" % len(_BODY),
        b"retry-after: %d" % AGAIN_S,
        b"cache-control: no-store",
        b"x-content-type-options: nosniff",
        b"connection: close",
        b"",
        _BODY,
    )
)


def whole_event(data: bytes) -> bytes | None:
    """The body of an event that has come in one piece with its head; None for anything else."""
    if _EVENT.match(data) is None:
        return None
    head, _, body = data.partition(b"\r\n\r\n")
    lengths = _LENGTH.findall(head + b"\r\n")
    is_plain = len(lengths) == 1 and b"transfer-encoding" not in head.lower()
    return body if is_plain and int(lengths[0]) == len(body) else None


def shedding_protocol(hold: EventHolder, is_away: Callable[[], bool]) -> type[TimedProtocol]:
    """A connection whose first request, if it is an event, is refused at once and given to `hold`.

    It is where the database `is_away`, or where so many requests are under way that it would wait for its turn.
    """

    class SheddingProtocol(TimedProtocol):
        def data_received(self, data: bytes) -> None:
            is_first = not self.had_request and not self.conn.trailing_data[0]
            is_refused = is_first and (len(self.tasks) >= MOST_AT_ONCE or is_away())
            body = whole_event(data) if is_refused else None
            if body is None:
                super().data_received(data)
                return
            hold(body)
            self.transport.write(_REFUSAL)
            self.transport.close()

    return SheddingProtocol
