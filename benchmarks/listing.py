"""List 5,000 activities at 150 ms a request over loopback, beside stravalib's `get_activities`, and the floor.

The floor is waiting alone: rounds of 1, 2, 4, 8, 8 … pages when the number is unknown. Every page is rendered before
the clock starts, so that the server costs its delay and nothing else.
"""

import json
import logging
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from math import ceil
from threading import Event, Lock, Thread
from time import perf_counter
from urllib.parse import parse_qs, urlsplit

from benchmarks.decode import made_row
from paceport.api.client.client import Client
from paceport.api.client.request_options import RequestOptions
from paceport.api.client.requester import Requester
from paceport.clock import SystemClock
from paceport.transport.http_transport import open_transport

COUNT, DELAY_S, PER_PAGE = 5_000, 0.15, 200
BAR_PEER, BAR_FLOOR = 4.0, 1.3
HEADERS = {
    "Content-Type": "application/json; charset=utf-8",
    "X-RateLimit-Limit": "600,30000",
    "X-ReadRateLimit-Limit": "300,15000",
}


class Shop:
    """Serves the pages late, and counts how often it was asked."""

    def __init__(self) -> None:
        rows = [made_row(number) for number in range(COUNT)]
        for number, row in enumerate(rows):
            # Newest first, an hour apart, as the service lists them.
            day, hour = divmod(COUNT - number, 24)
            row["start_date"] = f"{2020 + day // 336}-{1 + day % 336 // 28:02}-{1 + day % 28:02}T{hour:02}:00:00Z"
        self.pages = [json.dumps(rows[at : at + PER_PAGE]).encode() for at in range(0, COUNT, PER_PAGE)]
        self.asked = 0
        self.lock = Lock()
        self.never = Event()

    def answer(self, path: str) -> tuple[bytes, int]:
        """A page's body and the number of this request."""
        number = int(parse_qs(urlsplit(path).query).get("page", ["1"])[0])
        with self.lock:
            self.asked += 1
            asked = self.asked
        self.never.wait(DELAY_S)
        return (self.pages[number - 1] if number <= len(self.pages) else b"[]"), asked


@contextmanager
def served(shop: Shop) -> Iterator[str]:
    """The shop's base URL on loopback."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            body, asked = shop.answer(self.path)
            self.send_response(200)
            usage = f"{asked},{asked}"
            for name, value in {**HEADERS, "X-RateLimit-Usage": usage, "X-ReadRateLimit-Usage": usage}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the name is the library's
            """Nothing is said."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


def ours(base: str, *, known_total: int | None = None, read_ahead: bool = True) -> Callable[[], int]:
    """A listing by the shipped client over its own transport."""

    def work() -> int:
        with open_transport() as send:
            requester = Requester(
                send=send,
                token=lambda *, not_this=None: "benchmark",  # noqa: ARG005  # the shape of a token source
                clock=SystemClock(),
                options=RequestOptions(api_url=f"{base}/api/v3"),
            )
            client = Client(requester)
            return sum(1 for _ in client.activities(known_total=known_total, read_ahead=read_ahead))

    return work


def theirs(base: str) -> Callable[[], int] | None:
    """The same by stravalib, or None where it is not installed. Only the address of its requests is changed."""
    try:
        import requests

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from stravalib import Client as Stravalib
    except ImportError:
        return None
    logging.disable(logging.WARNING)

    class Redirected(requests.Session):
        def get(self, url: str | bytes, **rest: object) -> requests.Response:
            return super().get(str(url).replace("https://www.strava.com", base), **rest)  # type: ignore[arg-type]  # as given

    def work() -> int:
        client = Stravalib(access_token="benchmark", rate_limit_requests=False, requests_session=Redirected())
        return sum(1 for _ in client.get_activities())

    return work


def timed(shop: Shop, work: Callable[[], int]) -> tuple[float, int]:
    """Seconds and requests of one listing; all activities must come."""
    shop.asked = 0
    started = perf_counter()
    count = work()
    seconds = perf_counter() - started
    assert count == COUNT, f"{count} activities came"
    return seconds, shop.asked


def blind_rounds(pages: int) -> int:
    """Rounds of 1, 2, 4, 8, 8 … until the empty page behind `pages` was read."""
    read, rounds, width = 0, 0, 1
    while read < pages + 1:
        read, rounds, width = read + width, rounds + 1, min(8, width * 2)
    return rounds


def main() -> int:
    """Measure, print a table, and say whether the bars are met."""
    shop = Shop()
    pages = ceil(COUNT / PER_PAGE)
    with served(shop) as base:
        blind_s, blind_asked = min(timed(shop, ours(base)) for _ in range(3))
        known_s, known_asked = timed(shop, ours(base, known_total=COUNT))
        single_s, single_asked = timed(shop, ours(base, read_ahead=False))
        peer = theirs(base)
        peer_s, peer_asked = timed(shop, peer) if peer is not None else (float("nan"), 0)
    floor_s = blind_rounds(pages) * DELAY_S
    print(f"{COUNT} activities, {DELAY_S * 1e3:.0f} ms a request; at least {pages + 1} requests\n")
    print(f"{'':<38}{'s':>8}{'requests':>10}")
    print(f"{'floor, number unknown':<38}{floor_s:>8.2f}")
    print(f"{'paceport, number unknown':<38}{blind_s:>8.2f}{blind_asked:>10}")
    print(f"{'paceport, number known':<38}{known_s:>8.2f}{known_asked:>10}")
    print(f"{'paceport, one at a time':<38}{single_s:>8.2f}{single_asked:>10}")
    is_met = known_asked == single_asked == pages + 1 and blind_asked <= pages + 8
    if peer is None:
        print("stravalib is not installed: no peer")
    else:
        print(f"{'stravalib get_activities':<38}{peer_s:>8.2f}{peer_asked:>10}")
        print(f"\nfaster than stravalib {peer_s / blind_s:.1f}x   bar {BAR_PEER:g}x")
        is_met = is_met and peer_s / blind_s >= BAR_PEER
    print(f"over the floor {blind_s / floor_s:.2f}x   bar {BAR_FLOOR:g}x")
    is_met = is_met and blind_s / floor_s <= BAR_FLOOR
    print(f"\nbars {'met' if is_met else 'MISSED'}")
    return 0 if is_met else 1


if __name__ == "__main__":
    sys.exit(main())
