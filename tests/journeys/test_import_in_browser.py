"""Files dropped on a page: imported, opened, corrected; and a server that is killed in the middle of it."""

from __future__ import annotations

import base64
import http.client
import json
import re
import subprocess
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from journeys.test_serve import Seen, violations
from makers.export_writer import activities, write_zip
from paceport.clock import ManualClock
from paceport.sandbox.athletes.population import Population
from paceport.sandbox.bulk_export.archive import write_export
from paceport.web.access import WRITE_TOKEN_HEADER
from paceport.web.tasks import TaskControl, TaskResult
from processes import finish, start
from web.serving import Served, served

NOW = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)
NEWCOMER = 3
GIGABYTE = 10**9
PATIENCE_MS = 30_000.0  # only to end what hangs
# As a person does it who drags a file from their desktop onto the page.
_DROP = """([content, name]) => {
  const files = new DataTransfer(), bytes = Uint8Array.from(atob(content), one => one.charCodeAt(0));
  files.items.add(new File([bytes], name));
  for (const kind of ["dragover", "drop"]) document.getElementById("drop").dispatchEvent(
    new DragEvent(kind, {bubbles: true, cancelable: true, dataTransfer: files}));
}"""


@pytest.fixture
def server(home: Path) -> Iterator[Served]:
    """A server of the test's own: the first page takes files only while the logbook is empty."""
    with served(home, ManualClock(NOW)) as found:
        yield found


