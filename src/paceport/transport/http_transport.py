"""The only module that imports an HTTP library: turns a client of it into a `Send`."""

from __future__ import annotations

import os
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx2

from paceport.clock import SystemClock
from paceport.errors import AnswerLost, UsageError
from paceport.http_message import Request, Response, Send, is_loopback
from paceport.secret import mask_secrets
from paceport.transport.connection_failure import connection_failure, error_text, proxy_refusal, via
from paceport.transport.exchange_deadline import DeadlineBackend, ExchangeDeadline
from paceport.transport.proxy_address import ProxyAddress, find_proxy
from paceport.transport.trusted_certificates import trusted_certificates

USER_AGENT = "paceport"

# A page of 200 activities is about 0.5 MB; a body far beyond any real answer is an attack on memory.
_LARGEST_BODY = 256 * 1024 * 1024
_NEVER_SENT = (
    httpx2.ConnectError,
    httpx2.ConnectTimeout,
    httpx2.PoolTimeout,
    httpx2.UnsupportedProtocol,
    httpx2.InvalidURL,
    httpx2.LocalProtocolError,
)
_REMEMBERED = 64 * 1024
# How many times the longest silence a whole exchange may take.
_WHOLE_TIMES = 2.0


@contextmanager
def open_transport(*, wsgi: Callable[..., Any] | None = None, connections: int = 8) -> Iterator[Send]:
    """A `Send` over pooled keep-alive connections, closed at the end of the block.

    With `wsgi`, requests go to that WSGI application in this process instead of the network.
    Proxies follow the environment (or the system's settings), as in every other HTTP tool; what goes to this machine
    itself takes no proxy. Trusted are the system's certificates, or those the environment names. Raises UsageError
    where it names certificates or a proxy that cannot be used.
    """
    with ExitStack() as resources:
        clients = _Clients(resources, wsgi=wsgi, connections=connections)
        yield _sender(clients, clients.deadline)


class _Clients:
    """One client of the library for direct connections and one for each proxy, opened when first needed."""

    def __init__(self, resources: ExitStack, *, wsgi: Callable[..., Any] | None, connections: int) -> None:
        self.deadline = ExchangeDeadline(SystemClock())
        self._resources = resources
        self._transport = httpx2.WSGITransport(app=wsgi) if wsgi is not None else None
        self._limits = httpx2.Limits(max_connections=connections, max_keepalive_connections=connections)
        self._trusted: ssl.SSLContext | None = None
        self._named = {} if wsgi is not None else getproxies()
        self._opening = threading.Lock()
        self._open: dict[tuple[str, bool], httpx2.Client] = {}
        for scheme in ("http", "https"):
            proxy = find_proxy(scheme, self._named)
            if proxy is not None:
                self._client(proxy, scheme)  # one that cannot be used is said before anything is sent

    def for_url(self, url: str) -> tuple[httpx2.Client, ProxyAddress | None]:
        """The client for an address, and the proxy on its way."""
        parts = urlsplit(url)
        proxy = find_proxy(parts.scheme, self._named)
        # A proxy would carry plain http, and the token in it, off this machine.
        if proxy is not None and (is_loopback(url) or proxy_bypass(parts.netloc.rpartition("@")[2])):
            proxy = None
        return self._client(proxy, parts.scheme), proxy

    def _client(self, proxy: ProxyAddress | None, scheme: str) -> httpx2.Client:
        is_encrypted = "https" in (scheme, proxy.scheme if proxy is not None else "")
        key = (proxy.url if proxy is not None else "", is_encrypted)
        with self._opening:
            if key not in self._open:
                client = self._resources.enter_context(self._new_client(proxy, self._verify(is_encrypted=is_encrypted)))
                _bound_whole_time(client, self.deadline)
                self._open[key] = client
            return self._open[key]

    def _verify(self, *, is_encrypted: bool) -> ssl.SSLContext:
        """What to check connections against; where none is encrypted, a context that would trust nobody."""
        if not is_encrypted:
            return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        if self._trusted is None:  # reading all certificates of a system takes as long as a request
            self._trusted = trusted_certificates(os.environ, system=lambda: httpx2.create_ssl_context(trust_env=False))
        return self._trusted

    def _new_client(self, proxy: ProxyAddress | None, verify: ssl.SSLContext) -> httpx2.Client:
        try:
            return httpx2.Client(
                transport=self._transport,
                limits=self._limits,
                verify=verify,
                proxy=None if proxy is None else _proxy_of_library(proxy),
                follow_redirects=False,
                trust_env=False,  # proxies, certificates and no netrc: read here
            )
        except (ImportError, ValueError, OSError, httpx2.InvalidURL) as error:
            assert proxy is not None
            # The library's own words would show the proxy's address, and a password may stand in it.
            raise UsageError(
                what=f"The proxy that {proxy.variable} names cannot be used",
                why=f"{proxy.place or 'nothing'} as a {proxy.scheme or 'nameless'} proxy: only http:// and "
                "https:// proxies are supported, and socks5:// with the library socksio",
                fix=f"correct or unset {proxy.variable}, or: pip install socksio",
            ) from error


