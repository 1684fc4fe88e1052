"""What Strava's API policy says of keeping API data, what Paceport does, and the question that is asked once."""

from __future__ import annotations

from dataclasses import replace

from paceport.cli.confirm import confirm
from paceport.cli.invocation import Invocation
from paceport.errors import UsageError
from paceport.profile.api_data import api_data_answer, remember_api_data
from paceport.profile.profile import Profile

POLICY = """\
Strava's API policy (in force since 1 June 2026) on data that comes from the API:
  - keep it for seven days at the most (6.2), follow deletions within 48 hours (6.3);
  - read literally, no database of it, no analysis across it, no stored positions (5.4, 5.5, 5.7), not even your own.
What Paceport does: one file on this machine, every row erased after seven days at the latest; deletions followed by
each daily sync; all of it erased by `revoke`, or at any time by `purge --all`; shown to you alone and sent nowhere.
Your own export (`paceport import`) and the files of your watch are outside that policy and stay forever.
You decide whether that is good enough for you. More, with every clause: docs/explanation/policy.md
"""


def check_allowed(invocation: Invocation, profile: Profile, *, answer: bool | None = None) -> None:
    """Return if API data may be kept. `answer` (from the command line) is remembered; else a person is asked once.

    The settings file wins over what was answered. Raises UsageError where it may not be kept, and where nobody can be
    asked: without a terminal nothing is assumed.
    """
    found = api_data_answer(profile)
    if found.by == "choice":
        if found.is_allowed is None and answer is None:
            invocation.output.say(POLICY)
            answer = _ask(invocation)
        if answer is not None and answer != found.is_allowed:
            remember_api_data(profile, answer)
            found = replace(found, is_allowed=answer)
    if not found.is_allowed:
        is_set = found.by == "settings"
        where = "config.toml" if is_set else "your answer"
        raise UsageError(
            what="API data may not be kept on this machine",
            why=f"api_data is off ({where}), so sync requests nothing",
            fix="paceport import export.zip needs no API; to allow it: "
            + ('set api_data = "on" in config.toml' if is_set else profile.command("sync --api-data on")),
        )


def _ask(invocation: Invocation) -> bool:
    if not invocation.stdin_is_terminal:
        raise UsageError(
            what="You have not said yet whether API data may be kept for up to seven days",
            why="without a terminal to ask on, the answer counts as no",
            fix='answer once: paceport sync --api-data on (or off), or set api_data = "on" in config.toml',
        )
    return confirm(invocation, "May sync keep API data on this machine for up to seven days?")
