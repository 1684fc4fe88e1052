"""`paceport serve` on 2,000 runs: server time and weight of each page beside a static file of the same size.

A page is asked for twice on one snapshot: first as a person finds it after the start, then again. Scrolling is
measured in Chromium, where there is one, on a list of 10,000 runs, as the time of the page's thread at each turn of the
wheel; so is the map of 2,000 tracks.
"""

from __future__ import annotations

import http.client
import resource
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from time import process_time
from typing import TYPE_CHECKING

from benchmarks.report import FIRST, NOW, RUNS, fill
from paceport.clock import ManualClock
from paceport.logbook.database.activity_record import ActivityRecord, EncodedTrack, ImportSource
from paceport.logbook.database.store import Store
from paceport.profile.profile import Profile
from paceport.profile.settings import Settings
from paceport.training.metrics.athlete import AthleteFacts
from paceport.units import Units
from paceport.web.access import Access
from paceport.web.app import AppOptions, build_app
from paceport.web.page_table import PAGES, WORK_AHEAD
from paceport.web.reader import LogbookReader, ReadOptions
from paceport.web.running_server import bind, running_server
from paceport.web.saved_charts import SavedCharts

if TYPE_CHECKING:
    from playwright.sync_api import CDPSession

PAGE_MS, LIST_MS, TASK_MS, LONG_LIST = 300.0, 50.0, 50.0, 10_000
_AGAIN = 5


@contextmanager
def server(home: Path, clock: ManualClock) -> Iterator[tuple[Access, LogbookReader]]:
    """A running server of the logbook in `home`."""
    options = ReadOptions(
        open_store=lambda: Store(data_dir=home / "data", cache_dir=home / "cache", clock=clock),
        choose_units=lambda _: Units("km", "\u2013"),
        given=AthleteFacts(),
        work_ahead=WORK_AHEAD,
    )
    listening = bind(0)
    access = Access(port=listening.getsockname()[1], clock=clock)
    with closing(LogbookReader(options, clock=clock)) as reader:
        charts = SavedCharts(home / "data" / "charts.json")
        settings = Settings.from_environment({"PACEPORT_HOME": str(home)})
        wanted = AppOptions(
            command=lambda words: f"paceport {words}",
            open_profile=lambda *, clock=clock: Profile(settings=settings, clock=clock),
            saved_charts=charts,
        )
        with running_server(build_app(reader, access, wanted), listening):
            reader.begin()
            yield access, reader


def ask(origin: str, path: str, cookie: str = "") -> tuple[float, bytes, http.client.HTTPMessage]:
    """Milliseconds of processor time of this process (server and client), body and headers of one request.

    Processor time, because other programs on the machine must not count as ours.
    """
    started = process_time()
    with closing(http.client.HTTPConnection(origin.removeprefix("http://"))) as connection:
        connection.request("GET", path, headers={"Cookie": cookie})
        response = connection.getresponse()
        body = response.read()
    return 1000 * (process_time() - started), body, response.headers


