"""Bounds the whole time of an HTTP exchange: the HTTP library's timeouts restart with every byte."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from paceport.clock import Clock

# Slower than this, in bytes a second, is no connection to work with; faster ones may take as long as they need.
_SLOWEST_SPEED = 20_000
_WRITE_PIECE = 64 * 1024
# A timeout of 0 would mean "do not wait" to a socket.
_SHORTEST_S = 0.001


class ExchangeDeadline:
    """The moment at which the exchange of this thread must be over. Bytes that move at a sensible speed postpone it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._here = threading.local()

    @contextmanager
    def within(self, total_s: float) -> Iterator[None]:
        """Bound everything this thread does on the network inside the block."""
        self._here.at_s = self._clock.monotonic_s() + total_s
        try:
            yield
        finally:
            self._here.has_passed = self._clock.monotonic_s() >= self._here.at_s
            self._here.at_s = None

    @property
    def has_passed(self) -> bool:
        """Whether the last exchange of this thread took all the time it had."""
        return bool(getattr(self._here, "has_passed", False))

    def timeout_s(self, timeout_s: float | None) -> float | None:
        """The time a single operation may still take, which is `timeout_s` at the most; it is never 0."""
        at_s: float | None = getattr(self._here, "at_s", None)
        if at_s is None:
            return timeout_s
        left_s = max(_SHORTEST_S, at_s - self._clock.monotonic_s())
        return left_s if timeout_s is None else min(timeout_s, left_s)

    def moved(self, size: int) -> None:
        """Postpone the end by what so many bytes may take."""
        at_s: float | None = getattr(self._here, "at_s", None)
        if at_s is not None:
            self._here.at_s = at_s + size / _SLOWEST_SPEED


class DeadlineBackend:
    """A network backend of the HTTP library whose every operation ends by the deadline."""

    def __init__(self, backend: Any, deadline: ExchangeDeadline) -> None:  # noqa: ANN401  # the library's own class
        self._backend, self._deadline = backend, deadline

    def connect_tcp(self, host: str, port: int, timeout: float | None = None, **options: Any) -> DeadlineStream:
        """As the backend's own."""
        timeout_s = self._deadline.timeout_s(timeout)
        return DeadlineStream(self._backend.connect_tcp(host, port, timeout=timeout_s, **options), self._deadline)

    def sleep(self, seconds: float) -> None:
        """As the backend's own."""
        self._backend.sleep(seconds)


class DeadlineStream:
    """A connection whose every read and write ends by the deadline."""

    def __init__(self, stream: Any, deadline: ExchangeDeadline) -> None:  # noqa: ANN401  # the library's own class
        self._stream, self._deadline = stream, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """As the stream's own; past the deadline it raises the library's error of a read that took too long."""
        part: bytes = self._stream.read(max_bytes, timeout=self._deadline.timeout_s(timeout))
        self._deadline.moved(len(part))
        return part

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """As the stream's own, in pieces, so that a receiver that takes byte by byte meets the deadline."""
        for start in range(0, len(buffer), _WRITE_PIECE):
            piece = buffer[start : start + _WRITE_PIECE]
            self._stream.write(piece, timeout=self._deadline.timeout_s(timeout))
            self._deadline.moved(len(piece))

    def close(self) -> None:
        """As the stream's own."""
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> DeadlineStream:
        """As the stream's own; the handshake is bounded as well."""
        timeout_s = self._deadline.timeout_s(timeout)
        return DeadlineStream(self._stream.start_tls(ssl_context, server_hostname, timeout_s), self._deadline)

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401  # whatever the stream knows
        """As the stream's own."""
        return self._stream.get_extra_info(info)
