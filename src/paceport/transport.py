"""The only module that imports an HTTP library: turns a client of it into a `Send`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies

import httpx2

from paceport.clock import SystemClock
from paceport.errors import AnswerLost, NotSent, UsageError
from paceport.exchange_deadline import DeadlineBackend, ExchangeDeadline
from paceport.http_message import Request, Response, Send, is_loopback

USER_AGENT = "paceport"

# A page of 200 activities is about 0.5 MB; a body far beyond any real answer is an attack on memory.
_LARGEST_BODY = 256 * 1024 * 1024
# How many times the longest silence a whole exchange may take.
_WHOLE_TIMES = 2.0


@contextmanager
def open_transport(*, wsgi: Callable[..., Any] | None = None, connections: int = 8) -> Iterator[Send]:
    """A `Send` over pooled keep-alive connections, closed at the end of the block.

    With `wsgi`, requests go to that WSGI application in this process instead of the network.
    Proxies and certificates follow the environment, as in every other HTTP tool; what goes to this machine itself
    takes no proxy. Raises UsageError where the environment names a proxy or certificates that cannot be used.
    """
    transport = httpx2.WSGITransport(app=wsgi) if wsgi is not None else None
    limits = httpx2.Limits(max_connections=connections, max_keepalive_connections=connections)
    deadline = ExchangeDeadline(SystemClock())

    def client(*, with_proxies: bool) -> httpx2.Client:
        # Without an environment to trust, the certificates it names are read here.
        verify = True if with_proxies else httpx2.create_ssl_context()
        return httpx2.Client(
            transport=transport, limits=limits, follow_redirects=False, trust_env=with_proxies, verify=verify
        )

    with ExitStack() as resources:
        try:
            outward = resources.enter_context(client(with_proxies=True))
            # A proxy would carry plain http, and the token in it, off this machine.
            inward = resources.enter_context(client(with_proxies=False)) if _names_proxy() else outward
        except (ImportError, ValueError, OSError, httpx2.InvalidURL) as error:
            raise _unusable(error) from error
        for opened in (outward, inward):
            _bound_whole_time(opened, deadline)
        yield _sender(outward, inward, deadline)


def _names_proxy() -> bool:
    return any(scheme != "no" for scheme in getproxies())


def _unusable(error: Exception) -> UsageError:
    if isinstance(error, OSError):
        return UsageError(
            what="The certificates that the environment names cannot be used",
            why=_error_text(error),
            fix="correct or unset SSL_CERT_FILE and SSL_CERT_DIR",
        )
    # The library's own words would show the proxy's address, and a password may stand in it.
    return UsageError(
        what="The proxy that the environment names cannot be used",
        why="only http:// and https:// proxies can; socks5:// with the library socksio beside it",
        fix="correct or unset ALL_PROXY, HTTPS_PROXY and HTTP_PROXY, or: pip install socksio",
    )


def _bound_whole_time(client: httpx2.Client, deadline: ExchangeDeadline) -> None:
    # The library takes a network backend in its pools, and offers no way to hand one to the pools it makes itself.
    for transport in (client._transport, *client._mounts.values()):  # noqa: SLF001  # as above
        pool: Any = getattr(transport, "_pool", None)
        if pool is not None and not isinstance(pool._network_backend, DeadlineBackend):  # noqa: SLF001  # as above
            pool._network_backend = DeadlineBackend(pool._network_backend, deadline)  # noqa: SLF001  # as above


def _sender(outward: httpx2.Client, inward: httpx2.Client, deadline: ExchangeDeadline) -> Send:
    def send(request: Request, *, timeout_s: float = 30.0) -> Response:
        client = inward if is_loopback(request.url) else outward
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
        except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout, httpx2.ProxyError) as error:
            raise NotSent(host=host, why=_error_text(error)) from error
        except (httpx2.UnsupportedProtocol, httpx2.InvalidURL, httpx2.LocalProtocolError) as error:
            raise NotSent(host=host, why=_error_text(error)) from error
        except httpx2.HTTPError as error:
            raise AnswerLost(host=host, why=_error_text(error)) from error

    return send


def _read_capped(answer: httpx2.Response, host: str, largest: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    for part in answer.iter_bytes():
        size += len(part)
        if size > largest:
            raise AnswerLost(host=host, why=f"the answer is larger than {largest // 1024} KiB")
        parts.append(part)
    return b"".join(parts)


def _error_text(error: Exception) -> str:
    return str(error).strip() or type(error).__name__
