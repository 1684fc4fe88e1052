"""What browsers ask: the way to Strava and back, and an athlete's own page."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from paceport.jobs.turns import Turn
from paceport.service.connect import BegunConnect, EndedConnect, begin_connect, finish_connect, places_left
from paceport.service.connect_words import words_of
from paceport.service.disconnect import Disconnected, disconnect
from paceport.service.form_token import FIELD, check_form_token
from paceport.service.guard import cookie_name
from paceport.service.html import assets, write_page
from paceport.service.lanes import Lane, LaneFull
from paceport.service.own_page import own_page
from paceport.service.page_words import table_words
from paceport.service.parts import ServiceParts
from paceport.service.request_body import BodyRefused, read_bounded, write_to_file
from paceport.service.signing import SESSION_LIVES, Session
from paceport.service.uploads import NotTaken, UploadResult, store_upload
from paceport.storage.postgres.connect_states import STATE_LIVES
from paceport.system_errors import is_out_of_room, reason_of
from paceport.web.form_post import form_fields

if TYPE_CHECKING:
    from starlette.requests import Request

# Each may fill the disk with as much as an upload may have.
MOST_UPLOADS = 8
_LARGEST_FORM = 4096
_FORM_S = 10.0
_ONE_YEAR = "public, max-age=31536000, immutable"
_SEE_OTHER = 303


class PageRoutes:
    """The endpoints that answer pages, each kind with threads of its own."""

    def __init__(self, parts: ServiceParts) -> None:
        self._parts = parts
        url = parts.options.base_url
        self._session_cookie, self._browser_cookie = cookie_name(url, "session"), cookie_name(url, "connect")
        self._pages = Lane("pages", threads=12, most=4096, longest_wait_s=60.0)
        # These wait for Strava.
        self._strava = Lane("strava", threads=24, most=4096, longest_wait_s=120.0)
        self._uploads = Lane("uploads", threads=2, most=16, longest_wait_s=600.0)
        self._uploading: set[int] = set()
        self.lanes = (self._pages, self._strava, self._uploads)

    async def root(self, request: Request) -> Response:
        """Lead to the page that is of use."""
        session = await self._session(request)
        return RedirectResponse("/connect" if session is None else "/me", status_code=_SEE_OTHER)

    async def asset(self, request: Request) -> Response:
        """Style sheet, script and icon."""
        found = assets().get(request.path_params["name"])
        if found is None:
            raise HTTPException(404)
        return Response(found.content, media_type=found.media_type, headers={"cache-control": _ONE_YEAR})

    async def ask(self, request: Request) -> Response:
        """Say what is asked for and what is stored, and offer to go on."""
        del request
        left = await self._pages.run(lambda: places_left(self._parts))
        options = self._parts.options
        page = write_page("connect.html", form_token="", scopes=options.scopes, left=left, capacity=options.capacity)
        return HTMLResponse(page)

    async def begin(self, request: Request) -> Response:
        """Send the browser to Strava's consent page."""
        del request
        begun: BegunConnect | None = await self._pages.run(lambda: begin_connect(self._parts))
        if begun is None:
            return _message("Too many people are connecting", "Please try again in ten minutes.", status=503)
        answer = RedirectResponse(begun.consent_url, status_code=_SEE_OTHER)
        self._set_cookie(answer, self._browser_cookie, begun.browser, int(STATE_LIVES.total_seconds()))
        return answer

    async def callback(self, request: Request) -> Response:
        """Take the browser back from Strava, save the login, and let the athlete in."""
        browser, query = request.cookies.get(self._browser_cookie, ""), request.url.query
        ended: EndedConnect = await self._strava.run(lambda: finish_connect(self._parts, query, browser=browser))
        self._parts.counters.add("paceport_connects_total", outcome=ended.outcome)
        if ended.error is not None:
            self._parts.log.failure("connect", ended.error)
        if ended.outcome != "connected":
            return HTMLResponse(
                write_page("message.html", form_token="", rows=(), **words_of(ended)), status_code=_status(ended)
            )
        # A redirect takes code and state out of the address bar.
        answer = RedirectResponse("/me", status_code=_SEE_OTHER)
        cookie = self._parts.signer.session_cookie(ended.athlete_id, now=self._parts.clock.now())
        self._set_cookie(answer, self._session_cookie, cookie, int(SESSION_LIVES.total_seconds()))
        self._set_cookie(answer, self._browser_cookie, "", 0)
        return answer

    async def own(self, request: Request) -> Response:
        """What is stored of this athlete."""
        session = await self._session(request)
        if session is None:
            return RedirectResponse("/connect", status_code=_SEE_OTHER)
        return HTMLResponse(await self._pages.run(lambda: own_page(self._parts, session)))

    async def upload(self, request: Request) -> Response:
        """Store a file that the athlete brings."""
        session = await self._needed_session(request)
        check_form_token(self._parts.signer, session, request.headers.get("x-paceport-token", ""))
        if session.athlete_id in self._uploading:
            return _not_taken(409, "Another upload of yours is under way.")
        if len(self._uploading) >= MOST_UPLOADS:
            raise LaneFull
        self._uploading.add(session.athlete_id)
        try:
            result = await self._store(request, session.athlete_id)
        except (BodyRefused, NotTaken, OSError) as error:
            self._parts.counters.add("paceport_uploads_total", outcome="refused")
            if isinstance(error, OSError):
                self._parts.log.failure("upload", error, why=reason_of(error))
            return _upload_refusal(error)
        finally:
            self._uploading.discard(session.athlete_id)
        self._parts.counters.add("paceport_uploads_total", float(result.new), outcome="new")
        return JSONResponse({"new": result.new, "known": result.known, "passed_over": result.passed_over})

    async def _store(self, request: Request, athlete_id: int) -> UploadResult:
        name = request.query_params.get("name", "")
        with TemporaryDirectory(prefix="paceport-") as folder:
            path = Path(folder) / "upload"
            await write_to_file(request, path, largest=self._parts.options.largest_upload)
            result = await self._uploads.run(lambda: store_upload(self._parts, athlete_id, path, name=name))
        await self._pages.run(lambda: self._parts.queue.wake(athlete_id, Turn.PERSON))
        return result

    async def disconnect(self, request: Request) -> Response:
        """Revoke the login, erase everything, and say what is left."""
        session, fields = await self._form(request)
        if fields.get("sure") != "yes":
            return _message("Nothing was erased", "Tick the box to disconnect.", status=400, link=("/me", "Back"))
        ended: Disconnected = await self._strava.run(lambda: disconnect(self._parts, session.athlete_id))
        outcome = "over" if ended.is_over else "put off"
        self._parts.counters.add("paceport_disconnects_total", outcome=outcome)
        answer = _disconnected(ended)
        self._set_cookie(answer, self._session_cookie, "", 0)
        return answer

    async def leave(self, request: Request) -> Response:
        """End this browser's session, for a stolen copy of its cookie too; the login stays."""
        session, _ = await self._form(request)
        rows, expires_at = self._parts.service_rows, session.begun_at + SESSION_LIVES
        await self._pages.run(lambda: rows.end_session(session.cookie, expires_at=expires_at))
        answer = RedirectResponse("/connect", status_code=_SEE_OTHER)
        self._set_cookie(answer, self._session_cookie, "", 0)
        return answer

    async def _form(self, request: Request) -> tuple[Session, dict[str, str]]:
        session = await self._needed_session(request)
        fields = form_fields(await read_bounded(request, largest=_LARGEST_FORM, within_s=_FORM_S))
        check_form_token(self._parts.signer, session, fields.get(FIELD, ""))
        return session, fields

    async def _needed_session(self, request: Request) -> Session:
        session = await self._session(request)
        if session is None:
            raise HTTPException(401, "You are not logged in here, or not any more.")
        return session

    async def _session(self, request: Request) -> Session | None:
        """Whose page this browser may see: its athlete is a member since before the cookie was made, and did not log
        out with it.
        """
        cookie = request.cookies.get(self._session_cookie, "")
        session = self._parts.signer.session(cookie, now=self._parts.clock.now())
        if session is None:
            return None
        rows = self._parts.service_rows
        joined = await self._pages.run(lambda: rows.joined_at(session.athlete_id, cookie=session.cookie))
        return session if joined is not None and joined <= session.begun_at else None

    def _set_cookie(self, answer: Response, name: str, value: str, lives_s: int) -> None:
        # Lax: Strava's redirect is a visit from another site, and must bring the browser's mark along.
        is_https = self._parts.options.is_https
        answer.set_cookie(name, value, max_age=lives_s, path="/", secure=is_https, httponly=True, samesite="lax")


