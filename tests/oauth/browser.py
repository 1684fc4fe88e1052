"""A browser and worse things, as plain sockets."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came back, or status 0 where the connection was closed without an answer."""

    status: int
    headers: dict[str, str]
    body: str


def connect(uri: str) -> socket.socket:
    parts = urlsplit(uri)
    assert parts.port is not None
    return socket.create_connection(("127.0.0.1", parts.port), timeout=10)


def send_raw(uri: str, request: bytes) -> Answer:
    """Send bytes to the server of a URI, and read until it closes."""
    with connect(uri) as connection:
        try:
            connection.sendall(request)
            received = b""
            while part := connection.recv(65536):
                received += part
        except ConnectionError:
            received = b""
    return parse(received)


def parse(received: bytes) -> Answer:
    head, _, body = received.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    if not lines[0].startswith("HTTP/1.1 "):
        return Answer(status=0, headers={}, body="")
    pairs = [line.partition(": ") for line in lines[1:]]
    headers = {name.lower(): value for name, _, value in pairs}
    return Answer(status=int(lines[0].split()[1]), headers=headers, body=body.decode())


def visit(uri: str, query: str = "", *, method: str = "GET", path: str | None = None, **headers: str) -> Answer:
    """One request as a browser sends it; an underscore in a header's name stands for a dash."""
    parts = urlsplit(uri)
    fields = {"host": parts.netloc, "accept": "text/html", **headers}
    target = (parts.path if path is None else path) + (f"?{query}" if query else "")
    lines = [f"{method} {target} HTTP/1.1", *(f"{name.replace('_', '-')}: {value}" for name, value in fields.items())]
    return send_raw(uri, ("\r\n".join(lines) + "\r\n\r\n").encode())


def follow(uri: str, query: str) -> Answer:
    """Go to the redirect URI and on to where it sends the browser."""
    first = visit(uri, query)
    return visit(uri, path=first.headers["location"]) if first.status == 303 else first