@pytest.fixture
def open_page(chromium: Browser, server: Served) -> Iterator[Callable[..., tuple[Page, Seen]]]:
    first = chromium.new_context()
    page = first.new_page()
    page.goto(server.access.new_address())
    page.wait_for_url(f"{server.origin}/")
    state, contexts = first.storage_state(), [first]

    def opened(path: str, *, width: int = 1280, script: bool = True, dark: bool = False) -> tuple[Page, Seen]:
        context = chromium.new_context(
            storage_state=state,
            viewport={"width": width, "height": 844},
            java_script_enabled=script,
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        page, seen = context.new_page(), Seen()
        seen.watch(page)
        page.goto(server.origin + path)
        return page, seen

    yield opened
    for context in contexts:
        context.close()


OpenPage = Callable[..., tuple[Page, Seen]]


def choose(page: Page, files: dict[str, bytes]) -> None:
    """Choose files as the button of the page does."""
    payloads: list[FilePayload] = [{"name": name, "mimeType": "", "buffer": content} for name, content in files.items()]
    page.set_input_files("#files", payloads)


@pytest.fixture(scope="module")
def export(population: Population, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `paceport sandbox --export` writes, with eight activities in it."""
    path, person = tmp_path_factory.mktemp("export") / "export.zip", population.people[NEWCOMER - 1]
    with path.open("wb") as file:
        write_export(file, person, sorted(population.activities(person.id), key=lambda row: row.id)[:8], "en")
    return path


@pytest.mark.browser
def test_a_dropped_export_is_imported_opened_corrected_and_undone(open_page: OpenPage, export: Path) -> None:
    page, seen = open_page("/")
    invitation = page.locator("h1").inner_text()
    page.evaluate(_DROP, [base64.b64encode(export.read_bytes()).decode(), "export.zip"])
    page.wait_for_url("**/tasks/*")
    expect(page.locator(".next-pages")).to_be_visible(timeout=PATIENCE_MS)
    told = page.locator("main .lead").inner_text()

    page.get_by_role("link", name="Runs", exact=True).last.click()
    page.locator("#runs tbody a").first.click()
    page.get_by_text("Correct this run").click()
    page.get_by_label("as much as").fill("2:00")
    page.locator(".amend-forms form").first.get_by_role("button").click()
    page.get_by_role("button", name="Correct it").click()
    corrected = page.locator(".amendments li").inner_text()
    page.get_by_role("button", name="Undo").click()

    assert invitation == "No runs yet"
    assert told == "8 new activities."
    assert "first 2:00 cut off" in corrected
    expect(page.locator(".amendments .undone")).to_have_text("first 2:00 cut off", timeout=PATIENCE_MS)
    assert seen.complaints == []


@pytest.mark.browser
def test_a_task_is_followed_and_stopped_on_its_page(open_page: OpenPage, server: Served) -> None:
    steps, released = threading.Semaphore(1), threading.Event()

    def work(control: TaskControl) -> TaskResult:
        for done in (45, 90):
            steps.acquire(timeout=20)
            control.show("reading", done=done, total=200)
        while not released.wait(0.02):
            control.stop_if_asked()
        return TaskResult(summary="")

    task = server.tasks.start("Import", work, when_stopped="What was read is in the logbook.")
    page, seen = open_page(task.address, width=360)
    expect(page.locator(".so-far")).to_have_text("45 of 200", timeout=PATIENCE_MS)
    steps.release()
    expect(page.locator(".so-far")).to_have_text("90 of 200", timeout=PATIENCE_MS)
    found = violations(page)
    page.get_by_role("button", name="Stop it").click()
    expect(page.locator(".lead")).to_contain_text(
        "It was stopped. What was read is in the logbook.", timeout=PATIENCE_MS
    )
    released.set()

    assert found == []
    assert seen.complaints == []


@pytest.mark.browser
@pytest.mark.slow
def test_a_refused_file_is_told_and_the_others_wait_for_a_word(open_page: OpenPage, export: Path) -> None:
    page, _ = open_page("/import", width=360)

    choose(page, {"empty.fit": b"", "export.zip": export.read_bytes()})
    expect(page.locator(".refused li")).to_contain_text("empty.fit is empty", timeout=PATIENCE_MS)
    found = violations(page)
    page.get_by_role("button", name="Import the other file").click()
    page.wait_for_url("**/tasks/*")

    expect(page.locator(".left-list")).to_contain_text("empty.fit", timeout=PATIENCE_MS)
    assert found == []


@pytest.mark.browser
def test_without_script_the_page_says_how_and_corrections_work(open_page: OpenPage, export: Path) -> None:
    with_script, _ = open_page("/import")
    choose(with_script, {"export.zip": export.read_bytes()})
    expect(with_script.locator(".next-pages")).to_be_visible(timeout=PATIENCE_MS)

    page, _ = open_page("/import", script=False)
    said = page.locator("main").inner_text()
    is_zone_hidden = page.locator("#drop").is_hidden()
    page.goto(page.url.replace("/import", "/runs"))
    page.locator("#runs tbody a").first.click()
    page.get_by_text("Correct this run").click()
    page.locator("form:has(select[name=race])").get_by_role("button").click()
    page.get_by_role("button", name="Correct it").click()
    corrected = page.locator(".amendments").inner_text()
    page.get_by_role("button", name="Undo: marked as a race").click()

    assert "paceport import export.zip" in said
    assert is_zone_hidden
    assert "marked as a race" in corrected
    expect(page.locator(".amendments .undone").first).to_have_text("marked as a race", timeout=PATIENCE_MS)


@pytest.mark.browser
@pytest.mark.proof
@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [360, 768, 1280, 2560])
def test_tasks_and_previews_are_accessible_at_every_width(
    open_page: OpenPage, server: Served, export: Path, width: int, dark: bool
) -> None:
    page, _ = open_page("/import", width=width, dark=dark)
    choose(page, {"bad.fit": b"no FIT", "export.zip": export.read_bytes()})
    page.wait_for_url("**/tasks/*")
    expect(page.locator(".left-list")).to_be_visible(timeout=PATIENCE_MS)
    found = {"task": violations(page)}
    page.goto(f"{server.origin}/runs")
    page.locator("#runs tbody a").first.click()
    page.get_by_text("Correct this run").click()
    found["run"] = violations(page)
    page.locator("form:has(select[name=race])").get_by_role("button").click()
    found["preview"] = violations(page)

    assert found == {"task": [], "run": [], "preview": []}
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.browser
@pytest.mark.proof
def test_files_wait_while_something_else_runs(open_page: OpenPage, server: Served, export: Path) -> None:
    release = threading.Event()

    def work(_: TaskControl) -> TaskResult:
        release.wait(60)
        return TaskResult(summary="")

    running = server.tasks.start("Sync", work, when_stopped="")
    page, _ = open_page("/import")
    choose(page, {"export.zip": export.read_bytes()})
    said, again = page.locator(".said"), page.get_by_role("button", name="Try again")
    expect(again).to_be_visible(timeout=PATIENCE_MS)
    told, link = said.inner_text(), said.locator("a").get_attribute("href")
    release.set()
    server.tasks.wait()
    again.click()

    expect(page.locator(".next-pages")).to_be_visible(timeout=PATIENCE_MS)
    assert "Sync is still running" in told
    assert link == running.address


@pytest.mark.browser
@pytest.mark.proof
def test_sending_is_stopped_and_nothing_waits_any_more(open_page: OpenPage, home: Path) -> None:
    page, seen = open_page("/import")
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    speed = {"offline": False, "latency": 0, "downloadThroughput": 10**7, "uploadThroughput": 2 * 10**5}
    line.send("Network.emulateNetworkConditions", speed)
    choose(page, {"export.zip": bytes(5_000_000)})
    expect(page.locator(".drop .count")).to_contain_text("of 5.0 MB", timeout=PATIENCE_MS)

    page.get_by_role("button", name="Stop", exact=True).click()

    expect(page.locator(".said")).to_have_text("Stopped. Nothing was imported.", timeout=PATIENCE_MS)
    assert page.locator(".refused li").count() == 0
    until(lambda: uploads_in(home) == [])
    assert seen.complaints == []


class Visitor:
    """Somebody who has opened the address that `paceport serve` printed."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        self.host = re.sub(r"http://([^/]+)/.*", r"\1", address)
        _, headers, _ = self.ask("GET", address.partition(self.host)[2])
        self.headers = {"Cookie": headers["set-cookie"].split(";")[0]}
        found = re.search(r'name="write-token" content="([^"]+)"', self.ask("GET", "/import")[2])
        assert found is not None
        self.headers |= {"Origin": f"http://{self.host}", WRITE_TOKEN_HEADER: found[1]}

    def ask(
        self, method: str, path: str, body: bytes | Iterable[bytes] = b"", *, size: int | None = None
    ) -> tuple[int, dict[str, str], str]:
        with closing(http.client.HTTPConnection(self.host, timeout=120)) as connection:
            headers = {**getattr(self, "headers", {})} | ({} if size is None else {"Content-Length": str(size)})
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            found = {name.lower(): value for name, value in answer.getheaders()}
            return answer.status, found, answer.read().decode()

    def begin(self) -> str:
        return str(json.loads(self.ask("POST", "/import/batches")[2])["batch"])

    def send(self, batch: str, name: str, content: bytes) -> int:
        return self.ask("POST", f"/import/batches/{batch}/files?name={quote(name)}", content)[0]

    def start(self, batch: str) -> str:
        return str(json.loads(self.ask("POST", f"/import/batches/{batch}/start")[2])["address"])

    def task(self, address: str) -> dict[str, object]:
        found: dict[str, object] = json.loads(self.ask("GET", f"{address}.json")[2])
        return found


@contextmanager
def running(home: Path) -> Iterator[tuple[subprocess.Popen[str], Visitor]]:
    """`paceport serve` as a process of its own, and somebody who was let in."""
    process = start(["serve", "--port", "0"], {"PACEPORT_HOME": str(home)})
    try:
        yield process, Visitor(process)
    finally:
        process.kill()
        process.communicate(timeout=20)


def until(is_true: Callable[[], bool]) -> None:
    pause = threading.Event()
    for _ in range(2000):
        if is_true():
            return
        pause.wait(0.01)
    pytest.fail("it never happened")


def uploads_in(home: Path) -> list[Path]:
    return [path for path in (home / "data" / "uploads").rglob("*") if path.is_file() and path.suffix != ".lock"]


def runs_in(home: Path) -> list[object]:
    asked = "SELECT strava_id, name, distance_m, has_track, start_utc FROM run ORDER BY strava_id"
    found: list[object] = json.loads(finish(["sql", asked, "--json"], {"PACEPORT_HOME": str(home)}).stdout)
    return found


def originals_in(home: Path) -> list[str]:
    return sorted(path.name for path in (home / "data" / "originals").iterdir())


@pytest.mark.proof
def test_a_server_that_is_killed_in_an_upload_leaves_nothing_half(tmp_path: Path) -> None:
    with running(tmp_path) as (process, visitor):
        connection = http.client.HTTPConnection(visitor.host, timeout=20)
        connection.putrequest("POST", f"/import/batches/{visitor.begin()}/files?name=export.zip")
        for name, value in (visitor.headers | {"Content-Length": "100000000"}).items():
            connection.putheader(name, value)
        connection.endheaders(bytes(5_000_000))
        until(lambda: any(path.stat().st_size > 3_000_000 for path in uploads_in(tmp_path)))
        process.kill()
        process.wait()
        connection.close()
    left = uploads_in(tmp_path)

    with running(tmp_path) as (_, visitor):
        after = uploads_in(tmp_path)
        status = visitor.send(visitor.begin(), "run.fit", b"x")

    assert len(left) == 1
    assert after == []
    assert status == 204


@pytest.mark.proof
def test_a_server_that_is_killed_in_an_import_leaves_nothing_half_and_the_next_one_brings_all(tmp_path: Path) -> None:
    packed = write_zip(tmp_path / "export.zip", activities(240, seconds=600)).read_bytes()
    killed, whole = tmp_path / "killed", tmp_path / "whole"
    with running(killed) as (process, visitor):
        batch = visitor.begin()
        visitor.send(batch, "export.zip", packed)
        task = visitor.start(batch)
        until(lambda: int(str(visitor.task(task)["done"])) >= 30)
        process.kill()
        process.wait()
    read_before = len(runs_in(killed))

    for home in (killed, whole):
        with running(home) as (_, visitor):
            assert uploads_in(home) == []
            batch = visitor.begin()
            visitor.send(batch, "export.zip", packed)
            task = visitor.start(batch)
            until(lambda visitor=visitor, task=task: visitor.task(task)["state"] == "done")  # type: ignore[misc]
            assert uploads_in(home) == []

    assert 0 < read_before < 240
    assert runs_in(killed) == runs_in(whole)
    assert originals_in(killed) == originals_in(whole)


def most_memory(process: subprocess.Popen[str]) -> int:
    """The most memory that a process ever had, in bytes."""
    text = Path(f"/proc/{process.pid}/status").read_text()
    return int(text.partition("VmHWM:")[2].split()[0]) * 1024


@pytest.mark.proof
@pytest.mark.parametrize("size", [200_000_000, 3 * GIGABYTE])
def test_a_large_upload_does_not_fill_memory(tmp_path: Path, size: int) -> None:
    piece = bytes(1_000_000)
    with running(tmp_path) as (process, visitor):
        batch = visitor.begin()
        visitor.send(batch, "small.zip", b"PK")
        before = most_memory(process)
        path = f"/import/batches/{batch}/files?name=export.zip"
        status, _, text = visitor.ask("POST", path, (piece for _ in range(size // len(piece))), size=size)
        after = most_memory(process)
        sizes = [one.stat().st_size for one in uploads_in(tmp_path) if one.name == "export.zip"]
        visitor.ask("DELETE", f"/import/batches/{batch}")
        left = uploads_in(tmp_path)

    assert (status, text) == (204, "")
    assert sizes == [size]
    assert after - before < 40_000_000
    assert left == []
