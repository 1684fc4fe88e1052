"""Units that let the system run a command by itself: systemd for Linux, launchd for macOS. Printed, never installed."""

from __future__ import annotations

import plistlib
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from paceport.cli.invocation import Invocation
from paceport.errors import UsageError
from paceport.storage.access import absolute
from paceport.text import clean, storable

Command = TypeVar("Command", bound=Callable[..., Any])

KINDS = ("systemd", "launchd")
# What a unit must hand on so that the same logbook and settings are used. No secret is among them.
_HANDED_ON = ("PACEPORT_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME")


def service_option(help_text: str) -> Callable[[Command], Command]:
    """The option `--service`, alone or with a kind. Its value is None where it was not given."""
    return click.option(
        "--service",
        is_flag=False,
        flag_value="default",
        type=click.Choice(("default", *KINDS)),
        metavar="[systemd|launchd]",
        help=help_text,
    )


def print_unit(
    invocation: Invocation, kind: str, *, command: str, words: Sequence[str], about: str, is_kept_running: bool
) -> None:
    """Print the unit that runs a command: results on stdout, what to do with them on stderr.

    `words` follow the program's name. With `is_kept_running` it starts with the login and again after a failure, else
    once a day.
    """
    profile = ["--profile", invocation.profile_argument] if invocation.profile_argument else []
    line = [*program(), *words, *profile]
    if kind == "default":
        kind = kind_of(sys.platform, line)
    environ = {name: invocation.environ[name] for name in _HANDED_ON if invocation.environ.get(name)}
    _refuse_unwritable([*line, *environ.values()])
    output = invocation.output
    if kind == "launchd":
        label = f"local.paceport.{command}"
        output.result(launchd_agent(line, environ, label=label, is_kept_running=is_kept_running).rstrip())
        output.say(f"Write it to ~/Library/LaunchAgents/{label}.plist, then: launchctl load -w that file")
        return
    name = f"paceport-{command}"
    output.result(f"# ~/.config/systemd/user/{name}.service")
    output.result(systemd_service(line, environ, about=about, is_kept_running=is_kept_running).rstrip())
    started = f"{name}.service"
    if not is_kept_running:
        started = f"{name}.timer"
        output.result(f"\n# ~/.config/systemd/user/{started}")
        output.result(systemd_timer(about=f"{about}, once a day").rstrip())
    output.say(f"Write it where its first line says, then: systemctl --user enable --now {started}")


def kind_of(platform: str, words: Sequence[str]) -> str:
    """The kind of unit that a platform takes. Raises UsageError for Windows, with what takes its place there."""
    if platform == "win32":
        from subprocess import list2cmdline

        raise UsageError(
            what="There is no unit for Windows",
            why="units are for systemd, on Linux, and for launchd, on macOS",
            fix=f"make a task in Windows' Task Scheduler that runs: {list2cmdline(words)}",
        )
    return "launchd" if platform == "darwin" else "systemd"


def _refuse_unwritable(words: Sequence[str]) -> None:
    """Raise UsageError for what no unit can hold: a folder's name may end its line and go on with a line of its own."""
    odd = next((word for word in words if clean(word) != word or storable(word) != word), None)
    if odd is not None:
        raise UsageError(
            what=f"{odd!r} cannot stand in a unit",
            why="it holds a line break, a control character or bytes that are no letters",
            fix="rename the folder, or name it by a link with a plain name",
        )


def program() -> list[str]:
    """The words that start this very installation of Paceport."""
    started = Path(sys.argv[0])
    if started.name == "paceport" and absolute(started).is_file():
        return [str(absolute(started))]
    found = shutil.which("paceport")
    return [found] if found else [sys.executable, "-m", "paceport"]


def systemd_service(words: Sequence[str], environ: Mapping[str, str], *, about: str, is_kept_running: bool) -> str:
    """A user service. One that is kept running is started again after a failure."""
    lines = ["[Unit]", f"Description={_plain(about)}"]
    lines += ["", "[Service]", f"Type={'simple' if is_kept_running else 'oneshot'}"]
    lines += [f"Environment={_quoted(f'{name}={value}')}" for name, value in environ.items()]
    lines.append("ExecStart=" + " ".join(_quoted(word).replace("$", "$$") for word in words))
    if is_kept_running:
        lines += ["Restart=on-failure", "RestartSec=30", "", "[Install]", "WantedBy=default.target"]
    return "\n".join(lines) + "\n"


def systemd_timer(*, about: str) -> str:
    """A timer for once a day; a day that the machine was off is made up for."""
    return (
        f"[Unit]\nDescription={_plain(about)}\n\n[Timer]\nOnCalendar=daily\nRandomizedDelaySec=1h\nPersistent=true\n\n"
        "[Install]\nWantedBy=timers.target\n"
    )


def launchd_agent(words: Sequence[str], environ: Mapping[str, str], *, label: str, is_kept_running: bool) -> str:
    """An agent of the user. One that is not kept running starts once a day, at 5:17 or when the machine wakes."""
    agent: dict[str, object] = {"Label": label, "ProgramArguments": list(words), "ProcessType": "Background"}
    if environ:
        agent["EnvironmentVariables"] = dict(environ)
    if is_kept_running:
        agent |= {"RunAtLoad": True, "KeepAlive": {"SuccessfulExit": False}, "ThrottleInterval": 30}
    else:
        agent["StartCalendarInterval"] = {"Hour": 5, "Minute": 17}
    return plistlib.dumps(agent).decode()


def _plain(text: str) -> str:
    """Text for a person, in which systemd finds no signs of its own."""
    return text.replace("%", "%%")


def _quoted(word: str) -> str:
    """A word in quotes as systemd reads it, with its own signs doubled."""
    text = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return f'"{text}"'
