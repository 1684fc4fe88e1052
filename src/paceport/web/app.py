"""The application: which address shows which page."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import field
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from paceport.errors import PaceportError
from paceport.lazy_dataclass import dataclass
from paceport.pictures.png import to_png
from paceport.report.pages.map_page import FindCircles
from paceport.training.history.shoes import ShoeLimits
from paceport.web.access import ENTRY_PATH, Access, Refusal, is_fetched_ahead
from paceport.web.account.account_views import AccountViews
from paceport.web.account.login_views import LoginViews
from paceport.web.account.pending_logins import PendingLogins
from paceport.web.account.profile_routes import profile_routes
from paceport.web.account.sync_views import SyncViews
from paceport.web.account.syncing import Syncing
from paceport.web.amending.amend_views import AmendViews
from paceport.web.assets_table import assets
from paceport.web.form_post import form_fields, is_form, json_object, read_body
from paceport.web.guard import ASSETS_PATH, Guard, origin_of_tiles
from paceport.web.importing.import_routes import Importing, import_routes
from paceport.web.own_chart import read_chart_query
from paceport.web.page_table import JSON_PAGES, PAGES, PAGES_WITHOUT_RUNS, PICTURES, TABLE_PAGES, PageRequest, Picture
from paceport.web.page_writer import PageWriter, write_bare
from paceport.web.pages.import_page import import_page
from paceport.web.reader import LogbookReader
from paceport.web.saved_charts import SavedCharts
from paceport.web.sport_choice import choose_sport, sport_choices, sport_of_run
from paceport.web.task_routes import task_routes

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from paceport.logbook.database.store import Store
    from paceport.report.pages.snapshot import Snapshot
    from paceport.web.account.with_profile import OpenProfile
    from paceport.web.importing.uploads import Uploads
    from paceport.web.tasks import Tasks

_Answer = TypeVar("_Answer")
_ONE_YEAR = "private, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True, kw_only=True)
class AppOptions:
    """`is_read_only`: no page may change anything. `command` gives a command line for the profile, to be shown.

    `saved_charts` are the charts that the person keeps. `find_circles` says, for the ends of all tracks, which circles
    are left out of what may be shown to others. `tile_address` is that of a street map, "" for none. `tasks` run what
    takes long; without them no page starts any. `open_profile` opens the profile whose login the pages set up and use;
    whoever calls it closes it; `choose_profile` shows another one instead. `uploads` take files that are dropped.
    """

    command: Callable[[str], str]
    open_profile: OpenProfile
    choose_profile: Callable[[str], None] = lambda _name: None
    is_read_only: bool = False
    shoe_limits: ShoeLimits = field(default_factory=lambda: ShoeLimits(by_name_km={}))
    saved_charts: SavedCharts
    find_circles: FindCircles = lambda _ends: ()
    tile_address: str = ""
    tasks: Tasks | None = None
    uploads: Uploads | None = None


def build_app(reader: LogbookReader, access: Access, options: AppOptions) -> ASGIApp:
    """The whole application behind its guard; the reader stays the caller's to close."""
    view = _Views(reader, access, options)
    routes = [
        Route(ENTRY_PATH + "{token}", view.enter, methods=["GET"]),
        Route(ASSETS_PATH + "{name}", view.asset, methods=["GET"]),
        *(
            Route(path, view.page(template, make), methods=["GET"])
            for path, (template, make) in (PAGES | TABLE_PAGES).items()
        ),
        *(Route(path, view.json(make), methods=["GET"]) for path, make in JSON_PAGES.items()),
        *(Route(path, view.picture(make), methods=["GET"]) for path, make in PICTURES.items()),
    ]
    pending = PendingLogins(origin=access.origin, clock=access.clock)
    routes += LoginViews(options.open_profile, pending=pending, writer=view.writer).routes()
    routes += AccountViews(options.open_profile, reader=reader, tasks=options.tasks, writer=view.writer).routes()
    routes += profile_routes(options.open_profile, options.choose_profile, tasks=options.tasks, writer=view.writer)
    if options.tasks is not None:
        syncing = Syncing(options.open_profile, reader=reader, tasks=options.tasks)
        routes += SyncViews(syncing, writer=view.writer).routes()
    if not options.is_read_only:
        routes.append(Route("/charts/saved", view.change_charts, methods=["POST", "DELETE"]))
        routes += AmendViews(options.open_profile, reader=reader, writer=view.writer).routes()
        if options.tasks is not None:
            routes += task_routes(options.tasks, view.writer)
        if options.tasks is not None and options.uploads is not None:
            importing = Importing(
                uploads=options.uploads,
                tasks=options.tasks,
                open_profile=options.open_profile,
                changed=reader.look_again,
            )
            routes += import_routes(importing)
    app = Starlette(routes=routes, exception_handlers={HTTPException: view.http_error, PaceportError: view.error})
    return Guard(app, access=access, refused=view.refused, image_origin=origin_of_tiles(options.tile_address))


