"""What the page of the import sends: a batch, its files one by one as they are, and the wish to import them.

A file is the raw body of a request, so it needs no form parser and is written to the disk as it comes. Its name stands
in the address.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from paceport.errors import PaceportError, UsageError
from paceport.lazy_dataclass import dataclass
from paceport.web.form_post import LARGEST_BODY, json_object, read_body
from paceport.web.importing.file_names import safe_name
from paceport.web.importing.import_task import start_import
from paceport.web.importing.options_asked import options_asked, passed_over_text
from paceport.web.importing.upload_refused import UploadRefused, options_too_long
from paceport.web.tasks import AnotherTaskRuns, LeftOut, Tasks

if TYPE_CHECKING:
    from starlette.requests import Request

    from paceport.profile.profile import Profile
    from paceport.web.importing.uploads import Upload, Uploads

_PIECE_BYTES = 2**20
# Too large, or of unknown length: there may be no end of it.
_NOT_READ = (411, 413)
_LENGTH = re.compile(r"[0-9]{1,18}")
_Endpoint = Callable[["Request"], Awaitable[Response]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Importing:
    """What an import in the browser needs: where files wait, what runs it, and whose logbook it is.

    `changed` hears of the end of each import.
    """

    uploads: Uploads
    tasks: Tasks
    open_profile: Callable[[], Profile]
    changed: Callable[[], None]


def import_routes(importing: Importing) -> list[Route]:
    """Everything under `/import/`; the page itself is elsewhere."""
    view = _Views(importing)
    return [
        Route("/import/batches", _told(view.begin), methods=["POST"]),
        Route("/import/batches/{batch}/files", view.receive, methods=["POST"]),
        Route("/import/batches/{batch}/start", _told(view.start), methods=["POST"]),
        Route("/import/batches/{batch}", _told(view.drop), methods=["DELETE"]),
    ]


class _Views:
    def __init__(self, importing: Importing) -> None:
        self._importing, self._uploads = importing, importing.uploads

    async def begin(self, request: Request) -> Response:
        """Begin files that are imported together."""
        del request
        batch = await run_in_threadpool(self._uploads.new_batch)
        return JSONResponse({"batch": batch.id}, status_code=201)

    async def receive(self, request: Request) -> Response:
        """Take one file."""
        batch_id, asked = request.path_params["batch"], request.query_params
        name, folder = asked.get("name", ""), asked.get("folder", "")
        try:
            size = _stated_size(request, name)
            upload = await run_in_threadpool(self._uploads.begin, batch_id, name, size, folder=folder)
        except PaceportError as error:
            self._note(batch_id, name, error)
            if isinstance(error, UploadRefused) and error.status in _NOT_READ:
                # Its body is not read, so nothing else can follow on this connection.
                return _error(error, {"connection": "close"})
            await _throw_away(request.stream())
            return _error(error)
        try:
            await _write(request, upload)
        except PaceportError as error:
            self._note(batch_id, name, error)
            return _error(error)
        return Response(status_code=204)

    async def start(self, request: Request) -> Response:
        """Import the files that have come, as the options in the body say; the files stay where one means nothing."""
        body = await read_body(request.receive)
        if body is None:
            raise options_too_long(LARGEST_BODY)
        fields = json_object(body)
        options = await run_in_threadpool(options_asked, fields)
        batch = await run_in_threadpool(self._uploads.take, request.path_params["batch"])
        try:
            task = start_import(
                self._importing.tasks,
                batch,
                options=options,
                passed_over=passed_over_text(fields),
                open_profile=self._importing.open_profile,
                changed=self._importing.changed,
            )
        except AnotherTaskRuns:
            self._uploads.give_back(batch)
            raise
        return JSONResponse({"address": task.address}, status_code=202)

    async def drop(self, request: Request) -> Response:
        """Remove the files that have come."""
        await run_in_threadpool(self._uploads.drop, request.path_params["batch"])
        return Response(status_code=204)

    def _note(self, batch_id: str, name: str, error: PaceportError) -> None:
        why = f"{error.what}: {error.why}" if error.why else error.what
        self._uploads.note_refused(batch_id, LeftOut(place=safe_name(name), why=why, fix=error.fix))


async def _write(request: Request, upload: Upload) -> None:
    """Put the body into the file as it comes. Raises UploadRefused, and then nothing is left of the file."""
    pieces = _pieces(request)
    try:
        async for piece in pieces:
            await run_in_threadpool(upload.write, piece)
        await run_in_threadpool(upload.finish)
    except UploadRefused:
        await _throw_away(pieces)
        raise
    except ClientDisconnect:
        await run_in_threadpool(upload.abort)
        raise UploadRefused(status=400, what="The connection broke", why="", fix="send the file again") from None
    except BaseException:
        upload.abort()
        raise


async def _throw_away(content: AsyncIterator[bytes]) -> None:
    """Read what is still coming: a browser that is sending does not read an answer."""
    with contextlib.suppress(ClientDisconnect):
        async for _ in content:
            continue


async def _pieces(request: Request) -> AsyncIterator[bytes]:
    """The body in pieces of about a megabyte: a task for each packet would take longer than the writing."""
    waiting: list[bytes] = []
    count = 0
    async for packet in request.stream():
        waiting.append(packet)
        count += len(packet)
        if count >= _PIECE_BYTES:
            yield b"".join(waiting)
            waiting, count = [], 0
    if count:
        yield b"".join(waiting)


def _stated_size(request: Request, name: str) -> int:
    # A request without both has no body.
    text = request.headers.get("content-length", "" if "transfer-encoding" in request.headers else "0")
    if not _LENGTH.fullmatch(text):
        raise UploadRefused(
            status=411, what=f"{safe_name(name)} was not taken", why="its size was not stated", fix="send it again"
        )
    return int(text)


def _told(endpoint: _Endpoint) -> _Endpoint:
    """The endpoint with its errors said to a script."""

    async def telling(request: Request) -> Response:
        try:
            return await endpoint(request)
        except PaceportError as error:
            return _error(error)

    return telling


def _error(error: PaceportError, headers: dict[str, str] | None = None) -> Response:
    status = error.status if isinstance(error, UploadRefused) else 400 if isinstance(error, UsageError) else 409
    told = {"what": error.what, "why": error.why, "fix": error.fix}
    if isinstance(error, AnotherTaskRuns) and error.task is not None:
        told["running"] = error.task.address
    return JSONResponse(told, status_code=status, headers=headers)
