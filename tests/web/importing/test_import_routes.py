"""Files sent over a real socket and imported: what is answered, what is in the logbook, and what is left over."""

from __future__ import annotations

import gzip
import io
import json
import socket
import threading
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import pytest

from makers.bad_import_options import BAD_VALUES
from makers.export_writer import ENGLISH, activities, files, gpx, renamed, table, write_export, write_zip
from makers.faulty_disk import FaultyDisk
from paceport.clock import ManualClock
from paceport.logbook.database.store import Store
from paceport.profile.own_import import import_into
from paceport.profile.profile import Profile
from paceport.profile.settings import Settings
from paceport.storage import disk
from paceport.web.access import WRITE_TOKEN_HEADER
from paceport.web.importing.uploads import KEPT_FREE
from paceport.web.tasks import TaskControl, TaskResult
from web.serving import Answer, Served, served

NOW = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)
RUN = gpx(datetime(2026, 11, 1, 8, 0, tzinfo=UTC))


class Browser:
    """A page that has been let in, and sends files."""

    def __init__(self, server: Served) -> None:
        self.server = server
        self.headers = {
            "Cookie": server.cookie,
            "Origin": server.origin,
            WRITE_TOKEN_HEADER: server.write_token(),
            "Content-Type": "application/octet-stream",
        }

    def post(self, path: str, body: bytes = b"", *, method: str = "POST") -> Answer:
        return self.server.ask(path, method, self.headers, body=body)

    def begin(self) -> str:
        return str(json.loads(self.post("/import/batches").text)["batch"])

    def send(self, batch: str, name: str, content: bytes, *, folder: str = "") -> Answer:
        return self.post(f"/import/batches/{batch}/files?name={quote(name)}&folder={quote(folder)}", content)

    def drop_folder(self, folder: str, files: dict[str, bytes], **options: object) -> str:
        """Send the files of a folder, by their path in it, and import them; gives the page that shows the end."""
        batch = self.begin()
        for path, content in files.items():
            parent, _, name = f"{folder}/{path}".rpartition("/")
            assert self.send(batch, name, content, folder=parent).status == 204
        return self.start(batch, **options)

    def drop(self, files: dict[str, bytes]) -> str:
        """Send all files and import them; gives the page that shows the end."""
        batch = self.begin()
        for name, content in files.items():
            self.send(batch, name, content)
        return self.start(batch)

    def ask_to_start(self, batch: str, options: dict[str, object]) -> Answer:
        return self.post(f"/import/batches/{batch}/start", json.dumps(options).encode())

    def start(self, batch: str, **options: object) -> str:
        started = self.ask_to_start(batch, options)
        assert started.status == 202, started.text
        self.server.tasks.wait()
        return self.server.read(json.loads(started.text)["address"]).text


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("import")


@pytest.fixture(scope="module")
def server(home: Path) -> Iterator[Served]:
    with served(home, ManualClock(NOW), largest=100_000_000) as found:
        yield found


@pytest.fixture
def browser(server: Served) -> Browser:
    return Browser(server)


@pytest.fixture(autouse=True)
def nothing_is_left_over(home: Path) -> Iterator[None]:
    yield
    assert waiting(home) == []


def waiting(home: Path) -> list[Path]:
    return [path for path in (home / "data" / "uploads").rglob("*") if path.is_file() and path.suffix != ".lock"]


def export(folder: Path, count: int = 6) -> bytes:
    return write_zip(folder / "export.zip", activities(count)).read_bytes()


def ids_in(home: Path) -> list[int]:
    with Store(data_dir=home / "data", cache_dir=home / "cache", clock=ManualClock(NOW)) as store:
        return sorted(int(str(run[0])) for run in store.query("SELECT id FROM run").rows)


def test_an_export_and_recordings_are_imported_together(tmp_path: Path) -> None:
    home = tmp_path / "new"
    with served(home, ManualClock(NOW)) as fresh:
        browser = Browser(fresh)
        page = browser.drop({"export.zip": export(tmp_path), "run.gpx": RUN, "again.gpx.gz": gzip.compress(RUN)})
        listed = browser.server.read("/runs").text  # without waiting for the next look

    assert "7 new activities." in page
    assert "Left out" not in page
    assert len(ids_in(home)) == 7
    assert 'href="/runs"' in page
    assert "Run no. 0, easy" in listed