class _Views:
    """What answers a request. Everything that reads the logbook or draws a page does so on the reader's thread."""

    def __init__(self, reader: LogbookReader, access: Access, options: AppOptions) -> None:
        self._reader, self._access, self._options = reader, access, options
        running_task = options.tasks.running if options.tasks is not None else lambda: None
        self.writer = PageWriter(
            command=options.command,
            is_read_only=options.is_read_only,
            running_task=running_task,
            computing=lambda: reader.computing,
            usual_noun=reader.usual_noun,
        )

    def page(self, template: str, make: Callable[[PageRequest], Any]) -> Callable[[Request], Any]:
        """The endpoint of a page: `make` gives its values, the template writes them down."""

        async def endpoint(request: Request) -> Response:
            def draw(snapshot: Snapshot, store: Store) -> str:
                asked = _page_request(request, snapshot, store, self._options)
                if not snapshot.history.runs and template not in PAGES_WITHOUT_RUNS:
                    page = import_page(store, asked.uploads, asked.tasks)
                    return self.writer.write(request, "empty.html", page=page, snapshot=snapshot)
                choices = sport_choices(snapshot, asked.snapshot)
                page = make(asked)
                return self.writer.write(request, template, page=page, snapshot=asked.snapshot, sports=choices)

            return HTMLResponse(await self._ask(draw))

        return endpoint

    def json(self, make: Callable[[PageRequest], Any]) -> Callable[[Request], Any]:
        """The endpoint of what a script asks for."""

        async def endpoint(request: Request) -> Response:
            return JSONResponse(
                await self._ask(lambda snapshot, store: make(_page_request(request, snapshot, store, self._options))),
            )

        return endpoint

    def picture(self, make: Callable[[PageRequest], Picture]) -> Callable[[Request], Any]:
        """The endpoint of a picture; there is none of a logbook without a run."""

        async def endpoint(request: Request) -> Response:
            def draw(snapshot: Snapshot, store: Store) -> Picture | None:
                asked = _page_request(request, snapshot, store, self._options)
                return make(asked) if snapshot.history.runs else None

            found = await self._ask(draw)
            if found is None:
                raise HTTPException(404)
            # Not the link's `download`: a browser would then save an error, or say nothing of it.
            headers = {"content-disposition": f'attachment; filename="{found.name}"'}
            if found.png_width_px is None:
                return Response(found.svg, media_type="image/svg+xml", headers=headers)
            # Not on the reader's thread: it takes half a second, and longer the more was run.
            png = await run_in_threadpool(to_png, found.svg, width_px=found.png_width_px)
            return Response(png, media_type="image/png", headers=headers)

        return endpoint

    async def _ask(self, question: Callable[[Snapshot, Store], _Answer]) -> _Answer:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._reader.thread, lambda: self._reader.answer(question))

    async def enter(self, request: Request) -> Response:
        """Let the browser in that brings the token of a one-time address."""
        if is_fetched_ahead(request.headers):
            return PlainTextResponse("", status_code=503)
        session = self._access.enter(request.path_params["token"])
        if session is None:
            return self.refused(Refusal(status=401, why="This address has been used already, or is too old."))
        # Not a redirect: a browser that followed a link from elsewhere would not send a strict cookie along with it.
        text = self.writer.write(request, "entered.html", page=None)
        return HTMLResponse(text, headers={"set-cookie": self._access.set_cookie(session)})

    async def change_charts(self, request: Request) -> Response:
        """Keep a chart (POST), or no longer (DELETE, `remove` in a form); the guard has seen that a page of ours asks.

        A script sends JSON and hears what happened; a form is led back to the charts.
        """
        comes_from_form, body = is_form(request.headers), await read_body(request.receive)
        values = form_fields(body) if comes_from_form else json_object(body)
        name, query = values.get("name"), values.get("query", "")
        if not isinstance(name, str) or not isinstance(query, str):
            return PlainTextResponse("A chart has a name and a query.", status_code=400)
        charts = self._options.saved_charts
        try:
            if request.method == "DELETE" or (comes_from_form and "remove" in values):
                charts.remove(name)
            else:
                charts.save(name, query)
        except PaceportError as error:
            if comes_from_form:
                return HTMLResponse(self.writer.write(request, "error.html", page=error), status_code=409)
            return PlainTextResponse(f"{error.what}: {error.why}. What helps: {error.fix}", status_code=409)
        back = f"/charts?{read_chart_query(dict(parse_qsl(query))).address()}#kept"
        return RedirectResponse(back, status_code=303) if comes_from_form else Response(status_code=204)

    async def asset(self, request: Request) -> Response:
        """A style sheet, a script or the icon."""
        asset = assets().get(request.path_params["name"])
        if asset is None:
            raise HTTPException(404)
        headers = {"etag": f'"{asset.mark}"', "cache-control": "no-cache"}
        if request.query_params.get("v") == asset.mark:
            headers["cache-control"] = _ONE_YEAR
        if request.headers.get("if-none-match") == headers["etag"]:
            return Response(status_code=304, headers=headers)
        return Response(asset.content, media_type=asset.media_type, headers=headers)

    def refused(self, refusal: Refusal) -> Response:
        """What a refused request gets: a page for a browser that has not been let in, a sentence for all else."""
        if refusal.status != 401:
            return PlainTextResponse(refusal.why + "\n", status_code=refusal.status)
        return HTMLResponse(write_bare("locked.html", why=refusal.why), status_code=401)

    async def http_error(self, request: Request, error: Exception) -> Response:
        """A page for an address that is none."""
        assert isinstance(error, HTTPException)
        if error.status_code != 404:
            return PlainTextResponse(f"{error.detail}\n", status_code=error.status_code)
        return HTMLResponse(self.writer.write(request, "missing.html", page=None), status_code=404)

    async def error(self, request: Request, error: Exception) -> Response:
        """What happened, why, and what to do, as a command would say it."""
        assert isinstance(error, PaceportError)
        return HTMLResponse(self.writer.write(request, "error.html", page=error), status_code=503)


def _page_request(request: Request, snapshot: Snapshot, store: Store, options: AppOptions) -> PageRequest:
    run = request.path_params.get("run_id") or request.query_params.get("run", "")
    chosen = sport_of_run(snapshot, run) if run else choose_sport(snapshot, request.query_params.get("sport", ""))
    return PageRequest(
        snapshot=chosen,
        whole=snapshot,
        store=store,
        parameters=request.query_params,
        parts=request.path_params,
        values=request.query_params.getlist,
        shoe_limits=options.shoe_limits,
        saved_charts=options.saved_charts.read,
        find_circles=options.find_circles,
        tile_address=options.tile_address,
        uploads=None if options.is_read_only else options.uploads,
        tasks=options.tasks,
    )
