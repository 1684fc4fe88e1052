"""What answers the corrections of a run: a preview to be confirmed, the correction itself, and its undoing.

A preview is asked for with GET and changes nothing, so its form needs no token; the change is a POST that carries one.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from paceport.errors import PaceportError
from paceport.lazy_dataclass import dataclass
from paceport.logbook.amending.make_amendments import shown_activities, try_out, undo
from paceport.web.account.with_profile import OpenProfile, trouble_page, with_profile
from paceport.web.amending.amend_section import ShownRun, in_words, shown_runs
from paceport.web.amending.corrections_asked import FIELDS, action_of
from paceport.web.form_post import form_fields, read_body

if TYPE_CHECKING:
    from starlette.requests import Request

    from paceport.logbook.database.store import Store
    from paceport.profile.profile import Profile
    from paceport.units import Units
    from paceport.web.page_writer import PageWriter
    from paceport.web.reader import LogbookReader

_RUN_ID = re.compile(r"-?[0-9]{1,18}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a correction would make of a run. `fields` are what the form of its confirmation sends."""

    id: int
    name: str
    said: tuple[str, ...]
    before: tuple[ShownRun, ...]
    after: tuple[ShownRun, ...]
    fields: tuple[tuple[str, str], ...]


class AmendViews:
    """The corrections of one running server's logbook."""

    def __init__(self, open_profile: OpenProfile, *, reader: LogbookReader, writer: PageWriter) -> None:
        self._open_profile, self._reader, self._writer = open_profile, reader, writer

    def routes(self) -> list[Route]:
        """Which address is answered by what."""
        return [
            Route("/runs/{run_id}/amend", self.preview, methods=["GET"]),
            Route("/runs/{run_id}/amend", self.amend, methods=["POST"]),
            Route("/runs/{run_id}/undo", self.undo, methods=["POST"]),
        ]

    async def preview(self, request: Request) -> Response:
        """What a correction would make of the run, to be confirmed."""
        activity_id = _activity_id(request)
        fields = {name: request.query_params.get(name, "") for name in FIELDS}
        loop = asyncio.get_running_loop()
        units = await loop.run_in_executor(
            self._reader.thread, lambda: self._reader.answer(lambda snapshot, _: snapshot.units)
        )
        try:
            page = await with_profile(
                self._open_profile, lambda profile: _preview(profile, activity_id, fields, units=units)
            )
        except PaceportError as error:
            return trouble_page(self._writer, request, error)
        return HTMLResponse(self._writer.write(request, "amend_preview.html", page=page))

    async def amend(self, request: Request) -> Response:
        """Make the correction that was confirmed."""
        fields = form_fields(await read_body(request.receive))
        activity_id = _activity_id(request)
        return await self._change(request, lambda store: action_of(fields, activity_id)(store))

    async def undo(self, request: Request) -> Response:
        """Undo the correction of a number."""
        number = form_fields(await read_body(request.receive)).get("number", "")
        activity_id = _activity_id(request)
        return await self._change(request, lambda store: undo(store, activity_id, number or "none"))

    async def _change(self, request: Request, act: Callable[[Store], object]) -> Response:
        activity_id = _activity_id(request)

        def change(profile: Profile) -> str:
            with profile.logbook() as store:
                act(store)
                return _page_after(store, activity_id)

        try:
            address = await with_profile(self._open_profile, change)
        except PaceportError as error:
            return trouble_page(self._writer, request, error)
        await run_in_threadpool(self._reader.compute_now)
        return RedirectResponse(address, status_code=303)


def _activity_id(request: Request) -> int:
    text = request.path_params["run_id"]
    if not _RUN_ID.fullmatch(text):
        raise HTTPException(404)
    return int(text)


def _preview(profile: Profile, activity_id: int, fields: dict[str, str], *, units: Units) -> Preview:
    act = action_of(fields, activity_id)
    with profile.logbook() as store:
        before = shown_runs(store, activity_id, units)
        said, after = try_out(store, activity_id, act)
    prefix = f"{activity_id}: "
    # The second part of a split has no page before it is made.
    return Preview(
        id=activity_id,
        name=next((run.name for run in before if run.id == activity_id), ""),
        said=tuple(text.removeprefix(prefix).partition("; the second part is")[0] for text in said),
        before=tuple(before),
        after=tuple(in_words(row, units) for row in after),
        fields=tuple((name, value) for name, value in fields.items() if value),
    )


def _page_after(store: Store, activity_id: int) -> str:
    """Where a person sees what became of the activity: its page, or that of what it was split from."""
    shown = [row["id"] for row in shown_activities(store, activity_id)]
    if activity_id in shown or not shown:
        return f"/runs/{activity_id}#correct"
    return f"/runs/{shown[0]}#correct"
