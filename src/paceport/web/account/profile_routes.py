"""The way to another profile: these pages then show its login and its logbook."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from paceport.errors import PaceportError, UsageError
from paceport.web.account.account_page import profile_lines
from paceport.web.account.with_profile import OpenProfile, trouble_page, with_profile
from paceport.web.form_post import form_fields, read_body
from paceport.web.tasks import AnotherTaskRuns

if TYPE_CHECKING:
    from starlette.requests import Request

    from paceport.web.page_writer import PageWriter
    from paceport.web.tasks import Tasks


def profile_routes(
    open_profile: OpenProfile, choose: Callable[[str], None], *, tasks: Tasks | None, writer: PageWriter
) -> list[Route]:
    """The one address that takes a choice; none where no page may change anything."""

    async def show_other(request: Request) -> Response:
        name = form_fields(await read_body(request.receive)).get("name", "")
        known = {line.name for line in await with_profile(open_profile, profile_lines)}
        try:
            if name not in known:
                raise UsageError(
                    what="There is no such profile", why="no login here bears that name", fix="choose one of the list"
                )
            if tasks is not None and (running := tasks.running()) is not None:
                # The task belongs to the profile that is shown, and would be stopped.
                raise AnotherTaskRuns(running)
            await run_in_threadpool(choose, name)
        except PaceportError as error:
            return trouble_page(writer, request, error)
        return RedirectResponse("/account", status_code=303)

    return [] if writer.is_read_only else [Route("/account/profile", show_other, methods=["POST"])]
