"""Somebody who logs in: answers the consent page, and lets a browser follow or pastes what the address bar says."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from oauth.browser import follow
from sandbox.visitor import Visitor


@dataclass(kw_only=True)
class Person:
    """`granted` are the boxes left ticked (None: all). `before` runs with the redirect before the browser follows it.

    With `pastes`, no browser follows: each of them turns the redirect into a line that is typed at `terminal()`.
    """

    visitor: Visitor
    granted: list[str] | None = None
    decision: str = "authorize"
    before: list[Callable[[str], object]] = field(default_factory=list)
    pastes: list[Callable[[str], str]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    _keyboard: int | None = None
    _to_paste: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Everything the program said."""
        return "\n".join(self.said)

    def terminal(self) -> int:
        """What the program reads from."""
        read, self._keyboard = os.pipe()
        return read

    def hear(self, line: str) -> None:
        """Take a line of the program; answer the address in it, where there is a terminal to paste into."""
        self.said.append(line)
        found = re.search(r"https?://\S+/oauth/authorize\S+", line)
        if found and self._keyboard is not None and not self._to_paste:
            where = self.answer(found[0])
            self._to_paste = [paste(where) for paste in self.pastes]
            self._type()
        elif "To do:" in line:
            self._type()

    def _type(self) -> None:
        """Paste the next text, with the empty ones before it; after the last one the terminal is closed."""
        if self._keyboard is None:
            return
        while self._to_paste:
            text = self._to_paste.pop(0)
            os.write(self._keyboard, f"{text}\n".encode())
            if text:
                break
        if not self._to_paste:
            os.close(self._keyboard)
            self._keyboard = None

    def answer(self, url: str) -> str:
        """Decide on the consent page; gives the address the browser is sent to."""
        self.asked.append(url)
        query = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        return self.visitor.consent(decision=self.decision, granted=self.granted, **query)

    def browse(self, url: str) -> bool:
        """Be the browser of the login."""
        where = self.answer(url)
        threading.Thread(target=self._follow, args=(where,)).start()
        return True

    def _follow(self, where: str) -> None:
        for first in self.before:
            first(where)
        uri, _, query = where.partition("?")
        self.pages.append(follow(uri, query).body)


def code_of(where: str) -> str:
    """The bare code in a redirect."""
    return parse_qs(urlsplit(where).query)["code"][0]