def test_importing_again_adds_nothing(browser: Browser, home: Path, tmp_path: Path) -> None:
    browser.drop({"export.zip": export(tmp_path)})
    before = ids_in(home)

    page = browser.drop({"export.zip": export(tmp_path)})

    assert "in the logbook already" in page
    assert ids_in(home) == before


def runs_in(home: Path) -> list[tuple[object, ...]]:
    with Store(data_dir=home / "data", cache_dir=home / "cache", clock=ManualClock(NOW)) as store:
        asked = "SELECT start_utc, sport, timezone, has_track, name, strava_id FROM any_sport ORDER BY start_utc"
        return [tuple(row) for row in store.query(asked).rows]


def test_a_dropped_folder_is_imported_as_the_command_imports_it(tmp_path: Path) -> None:
    """An unpacked export with its tables, and a folder of recordings in folders, some of one name."""
    export_files = files(activities(3, tracks=True))
    recorded = {"2022/a.gpx": RUN, "2023/a.gpx": gpx(NOW - timedelta(days=90)), "2023/bad.fit": b"no FIT"}
    homes = [tmp_path / "served", tmp_path / "commanded"]
    with served(homes[0], ManualClock(NOW)) as fresh:
        page = Browser(fresh).drop_folder("export_1", export_files, hidden=2, others=1)
        again = Browser(fresh).drop_folder("Garmin", recorded)
        left_over = waiting(homes[0])

    paths = [write_export(tmp_path / "export_1", activities(3)), tmp_path / "Garmin"]
    for name, content in recorded.items():
        (paths[1] / name).parent.mkdir(parents=True, exist_ok=True)
        (paths[1] / name).write_bytes(content)
    settings = Settings.from_environment({"PACEPORT_HOME": str(homes[1])})
    for path in paths:
        with Profile(settings=settings, clock=ManualClock(NOW)) as profile:
            import_into(profile, [path])

    assert runs_in(homes[0]) == runs_in(homes[1])
    assert len(runs_in(homes[0])) == 5
    assert "Not sent from the folder: 2 hidden files or folders and 1 file of other kinds" in page
    assert "2023/bad.fit" in again.partition("<h2>Left out</h2>")[2]
    assert left_over == []


def test_the_options_of_the_command_are_those_of_the_page(tmp_path: Path) -> None:
    header = ["Nummer X", "Wann", *(f"Spalte {number}" for number in range(2, len(ENGLISH)))]
    table_of = table([renamed(one, sport="Ukulele", filename="") for one in activities(2)], header=header, dates="dmy")
    words = "\n".join(["Nummer X=id", "", "Spalte 3 = sport", "Spalte 2=name", "Ukulele=Walk", "Wann=date"])
    with served(tmp_path, ManualClock(NOW)) as fresh:
        browser = Browser(fresh)
        page = browser.drop_folder(
            "export", {"activities.csv": table_of}, map=words, date_order="dmy", timezone="Asia/Tokyo"
        )
        batch = browser.begin()
        browser.send(batch, "ride.gpx", gpx(NOW - timedelta(days=1), kind=""))
        browser.start(batch, sport="ride")
        found = runs_in(tmp_path)

    assert "2 new activities." in page, page
    assert [row[1] for row in found] == ["Walk", "Walk", "Ride"]
    assert [row[2] for row in found[:2]] == ["Asia/Tokyo", "Asia/Tokyo"]


@pytest.mark.parametrize(("option", "value", "words"), BAD_VALUES)
def test_an_option_that_means_nothing_is_refused_as_the_command_refuses_it_and_the_files_stay(
    browser: Browser, home: Path, option: str, value: str, words: str
) -> None:
    batch = browser.begin()
    browser.send(batch, "run.gpx", RUN)

    answer = browser.ask_to_start(batch, {option: value})
    waits = len(waiting(home))
    browser.post(f"/import/batches/{batch}", method="DELETE")

    assert answer.status == 400
    told = json.loads(answer.text)
    assert words in f"{told['what']} {told['why']} {told['fix']}"
    assert waits == 1


def test_options_without_end_are_not_read(browser: Browser) -> None:
    batch = browser.begin()

    answer = browser.ask_to_start(batch, {"map": "Datum=date\n" * 400})

    browser.post(f"/import/batches/{batch}", method="DELETE")
    assert (answer.status, json.loads(answer.text)["what"]) == (413, "The options are too long")