def _status(ended: EndedConnect) -> int:
    return {"full": 403, "failed": 502}.get(ended.outcome, 400)


def _message(title: str, *lines: str, status: int = 200, link: tuple[str, str] | None = None) -> HTMLResponse:
    page = write_page("message.html", form_token="", title=title, lines=lines, rows=(), link=link)
    return HTMLResponse(page, status_code=status)


def _disconnected(ended: Disconnected) -> HTMLResponse:
    rows = [
        (table_words(name), ended.erased.get(name, 0), count)
        for name, count in ended.left.items()
        if count or ended.erased.get(name)
    ]
    if ended.is_over:
        title = "You are disconnected"
        lines = [
            "Strava refuses your login from now on, and everything stored about you here is erased.",
            f"All {len(ended.left)} tables were counted afterwards: nothing is left in any of them.",
        ]
    else:
        title = "You are being disconnected"
        lines = [
            "Nothing is fetched any more. Strava could not be asked to end your login just now.",
            "It is asked again every few minutes. Until then the login is stored, and nothing else.",
        ]
    page = write_page("message.html", form_token="", title=title, lines=lines, rows=rows, link=None)
    return HTMLResponse(page)


def _upload_refusal(error: Exception) -> JSONResponse:
    if isinstance(error, NotTaken):
        return _not_taken(400, str(error))
    if isinstance(error, BodyRefused):
        return _not_taken(error.status, "It is too large." if error.status == 413 else "The upload was cut off.")
    if isinstance(error, OSError) and is_out_of_room(error):
        return _not_taken(507, "There is no room for it just now.")
    return _not_taken(500, "The server could not read or write it. Its operator finds the reason in the log.")


def _not_taken(status: int, why: str) -> JSONResponse:
    return JSONResponse({"error": "not taken", "why": why}, status_code=status)
