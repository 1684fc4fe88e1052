"""What answers the pages of the app's set-up and of the login."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from paceport.errors import LoginTimeout, PaceportError, RedirectRefused
from paceport.oauth.login.code_exchange import check_can_save, exchange_and_save
from paceport.oauth.login.login_plan import LoginPlan, LoginResult
from paceport.oauth.protocol.redirect import Redirect
from paceport.profile.app_setup import has_login_of_other_app, set_up_app, store_app
from paceport.profile.login_plans import plan_login, plan_more_scopes
from paceport.profile.profile import Profile
from paceport.scopes import SCOPES, Scopes, parse_granted
from paceport.web.access import ANSWER_PATH
from paceport.web.account.account_page import login_page, setup_page
from paceport.web.account.pending_logins import LoginEnding, PendingLogin, PendingLogins, ReceivedAnswer
from paceport.web.account.with_profile import OpenProfile, trouble_page, with_profile
from paceport.web.form_post import form_fields, read_body

if TYPE_CHECKING:
    from paceport.web.page_writer import PageWriter

# Before the names of the boxes of a form, so that no scope can be taken for another field.
_SCOPE_FIELD = "scope:"
_TOO_OLD = LoginTimeout(
    what="No login waits for this answer",
    why="it is more than a quarter of an hour old, or Paceport was started anew since",
    fix="begin another login",
)


class LoginViews:
    """The set-up of the app and the login, for one running server."""

    def __init__(self, open_profile: OpenProfile, *, pending: PendingLogins, writer: PageWriter) -> None:
        self._open_profile, self._pending, self._writer = open_profile, pending, writer
        self._refused: PaceportError | None = None

    def routes(self) -> list[Route]:
        """Which address is answered by what."""
        reading = [
            Route("/setup", self.show_setup, methods=["GET"]),
            Route("/login", self.show_login, methods=["GET"]),
        ]
        if self._writer.is_read_only:
            return reading
        return [
            *reading,
            Route("/setup", self.set_up, methods=["POST"]),
            Route("/login", self.begin, methods=["POST"]),
            Route(ANSWER_PATH + "{name}", self.receive, methods=["GET"]),
            Route(ANSWER_PATH + "{name}/{ending}", self.show_ending, methods=["GET"]),
        ]

    async def show_setup(self, request: Request) -> Response:
        """The page that says how to get an app and asks for its id and secret."""
        page = await with_profile(self._open_profile, setup_page)
        return HTMLResponse(self._writer.write(request, "setup.html", page=page))

    async def set_up(self, request: Request) -> Response:
        """Check, try and store what was typed; a wrong id or secret is asked for again."""
        fields = form_fields(await read_body(request.receive))
        typed_id, secret = fields.get("client_id", ""), fields.get("client_secret", "")

        def store(profile: Profile) -> bool:
            app = set_up_app(profile, client_id=typed_id, client_secret=secret)
            return has_login_of_other_app(profile, app)

        try:
            is_other = await with_profile(self._open_profile, store)
        except PaceportError as error:
            wrong = error
        else:
            return RedirectResponse("/setup" if is_other else "/login", status_code=303)
        page = await with_profile(
            self._open_profile, lambda profile: setup_page(profile, typed_id=typed_id[:40], wrong=wrong)
        )
        return HTMLResponse(self._writer.write(request, "setup.html", page=page), status_code=409)

    async def show_login(self, request: Request) -> Response:
        """The page that asks what the login may do."""
        page = await with_profile(self._open_profile, lambda profile: login_page(profile, refused=self._refused))
        return HTMLResponse(self._writer.write(request, "login.html", page=page))

    async def begin(self, request: Request) -> Response:
        """Begin a login for the chosen scopes, or for `add` beside those that are granted; go to the consent page."""
        fields = form_fields(await read_body(request.receive))

        def prepare(profile: Profile) -> LoginPlan:
            plan = _plan(profile, fields)
            # Before a person is asked: is there room to keep the answer?
            check_can_save(plan.app, token_store=profile.token_store, clock=profile.clock)
            return plan

        try:
            plan = await with_profile(self._open_profile, prepare)
        except PaceportError as error:
            return trouble_page(self._writer, request, error)
        self._refused = None
        url = self._pending.begin(plan)
        return HTMLResponse(self._writer.write(request, "to_consent.html", page={"url": url, "asks": plan.app.origin}))

    async def receive(self, request: Request) -> Response:
        """Take the answer that the consent page sent the browser back with; nothing of it is ever shown."""
        login = self._pending.find(request.path_params["name"])
        if login is None:
            return trouble_page(self._writer, request, _TOO_OLD, status=410)
        try:
            received = self._pending.receive(login, request.url.query)
        except RedirectRefused as refused:
            return trouble_page(self._writer, request, refused, status=400)
        if received.is_first:
            # In a task of its own: a browser that goes away meanwhile does not end the exchange.
            asyncio.get_running_loop().run_in_executor(None, self._finish, login, received)
        ending = await asyncio.wrap_future(login.ending)
        # The address of the page that is shown, and kept in the browser's history, holds no code and no state.
        return RedirectResponse(f"{ANSWER_PATH}{login.name}/{ending}", status_code=303)

    async def show_ending(self, request: Request) -> Response:
        """How the login ended: a page with a link, for the browser proves itself to our pages alone."""
        login, ending = self._pending.find(request.path_params["name"]), request.path_params["ending"]
        if login is None or not login.ending.done() or login.ending.result() != ending:
            return trouble_page(self._writer, request, _TOO_OLD, status=410)
        return HTMLResponse(self._writer.write(request, "login_ended.html", page={"ending": ending}))

    def _finish(self, login: PendingLogin, received: ReceivedAnswer) -> None:
        """Exchange the code and save the login, on a thread; how it ends is noted, whatever happens."""
        ending: LoginEnding = "failed"
        try:
            outcome = received.outcome
            if isinstance(outcome, Redirect):
                result = self._exchange(outcome, login.plan)
                ending = "partly" if result.missing_scopes else "granted"
            else:
                self._refused = outcome
                ending = "failed" if isinstance(outcome, RedirectRefused) else "denied"
        except PaceportError as error:
            self._refused = error
        finally:
            login.ending.set_result(ending)

    def _exchange(self, redirect: Redirect, plan: LoginPlan) -> LoginResult:
        with self._open_profile() as profile:
            result = exchange_and_save(
                redirect, plan, token_store=profile.token_store, send=profile.send, clock=profile.clock
            )
            # A secret that came from the environment is needed by every refresh, also in other shells.
            with suppress(PaceportError):
                store_app(profile, plan.app)
        return result


def _plan(profile: Profile, fields: dict[str, str]) -> LoginPlan:
    if more := parse_granted(fields.get("add", "")):
        return plan_more_scopes(profile, Scopes(frozenset(word for word in more if word in SCOPES)))
    chosen = {word for word in SCOPES if f"{_SCOPE_FIELD}{word}" in fields}
    return plan_login(profile, profile.app(), Scopes(frozenset({"read", *chosen})))
