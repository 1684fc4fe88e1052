"""A server that sends exactly the bytes it is told to, at the speed it is told to: for what no honest server does."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Connection:
    """One accepted connection, its request read already. `pause` is cut short when the test is over."""

    def __init__(self, accepted: socket.socket, request: bytes, is_over: threading.Event) -> None:
        self._accepted, self.request, self._is_over = accepted, request, is_over

    def send(self, content: bytes) -> None:
        self._accepted.sendall(content)

    def pause(self, seconds: float) -> bool:
        """Wait; False where the test is over."""
        return not self._is_over.wait(seconds)

    def drip(self, content: bytes, *, every_s: float) -> None:
        """Send byte by byte."""
        for byte in content:
            self.send(bytes([byte]))
            if not self.pause(every_s):
                return


@contextmanager
def raw_server(answer: Callable[[Connection], None], *, reads_body: bool = True) -> Iterator[str]:
    """Give the address of a server that calls `answer` for each connection, in a thread of its own."""
    is_over = threading.Event()
    listener = socket.create_server(("127.0.0.1", 0))
    threads: list[threading.Thread] = []

    def serve(accepted: socket.socket) -> None:
        # A client that has given up closes the connection while we still send.
        with accepted, contextlib.suppress(OSError):
            answer(Connection(accepted, _read_request(accepted, reads_body=reads_body), is_over))

    def accept() -> None:
        with contextlib.suppress(OSError):
            while not is_over.is_set():
                accepted, _ = listener.accept()
                threads.append(threading.Thread(target=serve, args=(accepted,), daemon=True))
                threads[-1].start()

    acceptor = threading.Thread(target=accept, daemon=True)
    acceptor.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        is_over.set()
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        for thread in [acceptor, *threads]:
            thread.join(5.0)


def _read_request(accepted: socket.socket, *, reads_body: bool) -> bytes:
    received = b""
    while b"\r\n\r\n" not in received:
        part = accepted.recv(65536)
        if not part:
            return received
        received += part
    head, _, body = received.partition(b"\r\n\r\n")
    length = next(
        (int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0
    )
    while reads_body and len(body) < length:
        body += accepted.recv(65536)
    return head + b"\r\n\r\n" + body
