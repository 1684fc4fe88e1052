"""Takes every page of the web application at six widths in both lights: `make shots`, to be looked at by people.

The logbook is the export of the sandbox's first athlete, imported into a temporary home.
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from zipfile import ZipFile

from playwright.sync_api import Browser, sync_playwright

from paceport.clock import ManualClock
from paceport.logbook.database.store import Store
from paceport.logbook.importing.import_paths import import_paths
from paceport.profile.profile import Profile
from paceport.profile.settings import Settings
from paceport.sandbox.athletes.population_generator import populate
from paceport.sandbox.bulk_export.archive import write_export
from paceport.sandbox.http.app import create_app
from paceport.sandbox.state.world import World
from paceport.training.compute import compute_results
from paceport.transport.http_transport import open_transport
from paceport.web.page_table import PAGES
from paceport.web.tasks import LeftOut, TaskResult
from web.account.person import Person
from web.serving import Served, served

NOW = datetime(2026, 11, 15, 18, 0, tzinfo=UTC)
WIDTHS = {360: 800, 390: 844, 768: 1024, 1280: 900, 1920: 1080, 2560: 1440}


def fill(home: Path, clock: ManualClock) -> None:
    """Import the first athlete's export and compute everything."""
    population = populate(1, athletes=1)
    person = population.people[0]
    archive = home / "export.zip"
    with archive.open("wb") as file:
        write_export(file, person, population.activities(person.id), "en")
    assert ZipFile(archive).testzip() is None
    with Store(data_dir=home / "data", cache_dir=home / "cache", clock=clock) as store:
        import_paths([archive], store=store, clock=clock, timezone="Europe/Stockholm", sport=None)
        compute_results(store)


def import_with_something_left_out(server: Served) -> str:
    """The page of an import that has ended."""
    result = TaskResult(
        summary="155 new activities.",
        facts=(("read", "157 in 12 s"), ("new", "155"), ("unchanged", "2"), ("quarantined", "1")),
        notes=("sport guessed from the speeds, because the file does not say it: 3 Run.",),
        left_out=(LeftOut(place="activities/17.fit.gz", why="it is cut short", fix="export it again at Strava"),),
        next_pages=(("/", "Overview"), ("/runs", "Runs"), ("/import", "Import more")),
    )
    return server.tasks.start("Import", lambda _: result, when_stopped="").address


def take(browser: Browser, server: Served, folder: Path) -> int:
    """Take the pages; gives how many pictures there are."""
    newest = re.search(r'class="run-card" href="/runs/(-?\d+)"', server.read("/").text)
    assert newest is not None
    rest = re.findall(r'class="name"><a href="/runs/(-?\d+)"', server.read("/runs").text)
    paths = [path.replace("{run_id}", newest[1]) for path in PAGES]
    paths += ["/setup", "/login", "/account", "/sync", "/logout"]
    paths.append(f"/compare?run={rest[0]}&run={rest[3]}")
    paths += [f"/runs/{newest[1]}/amend?kind=split&place=10:00", import_with_something_left_out(server)]
    address = server.access.new_address()
    first = browser.new_context()
    page = first.new_page()
    page.goto(address)
    page.wait_for_url(f"{server.origin}/")
    state, count = first.storage_state(), 0
    for width, height in WIDTHS.items():
        for light in ("light", "dark"):
            context = browser.new_context(
                storage_state=state,
                viewport={"width": width, "height": height},
                color_scheme="dark" if light == "dark" else "light",
            )
            page = context.new_page()
            for path in paths:
                page.goto(server.origin + path)
                page.wait_for_timeout(150)
                name = re.sub(r"\W+", "-", "import-result" if path.startswith("/tasks/") else path).strip("-")
                name = name or "overview"
                page.screenshot(path=folder / f"{name}-{width}-{light}.png", full_page=path != "/runs")
                count += 1
            context.close()
    return count


def main() -> int:
    """Take all pictures into the folder of the first argument."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "build/shots")
    folder.mkdir(parents=True, exist_ok=True)
    clock = ManualClock(NOW)
    with tempfile.TemporaryDirectory() as home:
        fill(Path(home), clock)
        world = World(populate(1, athletes=1), seed=1, clock=clock)
        to_sandbox = partial(open_transport, wsgi=create_app(world))
        with (
            served(Path(home), clock, transport=to_sandbox) as server,
            to_sandbox() as send,
            sync_playwright() as playwright,
        ):
            settings = Settings.from_environment({"PACEPORT_HOME": home})
            person = Person(
                server=server, world=world, profile=lambda: Profile(settings=settings, clock=clock), send=send
            )
            # With less than the pages need, so that what is missing can be looked at, too.
            person.log_in(scopes="read,activity:read_all")
            person.post("/sync/allowed", allowed="on")
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
            count = take(browser, server, folder)
            browser.close()
    print(f"{count} pictures are in {folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
