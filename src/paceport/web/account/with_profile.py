"""Work on a profile for a page: on a thread, with a profile of its own, and its errors as pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol, TypeVar

from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, Response

from paceport.clock import Clock
from paceport.errors import PaceportError
from paceport.profile.profile import Profile
from paceport.web.trouble import trouble_of

if TYPE_CHECKING:
    from starlette.requests import Request

    from paceport.web.page_writer import PageWriter

_Answer = TypeVar("_Answer")


class OpenProfile(Protocol):
    """Opens the profile that is served, for one piece of work; whoever calls it closes it. `clock` replaces its own."""

    def __call__(self, *, clock: Clock | None = None) -> Profile: ...


async def with_profile(open_profile: OpenProfile, work: Callable[[Profile], _Answer]) -> _Answer:
    """What `work` gives for the profile, which reads files and may ask the network. Raises what `work` raises."""

    def on_thread() -> _Answer:
        with open_profile() as profile:
            return work(profile)

    return await run_in_threadpool(on_thread)


def trouble_page(writer: PageWriter, request: Request, error: PaceportError, *, status: int = 409) -> Response:
    """A page that tells the error."""
    return HTMLResponse(writer.write(request, "trouble.html", page=trouble_of(error)), status_code=status)
