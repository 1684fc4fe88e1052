"""Which program opens the consent page: the one the person named, Windows' own under WSL, else the system's."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from paceport.errors import StoreError
from paceport.oauth.login.environment import LoginEnvironment
from paceport.oauth.login.forwarding_page import write_forwarding_page
from paceport.storage.private_files import remove_private

# "<snap>_<program>.desktop" is how snap names the entry of a program.
_SNAP_ENTRY = re.compile(r"[a-z0-9-]+_[A-Za-z0-9.-]+\.desktop")
_USUAL_BROWSERS = ("x-www-browser", "firefox", "chromium", "chromium-browser")
_HEAD = 4096
_ASK_TIMEOUT_S = 3.0


@contextmanager
def consent_page_opener(
    open_browser: Callable[[str], bool], environment: LoginEnvironment, *, environ: Mapping[str, str], folder: Path
) -> Iterator[Callable[[str], bool]]:
    """A function that opens an address in the right browser, good inside the block.

    The address is kept out of the browser's arguments, which every user of the machine can read, by a private page in
    `folder` that forwards to it. A browser that cannot read such a file (Windows', a snap's, one on another machine) is
    given the address itself.
    """
    pages: list[Path] = []

    def open_address(url: str) -> bool:
        if environment.windows_opener:
            return _start([*environment.windows_opener, url])
        if environment.kind != "desktop" or not reads_private_files(environ):
            return open_browser(url)
        try:
            pages.append(write_forwarding_page(folder, url))
        except StoreError:
            return open_browser(url)
        return open_browser(pages[-1].as_uri())

    try:
        yield open_address
    finally:
        for page in pages:
            remove_private(page)


def reads_private_files(
    environ: Mapping[str, str],
    *,
    which: Callable[[str], str | None] = shutil.which,
    default_entry: Callable[[], str] | None = None,
) -> bool:
    """Whether the browser can read files of this program's folders; one that is packed as a snap cannot.

    `which` gives the path of a command or None, `default_entry` the name of the desktop's entry for its browser.
    """
    named = environ.get("BROWSER", "").split(os.pathsep)[0].split(" ")[0]
    if named:
        return not _is_snap(which(named))
    entry = (default_entry or _default_entry)()
    if entry:
        return _SNAP_ENTRY.fullmatch(entry) is None
    return not any(_is_snap(which(name)) for name in _USUAL_BROWSERS)


def _is_snap(path: str | None) -> bool:
    if path is None:
        return False
    real = os.path.realpath(path)
    if "/snap/" in real or real.endswith("/snap"):
        return True
    try:
        with Path(real).open("rb") as file:
            head = file.read(_HEAD)
    except OSError:
        return False
    # Ubuntu's /usr/bin/firefox is a script that starts the snap.
    return head.startswith(b"#!") and b"/snap/" in head


def _default_entry() -> str:
    program = shutil.which("xdg-settings")
    if program is None:
        return ""
    try:
        found = subprocess.run(  # noqa: S603  # a program of the desktop's, with fixed arguments
            [program, "get", "default-web-browser"], capture_output=True, text=True, timeout=_ASK_TIMEOUT_S, check=False
        )
    except (OSError, subprocess.SubprocessError, ValueError):
        return ""
    return found.stdout.strip()


def _start(words: list[str]) -> bool:
    """Start a program that opens an address and ends; whether it could be started."""
    try:
        subprocess.Popen(  # noqa: S603  # the opener of Windows, with the address as its only argument
            words,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError:
        return False
    return True
