"""Where this program runs: whether a browser here can reach the listener, and what to do where it cannot."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Literal

from paceport.lazy_dataclass import dataclass

EnvironmentKind = Literal["desktop", "ssh", "container", "wsl", "no-display", "text-browser"]

_TEXT_BROWSERS = frozenset({"lynx", "w3m", "links", "links2", "elinks"})
_PASTE = (
    "Open the address above in any browser, on any machine, and press Authorize.",
    "The browser then shows a page that cannot be reached. That is expected.",
    "Copy the whole address from the address bar, paste it here and press Enter.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginEnvironment:
    """What kind of place this is. `host` and `ssh_port` say how this machine was reached, where it was by SSH.

    `is_browser_named` says that BROWSER names a program: it is used everywhere, as editors and containers set it to one
    that opens the browser of the machine outside. `windows_opener` is the command that opens Windows' browser from
    WSL, empty elsewhere and where BROWSER names another.
    """

    kind: EnvironmentKind
    host: str = ""
    ssh_port: int = 22
    text_browser: str = ""
    is_browser_named: bool = False
    windows_opener: tuple[str, ...] = ()

    @property
    def opens_browser(self) -> bool:
        """Whether a browser opened from here would be seen by the person, and could reach the listener."""
        return self.kind == "desktop" or self.is_browser_named or bool(self.windows_opener)

    def advice(self, *, port: int, url: str) -> tuple[str, ...]:
        """Lines that say what to do where no browser was opened, the one to copy among them; none on a desktop."""
        if self.kind == "desktop":
            return ()
        if self.kind == "ssh":
            option = "" if self.ssh_port == 22 else f"-p {self.ssh_port} "
            return (
                "This is an SSH session, so no browser was opened here. Either forward the port, in a terminal on the",
                "machine in front of you, and then open the address above in its browser:",
                "",
                f"    ssh {option}-L {port}:127.0.0.1:{port} {self.host or 'HOST'}",
                "",
                "or do without a tunnel:",
                *_PASTE,
            )
        if self.kind == "wsl":
            return (
                "This is WSL, and no browser was opened here. In Windows, copy this line into PowerShell:",
                "",
                f'    Start-Process "{url}"',
                "",
                "If the browser shows a page that cannot be reached, copy its whole address and paste it here.",
            )
        return (_REASONS[self.kind].format(browser=self.text_browser), *_PASTE)


_REASONS = {
    "container": "This is a container, and no browser outside can reach its 127.0.0.1, so none is opened.",
    "no-display": "There is no display here, so no browser is opened.",
    "text-browser": "The browser here is {browser}, which cannot show Strava's page, so it is not opened.",
}


def detect_environment(
    environ: Mapping[str, str],
    *,
    platform: str = sys.platform,
    read: Callable[[str], str | None] | None = None,
    which: Callable[[str], str | None] | None = None,
) -> LoginEnvironment:
    """What kind of place this is, from the environment and a few well-known files.

    `read` gives a file's text or None, `which` the real path of a command or None; both ask this machine if left out.
    """
    read, which = read or _read, which or _which
    named = environ.get("BROWSER", "").split(os.pathsep)[0].split(" ")[0]
    if _program(named) in _TEXT_BROWSERS:
        return LoginEnvironment(kind="text-browser", text_browser=_program(named))
    is_named = bool(named)
    if any(environ.get(name) for name in ("SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY")):
        host, ssh_port = _ssh_host(environ)
        return LoginEnvironment(kind="ssh", host=host, ssh_port=ssh_port, is_browser_named=is_named)
    if _is_wsl(environ, platform, read):
        opener = () if is_named else _windows_opener(which)
        return LoginEnvironment(kind="wsl", is_browser_named=is_named, windows_opener=opener)
    if _is_container(environ, read):
        return LoginEnvironment(kind="container", is_browser_named=is_named)
    has_display = any(environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))
    if has_display or named or platform in {"darwin", "win32", "cygwin"}:
        return LoginEnvironment(kind="desktop")
    found = _program(which("www-browser") or "")
    if found in _TEXT_BROWSERS:
        return LoginEnvironment(kind="text-browser", text_browser=found)
    return LoginEnvironment(kind="no-display")


def _windows_opener(which: Callable[[str], str | None]) -> tuple[str, ...]:
    """The command that opens an address in Windows' own browser; empty where WSL is cut off from Windows."""
    wslview = which("wslview")
    if wslview:
        return (wslview,)
    # Where Windows' folders are not in PATH its program is looked for where it always lies.
    rundll = which("rundll32.exe") or which("/mnt/c/Windows/System32/rundll32.exe")
    # Unlike cmd.exe it takes an address with & and % as it is.
    return (rundll, "url.dll,FileProtocolHandler") if rundll else ()


def _ssh_host(environ: Mapping[str, str]) -> tuple[str, int]:
    # "client-address client-port server-address server-port": the last two are how the person's ssh came here.
    parts = environ.get("SSH_CONNECTION", "").split()
    if len(parts) != 4 or not parts[3].isdigit():
        return "", 22
    user = environ.get("USER") or environ.get("LOGNAME") or ""
    return (f"{user}@" if user else "") + parts[2], int(parts[3])


def _is_wsl(environ: Mapping[str, str], platform: str, read: Callable[[str], str | None]) -> bool:
    if environ.get("WSL_DISTRO_NAME") or environ.get("WSL_INTEROP"):
        return True
    return platform == "linux" and "microsoft" in (read("/proc/sys/kernel/osrelease") or "").casefold()


def _is_container(environ: Mapping[str, str], read: Callable[[str], str | None]) -> bool:
    if any(environ.get(name) for name in ("container", "KUBERNETES_SERVICE_HOST", "REMOTE_CONTAINERS", "CODESPACES")):
        return True
    return any(read(path) is not None for path in ("/.dockerenv", "/run/.containerenv"))


def _program(path: str) -> str:
    name = path.replace("\\", "/").rpartition("/")[2].casefold()
    return name.removesuffix(".exe")


def _read(path: str) -> str | None:
    try:
        return Path(path).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None


def _which(command: str) -> str | None:
    found = shutil.which(command)
    return os.path.realpath(found) if found else None
