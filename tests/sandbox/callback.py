"""Somebody else's webhook: a small server on loopback that does as it is told and remembers what it got."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass
class Callback:
    """`statuses` answer the coming events, then 200; `handshake` makes the body that answers a challenge."""

    url: str = ""
    statuses: list[int] = field(default_factory=list)
    handshake_status: int = 200
    handshake: Callable[[str], bytes] = lambda challenge: json.dumps({"hub.challenge": challenge}).encode()
    asked: list[dict[str, str]] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    on_event: Callable[[], None] = lambda: None
    sends_away_to: str = ""


@contextmanager
def listening() -> Iterator[Callback]:
    """A callback until the end of the block."""
    callback = Callback()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            query = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
            callback.asked.append(query)
            if callback.sends_away_to:
                self._answer(302, b"", callback.sends_away_to)
                return
            self._answer(callback.handshake_status, callback.handshake(query.get("hub.challenge", "")))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            callback.events.append(json.loads(body))
            callback.on_event()
            self._answer(callback.statuses.pop(0) if callback.statuses else 200, b"")

        def _answer(self, status: int, body: bytes, location: str = "") -> None:
            self.send_response(status)
            if location:
                self.send_header("Location", location)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the base class's name
            """Be quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    callback.url = f"http://127.0.0.1:{server.server_address[1]}/hook?mine=1"
    try:
        yield callback
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)
