"""The sandbox's own requests: the handshake with a callback, and events delivered to it. To loopback, and nowhere else.

Documented: an answer is awaited for two seconds, an event is tried three times in all, then dropped. Events go out one
after the other, in the order they happened, from a thread that ends when there is nothing left.
"""

from __future__ import annotations

import http.client
import ipaddress
import json
import threading
import urllib.error
import urllib.request
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from paceport.sandbox.json.scalars import Json
from paceport.sandbox.json.webhooks import event_json
from paceport.sandbox.state.webhook_rules import WebhookEvent
from paceport.sandbox.state.world import World

ANSWER_WITHIN_S = 2.0
ATTEMPTS = 3
LARGEST_ANSWER = 64 * 1024
REMEMBERED = 1000
_MOST_READS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackAnswer:
    """What a callback answered; `status` is None where nothing came in time."""

    status: int | None
    body: bytes = b""


@dataclass(slots=True, kw_only=True)
class Delivery:
    """One event being delivered. `attempts` are the statuses answered so far, None for no answer."""

    url: str
    event: Json
    attempts: list[int | None] = field(default_factory=list)
    is_over: bool = False


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: object, **kwargs: object) -> None:
        """Follow nothing: a redirect could lead off this machine."""


def is_loopback(url: str) -> bool:
    """Whether a URL leads to this machine over plain HTTP or HTTPS."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    if parts.scheme not in ("http", "https") or any(ord(letter) <= 32 or ord(letter) > 126 for letter in url):
        return False
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def request_callback(url: str, body: bytes | None = None) -> CallbackAnswer:
    """GET a callback, or POST JSON to it. No proxy, no redirect. Raises ValueError for what is not loopback."""
    if not is_loopback(url):
        raise ValueError(f"{url} is not this machine")
    headers = {"User-Agent": "strava-sandbox-webhook"}
    if body is not None:
        headers["Content-Type"] = "application/json"
    request = urllib.request.Request(url, data=body, headers=headers)  # noqa: S310  # http and https alone, see above
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect())
    try:
        with opener.open(request, timeout=ANSWER_WITHIN_S) as answer:
            return CallbackAnswer(status=answer.status, body=_read(answer))
    except urllib.error.HTTPError as error:
        with error:
            return CallbackAnswer(status=error.code)
    except (OSError, http.client.HTTPException, ValueError):
        return CallbackAnswer(status=None)


class WebhookQueue:
    """Delivers events. While `is_held` they wait for `flush`; `retry_s` says how long to wait between attempts,
    `delay_s` how long before the first."""

    def __init__(
        self, retry_s: Callable[[], float], *, delay_s: Callable[[], float] = lambda: 0.0, is_held: bool = False
    ) -> None:
        self._retry_s, self._delay_s = retry_s, delay_s
        self.is_held = is_held
        self._change = threading.Condition()
        self._waiting: deque[Delivery] = deque()
        self._done: deque[Delivery] = deque(maxlen=REMEMBERED)
        self._worker: threading.Thread | None = None
        self._closed = threading.Event()

    def send(self, event: WebhookEvent) -> None:
        """Put an event behind those that wait."""
        with self._change:
            self._waiting.append(Delivery(url=event.callback_url, event=event_json(event)))
            if not self.is_held:
                self._start_worker()

    def flush(self, timeout_s: float) -> bool:
        """Deliver what waits, held or not, and come back when all is over; False if that took too long."""
        with self._change:
            self._start_worker()
            return self._change.wait_for(lambda: self._worker is None, timeout_s)

    def close(self) -> None:
        """Drop what waits and stop; an attempt under way is finished."""
        with self._change:
            self._closed.set()
            self._waiting.clear()

    def contents(self) -> dict[str, object]:
        """What waits and what is over, oldest first."""
        with self._change:
            return {
                "held": self.is_held,
                "waiting": [{"event": one.event, "attempts": list(one.attempts)} for one in self._waiting],
                "over": [{"event": one.event, "attempts": list(one.attempts)} for one in self._done],
            }

    def _start_worker(self) -> None:
        if self._worker is None and self._waiting:
            self._worker = threading.Thread(target=self._deliver_all, name="sandbox-webhooks", daemon=True)
            self._worker.start()

    def _deliver_all(self) -> None:
        while True:
            with self._change:
                if not self._waiting:
                    self._worker = None
                    self._change.notify_all()
                    return
                delivery = self._waiting[0]
            self._deliver(delivery)
            with self._change:
                if self._waiting and self._waiting[0] is delivery:
                    self._waiting.popleft()
                self._done.append(delivery)

    def _deliver(self, delivery: Delivery) -> None:
        body = json.dumps(delivery.event).encode()
        delay_s = self._delay_s()
        if delay_s and self._closed.wait(delay_s):
            return
        for attempt in range(ATTEMPTS):
            if attempt > 0 and self._closed.wait(self._retry_s()):
                break
            status = request_callback(delivery.url, body).status
            with self._change:
                delivery.attempts.append(status)
            if status == 200:
                break
        delivery.is_over = True


def _read(answer: http.client.HTTPResponse) -> bytes:
    """The start of a body, in a bounded number of pieces: a trickle is cut off."""
    body = b""
    for _ in range(_MOST_READS):
        piece = answer.read1(LARGEST_ANSWER)
        body += piece
        if not piece:
            break
    return body


def webhook_queue(world: World) -> WebhookQueue:
    """The queue that sends this world's events; from the first call on the world sends with one."""
    sender = world.webhook_sender
    if isinstance(sender, WebhookQueue):
        return sender
    world.send_webhooks_with(
        lambda: WebhookQueue(
            lambda: world.switches.number("webhook_retry_s"), delay_s=lambda: world.switches.number("webhook_delay_s")
        )
    )
    return webhook_queue(world)
