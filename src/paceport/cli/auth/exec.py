"""`exec`: run any program with a live token in its environment."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping

import click

from paceport.cli.auth.token import live_token
from paceport.cli.completion import scope_words
from paceport.cli.invocation import Invocation, pass_invocation
from paceport.errors import UsageError
from paceport.profile.profile import LONGEST_MIN_TTL_S

NEVER_STARTED = 125
_SECRET_NAME = re.compile(
    r"(?:STRAVA|PACEPORT)_(?:\w+_)?(?:SECRET|REFRESH_TOKEN|ACCESS_TOKEN|PASSWORD)\w*", re.IGNORECASE
)


@click.command("exec", context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
@click.option(
    "--min-ttl", "min_ttl_s", type=float, metavar="SECONDS", help="Refresh unless the token stays valid this long."
)
@click.option(
    "--need", metavar="SCOPE", shell_complete=scope_words, help="Fail (exit 4) unless the login grants this scope."
)
@click.argument("command", nargs=-1, type=click.UNPROCESSED, metavar="-- CMD…")
@pass_invocation
def exec_command(invocation: Invocation, *, min_ttl_s: float | None, need: str | None, command: tuple[str, ...]) -> int:
    """Run CMD with STRAVA_ACCESS_TOKEN in its environment; the exit code is that of CMD, or 125 if CMD could not start.

    \b
        paceport exec -- python my_script.py

    CMD and whatever it starts can read the token, as can other programs of the same user. It gets no other secret:
    STRAVA_CLIENT_SECRET and whatever holds the client secret or the refresh token are taken out of its environment.
    """
    words = list(command[1:] if command[:1] == ("--",) else command)
    if not words:
        raise UsageError(what="No program was given", why="no command follows exec", fix="paceport exec -- CMD")
    token = live_token(invocation, min_ttl_s=min_ttl_s, need=need, default_s=LONGEST_MIN_TTL_S)
    environ = {**child_environ(invocation), "STRAVA_ACCESS_TOKEN": str(token)}
    return run_child(words, environ, invocation)


def child_environ(invocation: Invocation) -> dict[str, str]:
    """The environment without what is secret in it: by its name, or because it holds a stored secret."""
    profile = invocation.profile()
    app, grant = profile.find_app(), profile.find_grant()
    known = (app.client_secret if app else None, grant.refresh_token if grant else None, profile.settings.client_secret)
    secrets = {secret.reveal() for secret in known if secret}
    return {
        name: value
        for name, value in invocation.environ.items()
        if not _SECRET_NAME.fullmatch(name) and not any(secret in value for secret in secrets if len(secret) >= 8)
    }


def program_of(word: str, environ: Mapping[str, str], *, platform: str = sys.platform) -> str:
    """The program that a word names. Windows itself tries .exe alone, and there `npm` is npm.cmd: its shell knows."""
    return (shutil.which(word, path=environ.get("PATH")) or word) if platform == "win32" else word


def run_child(words: list[str], environ: dict[str, str], invocation: Invocation) -> int:
    """Become the child where the system can; else run it and give its code. 125 where it does not start."""
    invocation.output.flush()
    try:
        if os.name == "posix" and invocation.output.stdout is sys.stdout:
            # Becoming the child leaves signals, terminal and exit code to the system. The interpreter ignores two
            # signals, which a child would inherit: `yes | head` in it would then complain instead of ending.
            for name in ("SIGPIPE", "SIGXFSZ"):
                signal.signal(getattr(signal, name), signal.SIG_DFL)
            os.execvpe(words[0], words, environ)  # noqa: S606 - running what the user names is the command
        words = [program_of(words[0], environ), *words[1:]]
        return subprocess.run(words, env=environ, check=False).returncode  # noqa: S603 - as above
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        invocation.output.error(UsageError(what=f"{words[0]} did not start", why=reason, fix="check its name and PATH"))
        return NEVER_STARTED
