"""What answers the page of the sync."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from paceport.errors import PaceportError
from paceport.lazy_dataclass import dataclass
from paceport.profile.api_data import ApiDataAnswer, api_data_answer, remember_api_data
from paceport.profile.sync_logbook import next_sync_cost, schedule_text
from paceport.web.account.account_page import AccountPage, account_page
from paceport.web.account.syncing import TASK_NAME, Syncing
from paceport.web.account.with_profile import trouble_page, with_profile
from paceport.web.form_post import form_fields, read_body

if TYPE_CHECKING:
    from starlette.requests import Request

    from paceport.logbook.database.store import Store
    from paceport.web.page_writer import PageWriter
    from paceport.web.tasks import Task


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncPage:
    """What the page of the sync shows.

    `plan` says what the next one would ask for, `last` when the whole list was read last; both "" where unknown.
    `withheld` activities disappeared at once, and nobody has said whether they were deleted. `other_task` runs, so that
    none can begin; `runs_elsewhere` tells of a sync of another program, such as `paceport sync` in a terminal.
    """

    account: AccountPage
    allowed: ApiDataAnswer
    plan: str
    last: str
    withheld: int
    latest: Task | None
    other_task: Task | None
    runs_elsewhere: bool


class SyncViews:
    """The page of the sync, for one running server."""

    def __init__(self, syncing: Syncing, *, writer: PageWriter) -> None:
        self._syncing, self._writer = syncing, writer

    def routes(self) -> list[Route]:
        """Which address is answered by what."""
        reading = [Route("/sync", self.show, methods=["GET"])]
        if self._writer.is_read_only:
            return reading
        return [
            *reading,
            Route("/sync", self.start, methods=["POST"]),
            Route("/sync/allowed", self.allow, methods=["POST"]),
        ]

    async def show(self, request: Request) -> Response:
        """What a sync would do, and the way to start it; while it runs, its progress."""
        running = self._syncing.tasks.running()
        if running is not None and running.name == TASK_NAME:
            return RedirectResponse(running.address, status_code=303)
        account, allowed = await with_profile(
            self._syncing.open_profile,
            lambda profile: (account_page(profile, now=profile.clock.now()), api_data_answer(profile)),
        )
        may_sync = account.may_sync and allowed.is_allowed
        plan, last, runs_elsewhere = await self._cost() if may_sync else ("", "", False)
        page = SyncPage(
            account=account,
            allowed=allowed,
            plan=plan,
            last=last,
            withheld=self._syncing.withheld,
            latest=self._syncing.tasks.latest(TASK_NAME),
            other_task=running,
            runs_elsewhere=runs_elsewhere,
        )
        return HTMLResponse(self._writer.write(request, "sync.html", page=page))

    async def start(self, request: Request) -> Response:
        """Begin a sync, and go to its progress."""
        fields = form_fields(await read_body(request.receive))
        if not (await with_profile(self._syncing.open_profile, api_data_answer)).is_allowed:
            return RedirectResponse("/sync", status_code=303)
        try:
            task = self._syncing.start(accept_deletions="accept_deletions" in fields)
        except PaceportError as error:
            return trouble_page(self._writer, request, error)
        return RedirectResponse(task.address, status_code=303)

    async def allow(self, request: Request) -> Response:
        """Keep the answer whether API data may be kept."""
        answer = form_fields(await read_body(request.receive)).get("allowed", "")
        if answer in ("on", "off"):
            try:
                await with_profile(
                    self._syncing.open_profile, lambda profile: remember_api_data(profile, answer == "on")
                )
            except PaceportError as error:
                return trouble_page(self._writer, request, error)
        return RedirectResponse("/sync", status_code=303)

    async def _cost(self) -> tuple[str, str, bool]:
        """What the next sync would ask for, when the list was read last, in words; and whether another one runs."""
        reader = self._syncing.reader
        return await asyncio.get_running_loop().run_in_executor(
            reader.thread, lambda: reader.answer(lambda _snapshot, store: self._cost_of(store))
        )

    def _cost_of(self, store: Store) -> tuple[str, str, bool]:
        from paceport.logbook.syncing.sync import is_sync_running, last_complete

        with self._syncing.open_profile() as profile:
            now = profile.clock.now()
            cost, last = next_sync_cost(profile, store, now=now), last_complete(store, now)
        told = f"{last:%Y-%m-%d %H:%M} UTC" if last is not None else ""
        return schedule_text(cost.schedule, now=now), told, is_sync_running(store)