def _proxy_of_library(proxy: ProxyAddress) -> httpx2.Proxy:
    login = (proxy.user, proxy.password.reveal()) if proxy.user or proxy.password else None
    return httpx2.Proxy(proxy.url, auth=login)


def _bound_whole_time(client: httpx2.Client, deadline: ExchangeDeadline) -> None:
    # The library takes a network backend in its pools, and offers no way to hand one to the pools it makes itself.
    for transport in (client._transport, *client._mounts.values()):  # noqa: SLF001  # as above
        pool: Any = getattr(transport, "_pool", None)
        if pool is not None and not isinstance(pool._network_backend, DeadlineBackend):  # noqa: SLF001  # as above
            pool._network_backend = DeadlineBackend(pool._network_backend, deadline)  # noqa: SLF001  # as above


def _sender(clients: _Clients, deadline: ExchangeDeadline) -> Send:
    def send(request: Request, *, timeout_s: float = 30.0) -> Response:
        client, proxy = clients.for_url(request.url)
        host = urlsplit(request.url).netloc
        headers = {"user-agent": USER_AGENT, "accept": "application/json", **request.headers}
        timeout = httpx2.Timeout(timeout_s, connect=min(10.0, timeout_s))
        try:
            with (
                deadline.within(_WHOLE_TIMES * timeout_s),
                client.stream(
                    request.method, request.url, headers=headers, content=request.body or None, timeout=timeout
                ) as answer,
            ):
                body = _read_capped(answer, host, request.largest_answer or _LARGEST_BODY)
                return Response(
                    status=answer.status_code,
                    headers={name.lower(): value for name, value in answer.headers.items()},
                    body=body,
                )
        except httpx2.ProxyError as error:
            raise proxy_refusal(error, host=host, proxy=proxy) from error
        except _NEVER_SENT as error:
            raise connection_failure(error, host=host, proxy=proxy) from error
        except httpx2.HTTPError as error:
            lost = AnswerLost(host=host, why=f"{error_text(error)}{via(proxy)}", is_lasting=deadline.has_passed)
            # A traceback would show in the library's words what was masked in ours.
            raise lost from (error if mask_secrets(str(error)) == str(error) else None)

    return send


class _RememberedStream(httpx2.SyncByteStream):
    """The bytes of an answer as they came, before any decoding; the first of them are remembered."""

    def __init__(self, stream: httpx2.SyncByteStream) -> None:
        self._stream, self.begin = stream, b""

    def __iter__(self) -> Iterator[bytes]:
        for part in self._stream:
            self.begin += part[: max(0, _REMEMBERED - len(self.begin))]
            yield part

    def close(self) -> None:
        self._stream.close()


def _read_capped(answer: httpx2.Response, host: str, largest: int) -> bytes:
    assert isinstance(answer.stream, httpx2.SyncByteStream)
    answer.stream = raw = _RememberedStream(answer.stream)
    parts: list[bytes] = []
    size = 0
    try:
        for part in answer.iter_bytes():
            size += len(part)
            if size > largest:
                raise AnswerLost(host=host, why=f"the answer is larger than {largest // 1024} KiB", is_lasting=True)
            parts.append(part)
    except httpx2.HTTPError:
        # Cut off, or unpacked on the way by somebody who left the header that calls it packed. The tokens may be in
        # what came, and nobody else has them: their reader decides.
        for body in (b"".join(parts), raw.begin):
            if b'"access_token"' in body:
                return body
        raise
    return b"".join(parts)
