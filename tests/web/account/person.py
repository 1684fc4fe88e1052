"""Somebody with a browser that has been let in, who looks at pages and answers the consent page, without a browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import parse_qs, urlencode, urlsplit

from paceport.http_message import Request, Send
from paceport.oauth.token_store.base import Grant
from paceport.profile.profile import Profile
from paceport.sandbox.state.world import World, first_app
from web.serving import Answer, Served


@dataclass(slots=True, kw_only=True)
class Person:
    """Somebody with a browser that has been let in, who looks at pages and answers the consent page.

    `texts` are all answers so far, headers included.
    """

    server: Served
    world: World
    profile: Callable[[], Profile]
    send: Send
    texts: list[str] = field(default_factory=list)

    def read(self, path: str) -> Answer:
        """A page of ours."""
        return self._kept(self.server.read(path))

    def post(self, path: str, **fields: str) -> Answer:
        """A form of a page of ours."""
        return self._kept(self.server.post(path, fields))

    def set_up(self) -> Answer:
        """Type the app's id and secret."""
        app = first_app(self.world.seed)
        return self.post("/setup", client_id=str(app.client_id), client_secret=app.client_secret)

    def begin(self, **fields: str) -> str:
        """Choose scopes; gives the address of the consent page."""
        answer = self.post("/login", **(fields or {"scope:activity:read_all": "on", "scope:profile:read_all": "on"}))
        found = re.search(r'http-equiv="refresh" content="0;url=([^"]+)"', answer.text)
        assert found is not None, answer.text
        return unescape(found[1])

    def consent(self, url: str, *, scopes: str | None = None, decision: str = "authorize", athlete: int = 0) -> str:
        """Answer the consent page; gives the address that it sends the browser back to.

        `scopes` are the boxes that stay ticked, all by default; `athlete` says who is signed in there.
        """
        asked = parse_qs(urlsplit(url).query)["scope"][0].split(",")
        ticked = asked if scopes is None else scopes.split(",")
        who = str(self.world.people[athlete].id)
        form = [("athlete", who), ("decision", decision), ("boxes", "1"), *(("granted", one) for one in ticked)]
        headers = {"content-type": "application/x-www-form-urlencoded"}
        answer = self.send(Request(method="POST", url=url, headers=headers, body=urlencode(form).encode()))
        assert answer.status == 302, answer.text()
        return answer.headers["location"]

    def come_back(self, location: str) -> Answer:
        """Go where the consent page sends the browser: from another site, so without the cookie; then on."""
        assert location.startswith(self.server.origin)
        from_elsewhere = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
        first = self._kept(self.server.ask(location.removeprefix(self.server.origin), headers=from_elsewhere))
        if first.status != 303:
            return first
        return self._kept(self.server.ask(first.headers["location"], headers=from_elsewhere))

    def log_in(self, *, scopes: str | None = None) -> Answer:
        """The whole login; `scopes` are the boxes that stay ticked, all by default."""
        self.set_up()
        return self.come_back(self.consent(self.begin(), scopes=scopes))

    def grant(self) -> Grant | None:
        """The login that is stored."""
        with self.profile() as profile:
            return profile.find_grant()

    def _kept(self, answer: Answer) -> Answer:
        self.texts.append("\n".join([*(f"{name}: {value}" for name, value in answer.headers.items()), answer.text]))
        return answer
