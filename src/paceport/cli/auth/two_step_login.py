"""A login in two steps: one prints the address to open, the other takes the address the browser ended on."""

from __future__ import annotations

import re
import select
from pathlib import Path

from paceport.cli.auth.browser_login import show_login_result
from paceport.cli.invocation import Invocation
from paceport.errors import AppMismatch, OriginMismatch, UsageError
from paceport.http_message import origin_of
from paceport.oauth.login.flow import finish_login, start_login
from paceport.oauth.login.login_plan import LoginPlan
from paceport.oauth.token_store.base import App
from paceport.profile.app_setup import store_app
from paceport.profile.profile import Profile

_LONGEST_PASTE = 100_000
# How long the next line of one paste may take to come.
_PASTE_PAUSE_S = 0.2
_STARTS = {"login": "login --start", "grant": "grant --start +SCOPE…"}


def refuse_both_steps(*, is_start: bool, is_finish: bool) -> None:
    """Raise UsageError for a call that asks for both steps at once."""
    if is_start and is_finish:
        raise UsageError(
            what="--start and --finish cannot be combined",
            why="--start prints the address; --finish takes the one that the browser ended on",
            fix="--start first, then --finish",
        )


def start_here(invocation: Invocation, profile: Profile, plan: LoginPlan, *, command: str) -> None:
    """The first step: print the address to open, and keep what its answer must match for the second step."""
    # The secret is needed by --finish, which may run in another shell.
    store_app(profile, plan.app)
    url = start_login(plan, pending_path=_pending_path(profile), clock=invocation.clock)
    invocation.output.say("Open this address in any browser, on any machine, and press Authorize:")
    invocation.output.verbatim(url)
    invocation.output.say("The browser then shows a page that cannot be reached. That is expected.")
    invocation.output.say(f"Within ten minutes, copy its whole address into: {profile.command(f'{command} --finish')}")


def finish_here(invocation: Invocation, profile: Profile, *, command: str) -> None:
    """The second step: read the address the browser ended on, exchange its code, and save the login."""
    if invocation.stdin_is_terminal:
        invocation.output.say("Paste the whole address the browser ended on, then press Enter:")
    # Never from the command line: the code in it would stand in the shell's history.
    text = _pasted_address(invocation)
    if not text.strip():
        raise UsageError(
            what="No address was given",
            why="--finish reads it from the prompt or from stdin",
            fix=f"{profile.command(f'{command} --finish')} < file, or paste it at the prompt",
        )

    def app(oauth_url: str, client_id: str) -> App:
        found = profile.token_store.app(oauth_url, client_id) or profile.app()
        # What is set up now may have changed since --start; the code goes to the server and app it was made for.
        if found.origin != origin_of(oauth_url):
            raise OriginMismatch(stored=origin_of(oauth_url), wanted=found.origin)
        if found.client_id != client_id:
            raise AppMismatch(stored=client_id, wanted=found.client_id)
        return found

    result = finish_login(
        text,
        app=app,
        pending_path=_pending_path(profile),
        start_again=profile.command(_STARTS[command]),
        token_store=profile.token_store,
        send=profile.send,
        clock=invocation.clock,
    )
    show_login_result(invocation, profile, result)


def _pasted_address(invocation: Invocation) -> str:
    """What was pasted, which a terminal or a mail may have wrapped over several lines.

    From a pipe or file all of it; at a prompt what is there until an empty line, the end, or a whole address.
    """
    if not invocation.stdin_is_terminal:
        # What stands behind an empty line is no part of the address.
        return re.split(r"\n\s*\n", invocation.stdin.read(_LONGEST_PASTE).strip(), maxsplit=1)[0]
    lines: list[str] = []
    while line := invocation.stdin.readline(_LONGEST_PASTE):
        lines.append(line)
        if not line.strip() or not _is_more_pasted(invocation):
            break
    return "".join(lines)


def _is_more_pasted(invocation: Invocation) -> bool:
    """Whether another line lies at the terminal already: what is pasted in one go comes in one go."""
    try:
        return bool(select.select([invocation.stdin.fileno()], [], [], _PASTE_PAUSE_S)[0])
    except (OSError, ValueError):
        return False  # no descriptor to ask, or Windows, where only sockets can be asked


def _pending_path(profile: Profile) -> Path:
    return profile.settings.directories.state / f"pending-{profile.name}.json"
