"""A server of a prepared logbook on loopback, and requests to it as raw as a stranger would send them."""

from __future__ import annotations

import http.client
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from paceport.clock import Clock
from paceport.http_message import Send
from paceport.logbook.database.store import Store
from paceport.maps.private_places import ShiftKey, find_places, hide_places
from paceport.profile.profile import Profile
from paceport.profile.settings import Settings
from paceport.training.metrics.athlete import AthleteFacts
from paceport.transport.http_transport import open_transport
from paceport.units import Units
from paceport.web.access import Access
from paceport.web.app import AppOptions, build_app
from paceport.web.importing.uploads import LARGEST_UPLOAD, Uploads, free_bytes
from paceport.web.reader import LogbookReader, ReadOptions
from paceport.web.running_server import bind, running_server
from paceport.web.saved_charts import SavedCharts
from paceport.web.tasks import Tasks


@dataclass(frozen=True, slots=True)
class Answer:
    """What a request got: status, headers by lower-case name, text."""

    status: int
    headers: dict[str, str]
    text: str


@dataclass(slots=True, kw_only=True)
class Served:
    """A running server. `cookie` is that of a browser that has been let in."""

    port: int
    access: Access
    reader: LogbookReader
    tasks: Tasks
    cookie: str = field(repr=False, default="")
    _write_token: str = field(repr=False, default="")

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def ask(
        self,
        path: str,
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
        *,
        host: str | None = None,
        body: str | bytes = "",
    ) -> Answer:
        """Send one request without any header of its own but Host."""
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)) as connection:
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            connection.putheader("Host", host or f"127.0.0.1:{self.port}")
            for name, value in (headers or {}).items():
                connection.putheader(name, value)
            content = body.encode() if isinstance(body, str) else body
            if content:
                connection.putheader("Content-Length", str(len(content)))
            connection.endheaders(content or None)
            response = connection.getresponse()
            found = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, found, response.read().decode())

    def read(self, path: str) -> Answer:
        """The same as the browser that has been let in."""
        return self.ask(path, headers={"Cookie": self.cookie})

    def post(self, path: str, fields: Mapping[str, str] | None = None) -> Answer:
        """Send a form as a page of ours does where no script runs."""
        body = urlencode({"token": self.write_token(), **(fields or {})})
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.ask(path, "POST", {"Cookie": self.cookie, "Origin": self.origin} | form, body=body)

    def enter(self) -> str:
        """Let another browser in; gives its Cookie header."""
        answer = self.ask(self.access.new_address().removeprefix(self.origin))
        assert answer.status == 200, answer.text
        return answer.headers["set-cookie"].split(";")[0]

    def write_token(self) -> str:
        """What a page of this session sends with a change."""
        if not self._write_token:
            found = re.search(r'<meta name="write-token" content="([^"]+)">', self.read("/definitions").text)
            assert found is not None
            self._write_token = found[1]
        return self._write_token


@contextmanager
def served(
    home: Path,
    clock: Clock,
    *,
    is_read_only: bool = False,
    own_only: bool = False,
    tile_address: str = "",
    environ: Mapping[str, str] | None = None,
    transport: Callable[[], AbstractContextManager[Send]] = open_transport,
    free: Callable[[Path], int] = free_bytes,
    largest: int = LARGEST_UPLOAD,
) -> Iterator[Served]:
    """Serve the logbook in `home` (folders data and cache) on any free port, with one browser let in.

    The profile is the one that `environ` names in that home; what it sends goes through `transport`.
    """
    settings = Settings.from_environment({"PACEPORT_HOME": str(home), **(environ or {})})
    options = ReadOptions(
        open_store=lambda: Store(data_dir=home / "data", cache_dir=home / "cache", clock=clock),
        choose_units=lambda prefers_miles: Units("mi" if prefers_miles else "km", "\u2013"),
        given=AthleteFacts(),
        own_only=own_only,
        may_compute=not is_read_only,
    )
    listening = bind(0)
    access = Access(port=listening.getsockname()[1], clock=clock)
    with (
        closing(LogbookReader(options, clock=clock)) as reader,
        closing(Uploads(home / "data" / "uploads", clock=clock, free=free, largest=largest)) as uploads,
        closing(Tasks(clock=clock)) as tasks,
    ):
        app = build_app(
            reader,
            access,
            AppOptions(
                command=lambda words: f"paceport {words}",
                open_profile=lambda *, clock=clock: Profile(settings=settings, clock=clock, open_transport=transport),
                is_read_only=is_read_only,
                saved_charts=SavedCharts(home / "data" / "charts.json"),
                find_circles=lambda ends: hide_places(find_places(ends), ShiftKey(secret=b"t" * 32))[0],
                tile_address=tile_address,
                tasks=tasks,
                uploads=uploads,
            ),
        )
        with running_server(app, listening):
            found = Served(port=listening.getsockname()[1], access=access, reader=reader, tasks=tasks)
            found.cookie = found.enter()
            yield found
