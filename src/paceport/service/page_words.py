"""What tables, replies and outcomes are called where an athlete reads of them."""

from __future__ import annotations

from datetime import datetime

_REPLIES = {"summary": "Activities", "detail": "Their details", "streams": "Their recordings, second by second"}
_TABLES = {
    "reply": "Copies of what Strava said of your activities",
    "own_file": "Your own files",
    "own_file_done": "Notes on how your files were read",
    "result": "Figures computed from your activities",
    "inbox": "Messages from Strava about you",
    "fetch": "Plans of what to fetch next",
    "token_use": "Notes on who used your login",
    "athlete": "Your membership here",
    "grant_record": "Your login",
    "grant_journal": "Notes on a renewal of your login",
    "rate_waiter": "Your place in the queue for Strava",
    "api_key": "Programs that were allowed to use your login",
}
_OUTCOMES = {"given": "Got access", "asked": "Asked, and the answer was not noted", "unavailable": "Not possible then"}


def reply_words(kind: str) -> str:
    """A kind of stored replies."""
    return _REPLIES.get(kind, kind)


def table_words(name: str) -> str:
    """A table that holds rows of athletes."""
    return _TABLES.get(name, name)


def outcome_words(outcome: str) -> str:
    """How a program's question for a token ended."""
    return _OUTCOMES.get(outcome, f"Refused: {outcome}")


def size_words(size: int) -> str:
    """Bytes as people count them."""
    return f"{size / 1e6:,.1f} MB" if size >= 1e5 else f"{max(1, round(size / 1e3))} kB"


def moment_words(moment: datetime) -> str:
    """A moment to the minute. `moment` is UTC."""
    return f"{moment.day} {moment:%b %Y, %H:%M} UTC"


def day_words(moment: datetime) -> str:
    """A moment to the day. `moment` is UTC."""
    return f"{moment.day} {moment:%b %Y}"
