"""Receives exactly one good redirect on 127.0.0.1, and refuses everything else while the login goes on."""

from __future__ import annotations

import errno
import os
import secrets
import socket
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from paceport.clock import Clock, SystemClock
from paceport.errors import LoginDenied, PaceportError, RedirectRefused, UsageError
from paceport.oauth.login.result_page import CONSENT_RESULTS, ConsentResult, content_policy, result_page
from paceport.oauth.protocol.redirect import Redirect, read_redirect
from paceport.scopes import Scopes
from paceport.system_errors import reason_of

RedirectResult = Redirect | LoginDenied | RedirectRefused

# What socketserver hands round is a pair for datagrams only.
_Accepted = socket.socket | tuple[bytes, socket.socket]

_LONGEST_HEAD = 16 * 1024
_LONGEST_TARGET = 8 * 1024
_READ_DEADLINE_S = 10.0
_PAGE_WAIT_S = 2.0
# A browser opens a handful; a crowd of idle connections makes room for the next one, oldest first.
_MOST_CONNECTIONS = 64
_REASONS = {
    200: "OK",
    303: "See Other",
    400: "Bad Request",
    404: "Not Found",
    405: "Method Not Allowed",
    409: "Conflict",
    414: "URI Too Long",
    421: "Misdirected Request",
    503: "Service Unavailable",
}


@contextmanager
def listen(
    *, state: str, asked: Scopes, deliver: Callable[[RedirectResult], None], port: int = 0, clock: Clock | None = None
) -> Iterator[str]:
    """Give the redirect URI of a listener that is already bound, and stop listening at the end of the block.

    `deliver` is called once, from a thread of the listener, with the first redirect of this login that is whole and has
    the right state. After that the block's end waits up to two seconds for the browser to have fetched its page.
    Raises UsageError where the port is taken or none.
    """
    server = _bind(port)
    server.desk = _RedirectHandler(state=state, asked=asked, deliver=deliver, port=server.server_address[1])
    server.clock = clock or SystemClock()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        try:
            yield server.desk.redirect_uri
        except PaceportError:
            # The person who said no gets a page as well; one who pressed Ctrl-C is not kept waiting.
            server.desk.wait_for_page()
            raise
        server.desk.wait_for_page()
    finally:
        server.shutdown()
        server.server_close()
        server.drop_connections()
        thread.join()


def _bind(port: int) -> _Server:
    try:
        return _Server(("127.0.0.1", port), _Connection)
    except (OSError, OverflowError) as error:
        why = reason_of(error) if isinstance(error, OSError) else str(error)
        is_taken = isinstance(error, OSError) and error.errno == errno.EADDRINUSE
        raise UsageError(
            what=f"Port {port} of 127.0.0.1 cannot be used for the login",
            why=f"{why}; another program may be listening there" if is_taken else why,
            fix="leave out --port to use a free one, or choose another",
        ) from error


class _RedirectHandler:
    """Decides over one request at a time; holds what has been decided."""

    def __init__(self, *, state: str, asked: Scopes, deliver: Callable[[RedirectResult], None], port: int) -> None:
        self._state, self._asked, self._deliver = state, asked, deliver
        self._host = f"127.0.0.1:{port}"
        # Browsers leave the port out where it is the usual one.
        self._hosts = {self._host, "127.0.0.1"} if port == 80 else {self._host}
        self._callback = f"/{secrets.token_urlsafe(16)}"
        self._results: dict[str, ConsentResult] = {f"{self._callback}/{ending}": ending for ending in CONSENT_RESULTS}
        self._lock = threading.Lock()
        self._accepted: tuple[str, str] | None = None
        self._is_page_served = threading.Event()

    @property
    def redirect_uri(self) -> str:
        return f"http://{self._host}{self._callback}"

    def wait_for_page(self) -> None:
        """Let the browser fetch its page, if a redirect was accepted."""
        if self._accepted is not None:
            self._is_page_served.wait(_PAGE_WAIT_S)

    def page_was_sent(self) -> None:
        self._is_page_served.set()

    def answer(self, head: bytes) -> tuple[int, dict[str, str], bytes]:
        """Status, extra headers and body for the head of a request."""
        method, target, headers = _parse(head)
        path, _, query = target.partition("?")
        if headers.get("host") not in self._hosts:
            return 421, {}, b""
        if method != "GET":
            return 405, {"allow": "GET"}, b""
        # A page fetched ahead of the person's click must not use up the code; 503 makes a browser ask again later.
        if "prefetch" in " ".join(headers.get(name, "") for name in ("sec-purpose", "purpose", "x-moz")).casefold():
            return 503, {}, b""
        if len(target) > _LONGEST_TARGET:
            return 414, {}, b""
        if path in self._results and self._accepted is not None:
            return 200, {"content-type": "text/html; charset=utf-8"}, result_page(self._results[path])
        if path != self._callback:
            return 404, {}, b""
        return self._receive(query)

    def _receive(self, query: str) -> tuple[int, dict[str, str], bytes]:
        outcome: RedirectResult
        try:
            outcome = read_redirect(f"?{query}", state=self._state)
        except LoginDenied as denied:
            outcome = denied
        except RedirectRefused as refused:
            if not refused.is_final:
                return 400, {}, b""
            outcome = refused
        with self._lock:
            is_first = self._accepted is None
            if self._accepted is None:
                self._accepted = (query, f"{self._callback}/{self._consent_result(outcome)}")
            accepted_query, location = self._accepted
        if query != accepted_query:
            return 409, {}, b""
        if is_first:
            self._deliver(outcome)
        # To the same redirect sent twice (a reload) the same page.
        return 303, {"location": location}, b""

    def _consent_result(self, outcome: RedirectResult) -> ConsentResult:
        if isinstance(outcome, LoginDenied):
            return "denied"
        if isinstance(outcome, RedirectRefused):
            return "failed"
        return "partly" if outcome.scopes is not None and outcome.scopes.missing(self._asked) else "granted"