def test_a_folder_that_leads_out_stays_in(browser: Browser, home: Path) -> None:
    batch = browser.begin()
    sent = browser.send(batch, "authorized_keys.gpx", RUN, folder="../../../.ssh")
    (path,) = waiting(home)
    browser.post(f"/import/batches/{batch}", method="DELETE")

    assert sent.status == 204
    assert (path.parent.name, path.parent.parent.name) == ("ssh", "folders")


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("notes.txt", b"no run at all", "notes.txt"),
        ("cut.zip", b"PK\x03\x04 and nothing else", "complete ZIP"),
        ("run.fit", b"\x0e\x10\x00\x00", "run.fit"),
    ],
)
def test_what_is_no_run_is_left_out_with_its_reason_and_what_to_do(
    browser: Browser, name: str, content: bytes, words: str
) -> None:
    page = browser.drop({name: content})

    assert "Nothing was imported." in page
    left_out = page.partition("<h2>Left out</h2>")[2]
    assert words in left_out
    assert "/uploads/" not in page  # where it waited is nobody's business
    assert words in browser.server.read("/import").text.partition("<h2>Left out</h2>")[2] or name == "cut.zip"


def test_a_bomb_and_names_that_lead_out_of_a_zip_are_left_out_and_the_rest_is_imported(
    browser: Browser, home: Path, tmp_path: Path
) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("good.gpx", gpx(datetime(2026, 10, 1, 8, 0, tzinfo=UTC)))
        archive.writestr("../../evil.gpx", RUN)
        archive.writestr("bomb.gpx", bytes(60 * 2**20))

    page = browser.drop({"runs.zip": packed.getvalue()})

    assert "1 new activity." in page
    assert "../../evil.gpx" in page
    assert "bomb.gpx" in page
    assert not (home / "evil.gpx").exists()
    assert not list(tmp_path.parent.rglob("evil.gpx"))


def test_an_empty_file_is_told_and_the_others_are_imported(browser: Browser) -> None:
    batch = browser.begin()
    empty = browser.send(batch, "../empty.fit", b"")
    browser.send(batch, "run.gpx", RUN)

    page = browser.start(batch)

    assert empty.status == 400
    assert json.loads(empty.text)["what"] == "empty.fit is empty"
    assert "empty.fit is empty" in page


def test_a_file_that_is_too_large_is_refused_before_it_comes(browser: Browser) -> None:
    batch = browser.begin()
    browser.headers["Content-Length"] = "100000001"
    answer = browser.send(batch, "export.zip", b"")

    assert answer.status == 413
    assert "the largest that is taken here has 100 MB" in json.loads(answer.text)["why"]
    assert answer.headers["connection"] == "close"


def test_a_size_that_is_not_stated_is_asked_for(browser: Browser) -> None:
    batch = browser.begin()
    browser.headers["Transfer-Encoding"] = "chunked"

    answer = browser.post(f"/import/batches/{batch}/files?name=a.fit", b"")

    assert answer.status == 411


def raw(server: Served, browser: Browser, path: str, *, stated: int, sent: bytes) -> socket.socket:
    """A connection that has sent the head of a request and some of its body."""
    connection = socket.create_connection(("127.0.0.1", server.port), timeout=20)
    head = [f"POST {path} HTTP/1.1", f"Host: 127.0.0.1:{server.port}", f"Content-Length: {stated}"]
    head += [f"{name}: {value}" for name, value in browser.headers.items()]
    connection.sendall("\r\n".join([*head, "", ""]).encode() + sent)
    return connection


def until(is_true: Callable[[], bool]) -> None:
    """Give the server's threads a moment."""
    again = threading.Event()
    for _ in range(400):
        if is_true():
            return
        again.wait(0.02)
    raise AssertionError("it never happened")


def test_a_dropped_connection_leaves_nothing_and_the_rest_can_be_imported(
    server: Served, browser: Browser, home: Path
) -> None:
    batch = browser.begin()
    half = raw(server, browser, f"/import/batches/{batch}/files?name=a.gpx", stated=10**7, sent=b"x" * 2_000_000)
    until(lambda: len(waiting(home)) == 1)

    half.close()
    until(lambda: waiting(home) == [])
    browser.send(batch, "b.gpx", RUN)

    assert "The connection broke" in browser.start(batch)


def test_two_uploads_at_once_stay_apart(server: Served, browser: Browser, home: Path) -> None:
    batches = [browser.begin(), browser.begin()]
    halves = [
        raw(server, browser, f"/import/batches/{batch}/files?name=a.gpx", stated=len(RUN), sent=RUN[:100])
        for batch in batches
    ]
    until(lambda: len(waiting(home)) == 2)
    for half in halves:
        half.sendall(RUN[100:])
        assert b" 204 " in half.recv(4096)
        half.close()

    pages = [browser.start(batch) for batch in batches]

    assert all("Left out" not in page for page in pages)


