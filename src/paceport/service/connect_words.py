"""What an athlete is told when a login did not come to its end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from paceport.scopes import meaning

if TYPE_CHECKING:
    from paceport.service.connect import ConnectOutcome, EndedConnect

_AGAIN = ("/connect", "Start again")
_WORDS: dict[ConnectOutcome, tuple[str, str]] = {
    "stale": (
        "This address does not count any more",
        "It was used already, is older than ten minutes, or belongs to a login that was begun in another browser.",
    ),
    "denied": ("You did not give your permission", "Nothing is stored about you."),
    "refused": ("Strava's answer cannot be read", "Nothing is stored about you."),
    "full": (
        "All places are taken",
        "An app has few places until Strava reviews it. Your permission was given back; nothing is stored about you.",
    ),
    "failed": ("Strava could not be asked", "Nothing is lost: please start again in a minute."),
}


def words_of(ended: EndedConnect) -> dict[str, Any]:
    """Title, lines and link of the page."""
    if ended.outcome == "no activities":
        title = "No activities were allowed"
        lines = ["Without one of these this service can do nothing for you, so nothing is stored:"]
        lines += [f"{meaning(word)} ({word})" for word in ended.missing if word.startswith("activity:")]
        lines += ["Start again and leave the box ticked."]
        return {"title": title, "lines": lines, "link": _AGAIN}
    title, line = _WORDS[ended.outcome]
    return {"title": title, "lines": [line], "link": _AGAIN}