def _parse(head: bytes) -> tuple[str, str, dict[str, str]]:
    lines = head.decode("latin-1").split("\r\n")
    method, _, rest = lines[0].partition(" ")
    target, _, version = rest.partition(" ")
    if version not in {"HTTP/1.1", "HTTP/1.0"}:
        return "", "", {}
    headers: dict[str, str] = {}
    for line in lines[1:]:
        name, _, value = line.partition(":")
        name = name.strip().lower()
        # Two Host lines are one too many; joined they match nothing.
        headers[name] = f"{headers[name]},{value.strip()}" if name in headers else value.strip()
    return method, target, headers


class _Server(socketserver.ThreadingMixIn, socketserver.TCPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128
    # On Windows the same option would let another program take the port over.
    allow_reuse_address = os.name == "posix"
    desk: _RedirectHandler
    clock: Clock

    def __init__(self, address: tuple[str, int], handler: type[socketserver.BaseRequestHandler]) -> None:
        self._open: list[_Accepted] = []
        self._open_lock = threading.Lock()
        super().__init__(address, handler)

    def process_request(self, request: _Accepted, client_address: object) -> None:
        with self._open_lock:
            self._open.append(request)
            oldest = self._open.pop(0) if len(self._open) > _MOST_CONNECTIONS else None
        if oldest is not None:
            _hang_up(oldest)
        super().process_request(request, client_address)

    def shutdown_request(self, request: _Accepted) -> None:
        with self._open_lock, suppress(ValueError):
            self._open.remove(request)
        super().shutdown_request(request)

    def handle_error(self, request: _Accepted, client_address: object) -> None:
        """A connection that broke is no news: the login goes on."""

    def drop_connections(self) -> None:
        with self._open_lock:
            left, self._open = self._open, []
        for request in left:
            _hang_up(request)


def _hang_up(request: _Accepted) -> None:
    # Shut down, not closed: the thread that reads from it wakes up and closes it.
    if isinstance(request, socket.socket):
        with suppress(OSError):
            request.shutdown(socket.SHUT_RDWR)


class _Connection(socketserver.BaseRequestHandler):
    """One request, one answer, closed."""

    request: socket.socket
    server: _Server

    def handle(self) -> None:
        with suppress(OSError):
            head = self._read_head()
            if head is None:
                return
            status, headers, body = self.server.desk.answer(head) if head else (414, {}, b"")
            self.request.sendall(_render(status, headers, body))
            # What is still on its way must be read, or closing resets the connection before the answer is seen.
            self.request.shutdown(socket.SHUT_WR)
            self._drain()
            if status == 200:
                self.server.desk.page_was_sent()

    def _read_head(self) -> bytes | None:
        """Everything up to the empty line; b"" where it is too long, None where nothing whole came in time."""
        deadline_s = self.server.clock.monotonic_s() + _READ_DEADLINE_S
        received = b""
        while b"\r\n\r\n" not in received:
            left_s = deadline_s - self.server.clock.monotonic_s()
            if left_s <= 0:
                return None
            self.request.settimeout(left_s)
            part = self.request.recv(4096)
            if not part:
                return None
            received += part
            if len(received) > _LONGEST_HEAD:
                return b""
        return received.partition(b"\r\n\r\n")[0]

    def _drain(self) -> None:
        self.request.settimeout(0.5)
        for _ in range(64):
            if not self.request.recv(4096):
                return


def _render(status: int, headers: dict[str, str], body: bytes) -> bytes:
    reason = _REASONS[status]
    if not body and status != 303:
        body = f"{reason}. This address belongs to a login that is waiting; it accepts only one answer.\n".encode()
    fields = {
        "content-type": "text/plain; charset=utf-8",
        "content-length": str(len(body)),
        "cache-control": "no-store",
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
        "content-security-policy": content_policy(),
        "cross-origin-opener-policy": "same-origin",
        "connection": "close",
        **headers,
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"HTTP/1.1 {status} {reason}\r\n{head}\r\n".encode() + body