def test_an_import_waits_while_another_task_runs_and_its_files_stay(server: Served, browser: Browser) -> None:
    release = threading.Event()

    def work(control: TaskControl) -> TaskResult:
        release.wait(20)
        return TaskResult(summary="")

    running = server.tasks.start("Sync", work, when_stopped="")
    batch = browser.begin()
    browser.send(batch, "run.gpx", RUN)
    refused = browser.post(f"/import/batches/{batch}/start")
    release.set()
    server.tasks.wait()

    assert refused.status == 409
    assert json.loads(refused.text)["what"] == "Sync is still running"
    assert json.loads(refused.text)["running"] == running.address
    assert "Left out" not in browser.start(batch)


def test_what_is_not_wanted_is_dropped(browser: Browser, home: Path) -> None:
    batch = browser.begin()
    browser.send(batch, "run.gpx", RUN)
    before = len(waiting(home))

    answer = browser.post(f"/import/batches/{batch}", method="DELETE")

    assert (before, answer.status) == (1, 204)
    assert browser.post(f"/import/batches/{batch}/start").status == 404


@pytest.mark.parametrize("missing", ["Cookie", "Origin", WRITE_TOKEN_HEADER])
@pytest.mark.parametrize("path", ["", "/{batch}/files?name=a.gpx", "/{batch}/start"])
def test_nobody_else_sends_or_imports_anything(browser: Browser, home: Path, path: str, missing: str) -> None:
    batch = browser.begin()
    right = browser.headers
    browser.headers = {name: value for name, value in right.items() if name != missing}

    answer = browser.post("/import/batches" + path.format(batch=batch), b"x")

    browser.headers = right
    browser.post(f"/import/batches/{batch}", method="DELETE")
    assert answer.status in (401, 403)
    assert waiting(home) == []


def test_a_form_of_another_page_cannot_send_a_file(browser: Browser, server: Served) -> None:
    batch = browser.begin()
    browser.headers |= {"Origin": "http://127.0.0.1:1", "Content-Type": "multipart/form-data; boundary=x"}

    answer = browser.send(batch, "a.gpx", b"--x\r\n")

    assert answer.status == 403


def test_a_disk_without_room_is_told(tmp_path: Path, home: Path) -> None:
    with served(tmp_path, ManualClock(NOW), free=lambda _: KEPT_FREE + 10) as full:
        browser = Browser(full)
        answer = browser.send(browser.begin(), "run.gpx", RUN)

        assert answer.status == 507
        assert "10 bytes to spare" in json.loads(answer.text)["why"]
        assert waiting(tmp_path) == []


@pytest.mark.parametrize("calls_before", [0, 1, 3], ids=["at the beginning", "in the first piece", "later"])
def test_a_disk_that_is_full_is_told_when_all_has_come_and_the_rest_can_be_imported(
    browser: Browser, home: Path, monkeypatch: pytest.MonkeyPatch, calls_before: int
) -> None:
    batch = browser.begin()
    browser.send(batch, "a.zip", b"PK")  # the folder is there
    monkeypatch.setattr(disk, "os", FaultyDisk(fails_at=calls_before + 3, is_full=True))
    full = browser.send(batch, "export.zip", bytes(6_000_000))
    monkeypatch.undo()
    left = waiting(home)
    browser.send(batch, "run.gpx", RUN)

    assert full.status == 507
    assert json.loads(full.text)["why"] == "the logbook's disk is full"
    assert [path.name for path in left] == ["a.zip"]
    assert "There is not enough room for export.zip" in browser.start(batch)


def test_a_read_only_server_takes_nothing(tmp_path: Path) -> None:
    with served(tmp_path, ManualClock(NOW), is_read_only=True) as reading:
        page = reading.read("/import").text
        answer = reading.ask("/import/batches", "POST", {"Cookie": reading.cookie, "Origin": reading.origin})

        assert 'id="drop"' not in page
        assert "paceport import export.zip" in page
        assert answer.status in (403, 404, 405)


def test_an_empty_logbook_invites_files(tmp_path: Path) -> None:
    with served(tmp_path, ManualClock(NOW)) as empty:
        assert all('id="drop"' in empty.read(path).text for path in ("/", "/import", "/runs"))
