"""A real browser, and a command that runs while it is used."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, Page

from shell import Ended, Shell


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A fresh window of a phone's width, whose requests may go nowhere but to this machine."""
    context = chromium.new_context(viewport={"width": 390, "height": 844}, color_scheme="light")
    context.route(lambda url: not url.startswith(("http://127.0.0.1:", "file:")), lambda route: route.abort())
    yield context.new_page()
    context.close()


@dataclass(slots=True)
class Underway:
    """A command that runs in a thread until the browser lets it end."""

    shell: Shell
    addresses: queue.Queue[str] = field(default_factory=queue.Queue)
    _ended: list[Ended] = field(default_factory=list)
    _thread: threading.Thread | None = None

    def start(self, *words: str) -> str:
        """Start the command and give the address it opens in the browser."""
        self.shell.visit = self._visit
        self._thread = threading.Thread(target=lambda: self._ended.append(self.shell(*words)), daemon=True)
        self._thread.start()
        return self.addresses.get(timeout=60)

    def end(self) -> Ended:
        """How the command ended."""
        assert self._thread is not None
        self._thread.join(timeout=60)
        assert self._ended, "the command is still running"
        return self._ended[0]

    def _visit(self, url: str) -> bool:
        self.addresses.put(url)
        return True


@pytest.fixture
def underway(shell: Shell) -> Callable[[], Underway]:
    return lambda: Underway(shell)
