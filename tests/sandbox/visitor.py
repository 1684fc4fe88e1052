"""What a person with a browser and a shell does at the sandbox, as a few plain calls."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from paceport.http_message import Request, Response, Send
from paceport.sandbox.state.world import World

FORM = {"content-type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True, kw_only=True)
class Visitor:
    """One athlete, one app, one world; `base` is where it answers."""

    world: World
    send: Send
    base: str = "http://sandbox"

    def asking(self, **changes: str | None) -> str:
        """The authorize URL, with parameters changed, added or (None) left out."""
        query: dict[str, str | None] = {
            "client_id": str(self.world.app.client_id),
            "redirect_uri": "http://localhost/exchange_token",
            "response_type": "code",
            "scope": "read,activity:read_all",
            **changes,
        }
        return f"{self.base}/oauth/authorize?" + urlencode({k: v for k, v in query.items() if v is not None})

    def get(self, url: str, **headers: str) -> Response:
        return self.send(Request(method="GET", url=url if "://" in url else self.base + url, headers=headers))

    def post(self, url: str, fields: object, **headers: str) -> Response:
        body = urlencode(fields, doseq=True).encode()  # type: ignore[arg-type]  # pairs or a mapping
        where = url if "://" in url else self.base + url
        return self.send(Request(method="POST", url=where, headers={**FORM, **headers}, body=body))

    def consent(self, *, decision: str = "authorize", granted: list[str] | None = None, **changes: str | None) -> str:
        """Answer the consent page; gives the address the browser is sent to."""
        fields: dict[str, object] = {"decision": decision}
        if granted is not None:
            fields |= {"boxes": "shown", "granted": granted}
        answer = self.post(self.asking(**changes), fields)
        assert answer.status == 302, answer.text()
        return answer.headers["location"]

    def code(self, *, granted: list[str] | None = None, **changes: str | None) -> str:
        where = self.consent(decision="authorize", granted=granted, **changes)
        return parse_qs(urlsplit(where).query)["code"][0]

    def ask_token(self, **fields: str | None) -> Response:
        """POST to the token endpoint with the right app, fields changed, added or (None) left out."""
        app = self.world.app
        given = {"client_id": str(app.client_id), "client_secret": app.client_secret, **fields}
        return self.post("/oauth/token", {k: v for k, v in given.items() if v is not None})

    def login(self, *, granted: list[str] | None = None, **changes: str | None) -> dict[str, Any]:
        """Consent and exchange; gives the token answer."""
        answer = self.ask_token(code=self.code(granted=granted, **changes), grant_type="authorization_code")
        assert answer.status == 200, answer.text()
        token: dict[str, Any] = read(answer)
        return token

    def refresh(self, refresh_token: str) -> Response:
        return self.ask_token(grant_type="refresh_token", refresh_token=refresh_token)

    def api(self, path: str, token: str) -> Response:
        return self.get(f"/api/v3{path}", authorization=f"Bearer {token}")

    def put(self, path: str, token: str, **fields: str) -> Response:
        """PUT a form to the API."""
        return self.send(
            Request(
                method="PUT",
                url=f"{self.base}/api/v3{path}",
                headers={**FORM, "authorization": f"Bearer {token}"},
                body=urlencode(fields).encode(),
            )
        )


def read(answer: Response) -> Any:  # noqa: ANN401  # JSON is what it is
    """The JSON of an answer."""
    return json.loads(answer.body)


def read_text(text: str) -> Any:  # noqa: ANN401  # JSON is what it is
    """The JSON of a text."""
    return json.loads(text)
