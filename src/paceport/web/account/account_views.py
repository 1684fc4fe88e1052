"""What answers the page of the account and that of logging out."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from paceport.errors import AppInactive, NetworkError, PaceportError
from paceport.lazy_dataclass import dataclass
from paceport.profile.end_login import CONNECTED_APPS_URL, end_login, forget_logins, not_erased_text
from paceport.profile.erase import erase_cache, erase_everything
from paceport.profile.login_state import athlete_text
from paceport.profile.profile import Profile
from paceport.web.account.account_page import account_page, logbook_lines, profile_lines
from paceport.web.account.with_profile import OpenProfile, trouble_page, with_profile
from paceport.web.form_post import form_fields, read_body
from paceport.web.tasks import AnotherTaskRuns

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.requests import Request

    from paceport.web.page_writer import PageWriter
    from paceport.web.reader import LogbookReader
    from paceport.web.tasks import Tasks

_WAYS = ("revoke", "here", "everything")


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedOut:
    """What was ended, in words. `is_connected`: the app may still be connected at the service."""

    said: str
    notes: tuple[str, ...] = ()
    is_connected: bool
    connected_apps: str = CONNECTED_APPS_URL


@dataclass(frozen=True, slots=True, kw_only=True)
class StillLoggedIn:
    """Why nothing was erased."""

    heading: str
    notes: tuple[str, ...]


class AccountViews:
    """The account of one running server's profile."""

    def __init__(
        self, open_profile: OpenProfile, *, reader: LogbookReader, tasks: Tasks | None, writer: PageWriter
    ) -> None:
        self._open_profile, self._reader, self._tasks, self._writer = open_profile, reader, tasks, writer

    def routes(self) -> list[Route]:
        """Which address is answered by what."""
        reading = [
            Route("/account", self.show_account, methods=["GET"]),
            Route("/logout", self.show_logout, methods=["GET"]),
        ]
        return reading if self._writer.is_read_only else [*reading, Route("/logout", self.log_out, methods=["POST"])]

    async def show_account(self, request: Request) -> Response:
        """Who is logged in, what the login may do, and what the logbook holds."""
        page = await with_profile(
            self._open_profile,
            lambda profile: {
                "account": account_page(profile, now=profile.clock.now()),
                "profiles": profile_lines(profile),
            },
        )
        lines = await asyncio.get_running_loop().run_in_executor(
            self._reader.thread,
            lambda: self._reader.answer(lambda _snapshot, store: logbook_lines(store.summary())),
        )
        return HTMLResponse(self._writer.write(request, "account.html", page=page | {"logbook": lines}))

    async def show_logout(self, request: Request) -> Response:
        """What can be ended, to be chosen and confirmed."""
        return HTMLResponse(await self._logout_page(request))

    async def log_out(self, request: Request) -> Response:
        """End what was chosen; where Strava's end of it could not be checked, nothing is erased unless forced."""
        fields = form_fields(await read_body(request.receive))
        how, force = fields.get("how", ""), "force" in fields
        if how not in _WAYS:
            return HTMLResponse(await self._logout_page(request), status_code=400)
        running = self._tasks.running() if self._tasks is not None else None
        if running is not None:
            # A sync would go on writing what is to be erased.
            return trouble_page(self._writer, request, AnotherTaskRuns(running))
        try:
            ended = await with_profile(self._open_profile, lambda profile: self._end(profile, how, force=force))
        except PaceportError as error:
            return trouble_page(self._writer, request, error)
        if isinstance(ended, StillLoggedIn):
            return HTMLResponse(await self._logout_page(request, how=how, refused=ended), status_code=409)
        return HTMLResponse(self._writer.write(request, "logged_out.html", page=ended))

    def _end(self, profile: Profile, how: str, *, force: bool) -> LoggedOut | StillLoggedIn:
        if how == "here":
            forgotten = forget_logins(profile)
            who = [*forgotten.athletes, *(f"a damaged login ({name})" for name in forgotten.damaged)]
            return LoggedOut(said=f"The login of {' and '.join(who)} is gone from this machine.", is_connected=True)
        if how == "everything":
            left = self._reader.while_closed(lambda: erase_everything(profile))
            notes = tuple(f"Not erased, because it is yours: {path}" for path in left)
            said = "All logins, apps, choices and data from Strava's API are gone from this machine."
            return LoggedOut(said=said, notes=notes, is_connected=True)
        return self._revoke(profile, force=force)

    def _revoke(self, profile: Profile, *, force: bool) -> LoggedOut | StillLoggedIn:
        grant = profile.grant()
        try:
            ended = end_login(profile, grant, profile.app(), force=force, erase=self._erase_cache)
        except (NetworkError, AppInactive) as error:
            return StillLoggedIn(heading=error.what, notes=(f"{error.why}.", "Nothing was erased."))
        if not ended.revoked.is_erased:
            return StillLoggedIn(heading="You are still logged in here", notes=ended.revoked.notes)
        said, notes = f"{athlete_text(grant)} is logged out.", ended.revoked.notes
        if ended.not_erased is None:
            said += " What came from Strava's API is erased."
        else:
            notes = (*notes, not_erased_text(profile, ended.not_erased))
        return LoggedOut(said=said, notes=notes, is_connected=not ended.revoked.is_verified)

    def _erase_cache(self, folder: Path) -> None:
        self._reader.while_closed(lambda: erase_cache(folder))

    async def _logout_page(self, request: Request, *, how: str = "revoke", refused: StillLoggedIn | None = None) -> str:
        account = await with_profile(self._open_profile, lambda profile: account_page(profile, now=profile.clock.now()))
        page = {
            "account": account,
            "how": how,
            "heading": refused.heading if refused is not None else "",
            "notes": refused.notes if refused is not None else (),
            "may_force": refused is not None,
        }
        return self._writer.write(request, "logout.html", page=page)
