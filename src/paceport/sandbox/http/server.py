"""The world over a socket: HTTP/1.1 with keep-alive, one thread a connection, on loopback and nowhere else."""

from __future__ import annotations

import io
import ipaddress
import socket
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from paceport.sandbox.http.app import LARGEST_BODY, SOCKET_FAULTS, create_app
from paceport.sandbox.state.planned_faults import PlannedFault
from paceport.sandbox.state.world import World

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

_Socket = socket.socket | tuple[bytes, socket.socket]
_Peer = tuple[str, int] | str

# These say how the body came, which by then has been read.
_TAKEN_CARE_OF = ("HTTP_CONTENT_TYPE", "HTTP_CONTENT_LENGTH", "HTTP_TRANSFER_ENCODING")

# A connection that says nothing for this long is closed, so that no thread is left behind.
IDLE_S = 120.0


class NotLoopback(Exception):
    """The sandbox was asked to listen where others could reach it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where the sandbox listens."""

    host: str
    port: int

    @property
    def url(self) -> str:
        """The bare origin: OAuth lives under `/oauth`, the API under `/api/v3`, control under `/_sandbox/`."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"

    @property
    def api_url(self) -> str:
        """The base URL of the API."""
        return f"{self.url}/api/v3"


@contextmanager
def serve(world: World, *, host: str = "127.0.0.1", port: int = 0) -> Iterator[Address]:
    """Serve the world until the end of the block; port 0 takes a free one.

    Raises NotLoopback for an address others could reach, OSError for a port that is taken.
    """
    if not _is_loopback(host):
        raise NotLoopback(f"{host} can be reached from other machines; the sandbox listens only on loopback")
    server = _Server(host, port, create_app(world))
    # The one costly thing of a first answer, done while nobody waits with a timeout: the records of long years.
    world.achievements.by_activity(world.people[0].id)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield Address(host=host, port=server.server_address[1])
    finally:
        server.stopping.set()
        server.shutdown()
        server.close_connections()
        server.server_close()
        thread.join(timeout=5)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    # The threads are waited for by nobody: their connections are closed under them.
    block_on_close = False
    request_queue_size = 64

    def __init__(self, host: str, port: int, app: WSGIApplication) -> None:
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self.app = app
        self.stopping = threading.Event()
        self._connections: set[Any] = set()
        self._guard = threading.Lock()
        super().__init__((host, port), _Handler)

    def server_bind(self) -> None:
        # On Windows a second server would get the same port with it, and each some of the connections.
        self.allow_reuse_address = hasattr(socket, "SO_REUSEPORT")
        # Not HTTPServer's own: that one looks the host name up.
        socketserver.TCPServer.server_bind(self)

    def process_request(self, request: _Socket, client_address: _Peer) -> None:
        with self._guard:
            self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: _Socket) -> None:
        with self._guard:
            self._connections.discard(request)
        super().shutdown_request(request)

    def close_connections(self) -> None:
        with self._guard:
            for connection in self._connections:
                # It may have been closed a moment ago by its own thread.
                try:
                    connection.shutdown(socket.SHUT_RDWR)
                except OSError:
                    continue


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # A request line without a version is answered with a status line all the same.
    default_request_version = "HTTP/1.0"
    timeout = IDLE_S
    # Small answers leave at once; without this each waits for the acknowledgement of the one before.
    disable_nagle_algorithm = True
    server: _Server

    def handle_one_request(self) -> None:
        try:
            self._one_request()
        except (ConnectionError, TimeoutError):
            self.close_connection = True

    def _one_request(self) -> None:
        self.raw_requestline = self.rfile.readline(65_537)
        if not self.raw_requestline or len(self.raw_requestline) > 65_536:
            self.close_connection = True
            return
        if not self.parse_request():
            return
        body = self._read_body()
        if body is None:
            self.close_connection = True
            self.send_error(413)
            return
        faults: list[PlannedFault] = []
        environ = self._environ(body)
        environ[SOCKET_FAULTS] = faults
        self._answer(environ, faults)

    def _read_body(self) -> bytes | None:
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            return self._read_chunks()
        text = self.headers.get("Content-Length", "0").strip()
        size = int(text) if text.isascii() and text.isdigit() and len(text) < 12 else -1
        return self.rfile.read(size) if 0 <= size <= LARGEST_BODY else None

    def _read_chunks(self) -> bytes | None:
        parts, total = [], 0
        while True:
            try:
                size = int(self.rfile.readline(64).split(b";")[0], 16)
            except ValueError:
                return None
            total += size
            if size < 0 or total > LARGEST_BODY:
                return None
            parts.append(self.rfile.read(size))
            self.rfile.readline(8)
            if size == 0:
                return b"".join(parts)

    def _environ(self, body: bytes) -> dict[str, Any]:
        path, _, query = self.path.partition("?")
        if path.startswith(("http://", "https://")):
            path = "/" + path.split("/", 3)[3] if path.count("/") > 2 else "/"
        environ: dict[str, Any] = {
            "REQUEST_METHOD": self.command,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote(path.split("#")[0], "latin-1"),
            "QUERY_STRING": query,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(body)),
            "SERVER_NAME": str(self.server.server_address[0]),
            "SERVER_PORT": str(self.server.server_address[1]),
            "SERVER_PROTOCOL": self.request_version,
            "REMOTE_ADDR": self.client_address[0],
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": io.StringIO(),
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
        for name, value in self.headers.items():
            key = f"HTTP_{name.upper().replace('-', '_')}"
            if "_" not in name and key not in _TAKEN_CARE_OF:
                environ[key] = f"{environ[key]},{value}" if key in environ else value
        return environ

    def _answer(self, environ: dict[str, Any], faults: list[PlannedFault]) -> None:
        started: list[tuple[str, list[tuple[str, str]]]] = []

        def start_response(status: str, headers: list[tuple[str, str]], _: object = None) -> Callable[[bytes], object]:
            started.append((status, headers))
            return lambda _: None

        body = b"".join(self.server.app(environ, start_response))
        kind = faults[0].kind if faults else ""
        if kind == "slow":
            self.server.stopping.wait(faults[0].seconds)
        if kind in ("lost", "dropped"):
            self.close_connection = True
            return
        status, headers = started[-1]
        head = [f"{self.protocol_version} {status}"]
        head += [f"{name}: {value}" for name, value in headers]
        if not any(name.lower() == "content-length" for name, _ in headers):
            head.append(f"Content-Length: {len(body)}")
        head.append("Connection: close" if self.close_connection else "Connection: keep-alive")
        if kind == "cut":
            self.close_connection = True
            body = body[: len(body) // 2]
        self.wfile.write("\r\n".join(head).encode("latin-1", "replace") + b"\r\n\r\n" + body)
        self.wfile.flush()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the name is the base class's
        """Quiet: what was asked is in the counters."""


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
