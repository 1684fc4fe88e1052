"""A visitor of the simulated Strava who agrees to whatever is asked: for the demo, the sandbox and tests."""

from __future__ import annotations

from html.parser import HTMLParser
from urllib.parse import urlencode, urljoin

from paceport.http_message import Request, Response, Send


def consent_answer(send: Send, url: str) -> Response:
    """What the simulated service answers to a visitor who leaves every box ticked and presses the first button."""
    form = _Form()
    form.feed(send(Request(method="GET", url=url)).text())
    return send(
        Request(
            method="POST",
            url=urljoin(url, form.action),
            headers={"content-type": "application/x-www-form-urlencoded"},
            body=urlencode(form.fields).encode(),
        )
    )


class _Form(HTMLParser):
    """What a browser sends for the first form of a page when its first button is pressed."""

    def __init__(self) -> None:
        super().__init__()
        self.action = ""
        self.fields: list[tuple[str, str]] = []
        self._select = ""
        self._has_button = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        name, value = named.get("name", ""), named.get("value", "")
        if tag == "form":
            self.action = named.get("action", "")
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and "selected" in named:
            self.fields.append((self._select, value))
        elif tag == "input" and name:
            kind = named.get("type", "text")
            if kind not in {"checkbox", "radio", "submit"} or "checked" in named:
                self.fields.append((name, value or ("on" if kind == "checkbox" else "")))
        elif tag == "button" and name and not self._has_button:
            self._has_button = True
            self.fields.append((name, value))
