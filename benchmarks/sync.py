"""What a sync asks for and what it costs beside the waiting: nothing new, everything again, the very first.

The first one also asks for the athlete's profile and zones, two requests that are not repeated within six days.

`python -m benchmarks.sync [ACTIVITIES]`, 5,000 if not said otherwise, of a sport that needs no details. The answers are
made in this process and cost next to nothing, so the times are ours: decoding, comparing, saving. Peer: what a tool
that lists everything each time asks for, ceil(N / 200) + 1.
"""

import json
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from math import ceil
from pathlib import Path
from time import perf_counter
from urllib.parse import parse_qs, urlsplit

from benchmarks.decode import made_row
from paceport.api.client.client import Client
from paceport.api.client.request_options import RequestOptions
from paceport.api.client.requester import Requester
from paceport.clock import ManualClock
from paceport.http_message import Request, Response
from paceport.logbook.database.store import Store
from paceport.logbook.syncing.sync import sync
from paceport.logbook.syncing.sync_report import SyncReport

COUNT, PER_PAGE = 5_000, 200
NOW = datetime(2026, 11, 22, 8, 3, tzinfo=UTC)
ZONES = b'{"heart_rate": {"custom_zones": false, "zones": [{"min": 0, "max": 120}, {"min": 120, "max": -1}]}}'
LIMITS = {"X-RateLimit-Limit": "600,30000", "X-ReadRateLimit-Limit": "300,15000"}


class Service:
    """A list of activities as the service pages it: newest first, with `after` alone oldest first."""

    def __init__(self, count: int) -> None:
        self.rows: list[tuple[int, bytes]] = []
        for number in range(count):
            start = NOW - timedelta(hours=8 * number + 1)
            text = f"{start:%Y-%m-%dT%H:%M:%SZ}"
            row = made_row(number) | {"id": 10_000_000 - number, "sport_type": "Ride", "type": "Ride"}
            row |= {"start_date": text, "start_date_local": text}
            self.rows.append((int(start.timestamp()), json.dumps(row).encode()))
        self.asked = 0

    def __call__(self, request: Request, *, timeout_s: float = 30.0) -> Response:
        """One page."""
        del timeout_s
        self.asked += 1
        path = urlsplit(request.url).path
        if path.endswith(("/athlete", "/athlete/zones")):
            body = ZONES if path.endswith("/zones") else b'{"id": 1}'
            return Response(status=200, headers=LIMITS | {"Content-Type": "application/json"}, body=body)
        query = {name: int(values[0]) for name, values in parse_qs(urlsplit(request.url).query).items()}
        after, before = query.get("after"), query.get("before")
        rows = [raw for at, raw in self.rows if (after is None or at > after) and (before is None or at < before)]
        if after is not None and before is None:
            rows.reverse()
        begin = (query.get("page", 1) - 1) * PER_PAGE
        usage = f"{self.asked % 100},{self.asked}"
        headers = {"Content-Type": "application/json", "X-RateLimit-Usage": usage, "X-ReadRateLimit-Usage": usage}
        return Response(
            status=200, headers=LIMITS | headers, body=b"[" + b",".join(rows[begin : begin + PER_PAGE]) + b"]"
        )


def one_sync(home: Path, service: Service, clock: ManualClock) -> tuple[SyncReport, int, float]:
    """A sync as the command does it, opening included: its account, the requests, the seconds."""
    service.asked = 0
    begin = perf_counter()
    requester = Requester(
        send=service,
        token=lambda *, not_this=None: "benchmark",  # noqa: ARG005  # the shape of a token source
        clock=clock,
        options=RequestOptions(api_url="http://service/api/v3"),
    )
    client = Client(requester)
    with Store(data_dir=home / "data", cache_dir=home / "cache", clock=clock) as store:
        account = sync(store=store, client=client, clock=clock, login="benchmark", is_proof=True)
    return account, service.asked, perf_counter() - begin


def main() -> int:
    """Print the figures; 1 where a request more is sent than promised or something is wrong."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else COUNT
    service, clock = Service(count), ManualClock(NOW)
    most = 2 + ceil(count / PER_PAGE) + 1
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        first, first_asked, first_s = one_sync(home, service, clock)
        clock.advance(3600)
        nothing, nothing_asked, nothing_s = one_sync(home, service, clock)
        clock.advance(86_400)
        again, again_asked, again_s = one_sync(home, service, clock)
        size_mb = (home / "cache" / "cache.db").stat().st_size / 2**20
    print(f"{count:,} activities; a tool that lists everything each time asks {ceil(count / PER_PAGE) + 1} times")
    for name, asked, bar, took_s in (
        ("the first, athlete and zones too", first_asked, most + 2, first_s),
        ("nothing new, listed within a day", nothing_asked, 2, nothing_s),
        ("nothing new, listed a day ago", again_asked, most, again_s),
    ):
        print(f"{name:34}{asked:4} requests  (bar {bar}){took_s:8.2f} s of our own")
    print(f"cache.db {size_mb:.1f} MB")
    right = (first.new, nothing.new, again.new, again.changed, again.deleted) == (count, 0, 0, 0, 0)
    right = right and first.facts == ("profile", "zones") and first.quarantined == 0
    return 0 if right and nothing_asked == 2 and first_asked <= most + 2 and again_asked <= most else 1


if __name__ == "__main__":
    sys.exit(main())