class _Static(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        size = int(self.path.strip("/"))
        self.send_response(200)
        self.send_header("Content-Length", str(size))
        self.end_headers()
        self.wfile.write(b"x" * size)

    def log_message(self, *words: object) -> None:
        """Say nothing."""


@contextmanager
def static_files() -> Iterator[str]:
    """A plain server that answers /N with N bytes."""
    with HTTPServer(("127.0.0.1", 0), _Static) as plain:
        Thread(target=plain.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{plain.server_address[1]}"
        plain.shutdown()


def settle(reader: LogbookReader) -> None:
    """Wait until the logbook is read, its derived facts are computed, it is read again, and nothing is worked out."""
    for _ in range(2):
        reader.look_again()
        reader.thread.submit(reader.answer, lambda _snapshot, _store: None).result()
        reader.wait_for_background()


def page_rows(access: Access, reader: LogbookReader) -> bool:
    """A row for each page; whether all bars are kept."""
    headers = ask(access.origin, access.new_address().removeprefix(access.origin))[2]
    cookie = str(headers["set-cookie"]).split(";")[0]
    ask(access.origin, "/definitions", cookie)
    settle(reader)
    paths = [path.replace("{run_id}", str(RUNS)) for path in PAGES]
    paths += [f"/compare?run={RUNS}&run={RUNS - 1}", "/training?period=all", "/runs.json?offset=1000&limit=100"]
    print(f"{'page':34} {'first ms':>9} {'again ms':>9} {'static ms':>9} {'kB':>7}")
    is_kept = True
    with static_files() as plain:
        for path in paths:
            first_ms, body, _ = ask(access.origin, path, cookie)
            again_ms = min(ask(access.origin, path, cookie)[0] for _ in range(_AGAIN))
            static_ms = min(ask(plain, f"/{len(body)}")[0] for _ in range(_AGAIN))
            print(f"{path:34} {first_ms:9.1f} {again_ms:9.1f} {static_ms:9.1f} {len(body) / 1000:7.1f}")
            is_kept &= first_ms <= (LIST_MS if path.startswith("/runs?") or path == "/runs" else PAGE_MS)
    print(f"bars: {LIST_MS:.0f} ms for the list of runs, {PAGE_MS:.0f} ms for any page")
    print(f"most memory of this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    return is_kept


def fill_long(store: Store) -> None:
    """Ten thousand runs without samples."""
    for number in range(LONG_LIST):
        record = ActivityRecord(
            id=number + 1,
            source="archive",
            sport="Run",
            start=FIRST + timedelta(hours=7 * number),
            content=str(number),
            name=f"Run {number}",
            timezone="Europe/Berlin",
            zone_source="position",
            distance_m=5000.0 + number % 97 * 100,
            moving_time_s=1800.0 + number % 89 * 20,
        )
        store.own.save(record, ImportSource(), EncodedTrack(blocks={}))


def scroll_row(access: Access) -> bool:
    """Scroll through the long list; whether the tasks of no turn of the wheel took longer than 50 ms together."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
        page.goto(access.new_address())
        page.wait_for_url(f"{access.origin}/")
        page.goto(f"{access.origin}/runs")
        page.wait_for_timeout(1000)
        measured = page.context.new_cdp_session(page)
        # Time of the page's thread, because other programs on the machine must not count as ours.
        measured.send("Performance.enable", {"timeDomain": "threadTicks"})
        steps_ms = []
        for _ in range(60):
            before_s = task_s(measured)
            page.mouse.wheel(0, 1200)
            page.wait_for_timeout(30)
            steps_ms.append(1000 * (task_s(measured) - before_s))
        rows = page.locator("#runs tbody tr:not(.gap)").count()
        browser.close()
    steps_ms.sort()
    print(
        f"scrolling {LONG_LIST:,} rows, all tasks of one turn of the wheel: median {steps_ms[30]:.0f} ms, "
        f"most {steps_ms[-1]:.0f} ms (bar {TASK_MS:.0f}); {rows} rows in the page"
    )
    return steps_ms[-1] <= TASK_MS


def map_row(access: Access) -> bool:
    """Draw the map of all tracks as lines and as a heat map; whether no task of the page took longer than 50 ms."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
        page.goto(access.new_address())
        page.wait_for_url(f"{access.origin}/")
        page.add_init_script(_WATCH_TASKS)
        page.goto(f"{access.origin}/definitions")
        measured = page.context.new_cdp_session(page)
        measured.send("Performance.enable", {"timeDomain": "threadTicks"})
        page.goto(f"{access.origin}/map")
        page.wait_for_selector("#map[data-drawn]")
        lines_s, tracks = task_s(measured), page.locator("#map").get_attribute("data-drawn")
        page.evaluate("delete document.getElementById('map').dataset.drawn")
        page.select_option("select[name=look]", "heat")
        page.wait_for_selector("#map[data-drawn]")
        heat_s = task_s(measured) - lines_s
        longest_ms = max(page.evaluate("window.tasks"), default=0.0)
        browser.close()
    print(
        f"map of {tracks} tracks: {1000 * lines_s:.0f} ms of the page's thread until it is drawn, "
        f"{1000 * heat_s:.0f} ms for the heat map; longest task {longest_ms:.0f} ms by the clock (bar {TASK_MS:.0f})"
    )
    return bool(longest_ms <= TASK_MS)


_WATCH_TASKS = """window.tasks = []; new PerformanceObserver(list => {
  for (const task of list.getEntries()) window.tasks.push(task.duration);
}).observe({type: "longtask", buffered: true});"""


def task_s(measured: CDPSession) -> float:
    """Seconds that the page's thread has spent on tasks."""
    found = measured.send("Performance.getMetrics")["metrics"]
    return float(next(one["value"] for one in found if one["name"] == "TaskDuration"))


def main() -> int:
    """Print the rows; 1 if a bar is missed."""
    clock = ManualClock(NOW + timedelta(hours=1))
    with tempfile.TemporaryDirectory() as folder:
        home, long = Path(folder) / "home", Path(folder) / "long"
        with Store(data_dir=home / "data", cache_dir=home / "cache", clock=clock) as store:
            fill(store)
        with server(home, clock) as (access, reader):
            is_kept = page_rows(access, reader)
            if shutil.which("chromium"):
                is_kept &= map_row(access)
        if shutil.which("chromium"):
            with Store(data_dir=long / "data", cache_dir=long / "cache", clock=clock) as store:
                fill_long(store)
            with server(long, clock) as (access, _):
                is_kept &= scroll_row(access)
    return 0 if is_kept else 1


if __name__ == "__main__":
    sys.exit(main())
